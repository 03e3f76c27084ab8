// Tasks of a queue with one worker run one after the other, and main waits before it reads: no race.
#include <deque>
#include <functional>
#include <mutex>
#include <thread>

class Serial {
public:
  void submit(std::function<void()> task) {
    std::lock_guard<std::mutex> lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  void start() {
    worker_ = std::thread([this] { work(); });
  }
  void finish() { worker_.join(); }

private:
  void work() {
    for (;;) {
      std::function<void()> task;
      {
        std::lock_guard<std::mutex> lock(mutex_);
        if (tasks_.empty())
          return;
        task = std::move(tasks_.front());
        tasks_.pop_front();
      }
      task();
    }
  }
  std::mutex mutex_;
  std::deque<std::function<void()>> tasks_;
  std::thread worker_;
};

int main() {
  Serial serial;
  int sum = 0;
  serial.submit([&sum] { sum += 1; });
  serial.submit([&sum] { sum *= 2; });
  serial.start();
  serial.finish();
  return sum == 2 ? 0 : 1;
}
