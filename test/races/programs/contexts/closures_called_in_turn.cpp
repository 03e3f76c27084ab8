// The closures of the vector are all called by one thread, in turn: no race.
#include <functional>
#include <thread>
#include <vector>

int main() {
  int shared = 0;
  std::vector<std::function<void()>> jobs;
  jobs.push_back([&shared] { shared += 1; });
  jobs.push_back([&shared] { shared += 2; });
  std::thread thread([&jobs] {
    for (auto &job : jobs)
      job();
  });
  thread.join();
  return shared == 3 ? 0 : 1;
}
