// Two closures are kept in a vector, and a thread is started for each; they share one captured variable.
#include <functional>
#include <thread>
#include <vector>

int main() {
  int shared = 0, mine = 0;
  std::vector<std::function<void()>> jobs;
  jobs.push_back([&shared] {
    shared += 1; // RACE(shared)
  });
  jobs.push_back([&shared, &mine] {
    mine = 1;
    shared += 2; // RACE(shared)
  });
  std::vector<std::thread> threads;
  for (auto &job : jobs)
    threads.emplace_back(job);
  for (auto &thread : threads)
    thread.join();
  return shared + mine > 4;
}
