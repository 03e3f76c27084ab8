// A worker polled in a job, and then has nothing to do for a quarter of a second: nothing stands still.
// builds: clang-O0 gcc-O2
// stall: 100ms
// verdict: none
#include <condition_variable>
#include <deque>
#include <functional>
#include <mutex>
#include <poll.h>
#include <thread>
#include <unistd.h>

class worker {
public:
  void post(std::function<void()> job) {
    std::lock_guard guard(mutex_);
    jobs_.push_back(std::move(job));
    changed_.notify_one();
  }
  void run() {
    while (auto job = take())
      job();
  }

private:
  std::function<void()> take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !jobs_.empty(); });
    auto job = std::move(jobs_.front());
    jobs_.pop_front();
    return job;
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> jobs_;
};

static void probe(int descriptor) {
  int silent = 0;
  for (int i = 0; i < 5; ++i) {
    pollfd wanted{descriptor, POLLIN, 0};
    silent += poll(&wanted, 1, 1) == 0;
  }
  if (silent != 5)
    _exit(1);
}

int main() {
  int ends[2];
  if (pipe(ends) != 0)
    return 1;
  worker jobs;
  std::thread thread([&] { jobs.run(); });
  jobs.post([&] { probe(ends[0]); });
  usleep(250'000);
  jobs.post([&] { usleep(120'000); });
  jobs.post(nullptr);
  thread.join();
}
