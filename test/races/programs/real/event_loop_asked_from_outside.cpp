// The state belongs to the loop's thread, but main asks for it directly.
#include <chrono>
#include <condition_variable>
#include <functional>
#include <mutex>
#include <thread>
#include <utility>
#include <vector>

class Loop {
public:
  Loop() : thread_([this] { run(); }) {}
  ~Loop() {
    post([this] { quit_ = true; });
    thread_.join();
  }
  void post(std::function<void()> job) {
    std::lock_guard<std::mutex> lock(mutex_);
    jobs_.push_back(std::move(job));
    wake_.notify_one();
  }

private:
  void run() {
    while (!quit_) {
      std::vector<std::function<void()>> jobs;
      {
        std::unique_lock<std::mutex> lock(mutex_);
        wake_.wait(lock, [this] { return !jobs_.empty(); });
        jobs.swap(jobs_);
      }
      for (auto &job : jobs)
        job();
    }
  }
  std::mutex mutex_;
  std::condition_variable wake_;
  std::vector<std::function<void()>> jobs_;
  bool quit_ = false;
  std::thread thread_;
};

int main() {
  int state = 0, seen = 0;
  {
    Loop loop;
    loop.post([&state] {
      state += 1; // RACE(state)
    });
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    seen = state; // RACE(state)
  }
  return seen > 1;
}
