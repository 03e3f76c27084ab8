// The class has two mutexes; one method takes the one that belongs to the other field.
#include <mutex>

class Link {
public:
  void sent(int n) {
    std::lock_guard<std::mutex> lock(out_mutex_);
    out_ += n; // RACE(out)
  }
  int out() {
    std::lock_guard<std::mutex> lock(out_mutex_);
    return out_; // RACE(out)
  }
  void received(int n) {
    std::lock_guard<std::mutex> lock(in_mutex_);
    in_ += n;
  }
  int in() {
    std::lock_guard<std::mutex> lock(in_mutex_);
    return in_;
  }
  void clear_out() {
    std::lock_guard<std::mutex> lock(in_mutex_);
    out_ = 0; // RACE(out)
  }

private:
  std::mutex in_mutex_, out_mutex_;
  int in_ = 0, out_ = 0;
};

int use(Link &link);
int use(Link &link) {
  link.sent(1);
  link.received(2);
  link.clear_out();
  return link.in() + link.out();
}
