// The progress goes to a callback, which runs in the worker's thread and locks the text that main shows: no race.
#include <functional>
#include <mutex>
#include <string>
#include <thread>

static void work(const std::function<void(int)> &report) {
  for (int step = 1; step <= 4; ++step)
    report(step * 25);
}

int main() {
  std::mutex mutex;
  std::string shown;
  auto report = [&](int percent) {
    std::lock_guard<std::mutex> lock(mutex);
    shown = std::to_string(percent);
  };
  std::thread worker(work, report);
  std::string copy;
  {
    std::lock_guard<std::mutex> lock(mutex);
    copy = shown;
  }
  worker.join();
  return shown == "100" && copy.size() < 4 ? 0 : 1;
}
