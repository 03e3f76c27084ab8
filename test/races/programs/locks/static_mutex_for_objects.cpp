// One static mutex guards the fields of all objects: no race.
#include <mutex>
#include <thread>

class Session {
public:
  void open() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++opened_;
  }
  int opened() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return opened_;
  }

private:
  static inline std::mutex mutex_;
  int opened_ = 0;
};

int main() {
  Session session;
  std::thread a([&session] { session.open(); });
  int seen = session.opened();
  a.join();
  return seen > 1;
}
