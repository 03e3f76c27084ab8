// Each of the two fields has its mutex, and every method takes the right one: no race.
#include <mutex>

class Link {
public:
  void sent(int n) {
    std::lock_guard<std::mutex> lock(out_mutex_);
    out_ += n;
  }
  int out() {
    std::lock_guard<std::mutex> lock(out_mutex_);
    return out_;
  }
  void received(int n) {
    std::lock_guard<std::mutex> lock(in_mutex_);
    in_ += n;
  }
  int both() {
    std::scoped_lock lock(in_mutex_, out_mutex_);
    return in_ + out_;
  }

private:
  std::mutex in_mutex_, out_mutex_;
  int in_ = 0, out_ = 0;
};

int use(Link &link);
int use(Link &link) {
  link.sent(1);
  link.received(2);
  return link.both() + link.out();
}
