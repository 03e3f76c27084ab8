// The callable goes through a std::function before a thread runs it.
#include <functional>
#include <thread>

static int count;

static std::thread start(std::function<void()> job) { return std::thread(std::move(job)); }

int main() {
  std::function<void()> job = [] {
    ++count; // RACE(count)
  };
  std::thread first = start(job), second = start(job);
  first.join();
  second.join();
  return count > 2;
}
