// main asks the loop's thread, which answers by a promise: no race.
#include <condition_variable>
#include <functional>
#include <future>
#include <mutex>
#include <thread>
#include <vector>

static std::mutex mutex;
static std::condition_variable wake;
static std::vector<std::function<void()>> jobs;
static bool quit;
static int state;

static void post(std::function<void()> job) {
  std::lock_guard<std::mutex> lock(mutex);
  jobs.push_back(std::move(job));
  wake.notify_one();
}

static void run() {
  while (!quit) {
    std::vector<std::function<void()>> mine;
    {
      std::unique_lock<std::mutex> lock(mutex);
      wake.wait(lock, [] { return !jobs.empty(); });
      mine.swap(jobs);
    }
    for (auto &job : mine)
      job();
  }
}

int main() {
  std::thread loop(run);
  post([] { state += 2; });
  std::promise<int> answer;
  post([&answer] { answer.set_value(state); });
  int seen = answer.get_future().get();
  post([] { quit = true; });
  loop.join();
  return seen == 2 ? 0 : 1;
}
