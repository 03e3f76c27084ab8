// The submitter goes on changing what its task reads.
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

class Pool {
public:
  ~Pool() {
    for (auto &thread : threads_)
      thread.join();
  }
  void submit(std::function<void()> task) {
    std::lock_guard<std::mutex> lock(mutex_);
    threads_.emplace_back(std::move(task));
  }

private:
  std::mutex mutex_;
  std::vector<std::thread> threads_;
};

int main() {
  int order = 1, seen = 0;
  {
    Pool pool;
    pool.submit([&] {
      seen = order; // RACE(order)
    });
    order = 2; // RACE(order)
  }
  return seen > 2;
}
