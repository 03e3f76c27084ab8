// A packaged_task moved into a thread; the future's get() orders its effects before the read: no race.
#include <future>
#include <thread>

static int total;

int main() {
  std::packaged_task<int(int)> task([](int n) {
    total += n;
    return n;
  });
  std::future<int> done = task.get_future();
  std::thread runner(std::move(task), 8);
  int n = done.get();
  bool right = total == n;
  runner.join();
  return right ? 0 : 1;
}
