// The atomic field is also touched under the mutex, by habit; without it that is no race.
#include <atomic>
#include <mutex>

class Gate {
public:
  void open() {
    std::lock_guard<std::mutex> lock(mutex_);
    open_ = true;
    ++changes_;
  }
  void close() {
    std::lock_guard<std::mutex> lock(mutex_);
    open_ = false;
    ++changes_;
  }
  bool is_open() const { return open_; }

private:
  std::mutex mutex_;
  std::atomic<bool> open_{false};
  int changes_ = 0;
};

bool use(Gate &gate);
bool use(Gate &gate) {
  gate.open();
  gate.close();
  return gate.is_open();
}
