// Tasks of a pool with two workers: two tasks may run at once.
#include <chrono>
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

class Pool {
public:
  void submit(std::function<void()> task) {
    std::lock_guard<std::mutex> lock(mutex_);
    tasks_.push_back(std::move(task));
  }
  void run(int workers) {
    std::vector<std::thread> threads;
    for (int i = 0; i < workers; ++i)
      threads.emplace_back([this] { work(); });
    for (auto &thread : threads)
      thread.join();
  }

private:
  void work() {
    for (;;) {
      std::function<void()> task;
      {
        std::lock_guard<std::mutex> lock(mutex_);
        if (tasks_.empty())
          return;
        task = std::move(tasks_.back());
        tasks_.pop_back();
      }
      task();
    }
  }
  std::mutex mutex_;
  std::vector<std::function<void()>> tasks_;
};

int main() {
  Pool pool;
  int sum = 0;
  for (int i = 0; i < 20; ++i)
    pool.submit([&sum] {
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
      sum += 1; // RACE(sum)
      std::this_thread::sleep_for(std::chrono::milliseconds(1));
    });
  pool.run(2);
  return sum > 20;
}
