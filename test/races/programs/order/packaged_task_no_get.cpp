// The packaged_task runs in a thread, and its future is asked only after the access.
#include <future>
#include <thread>

static int total;

int main() {
  std::packaged_task<int(int)> task([](int n) {
    total += n; // RACE(total)
    return n;
  });
  std::future<int> done = task.get_future();
  std::thread runner(std::move(task), 8);
  total++; // RACE(total)
  int n = done.get();
  runner.join();
  return n - 8;
}
