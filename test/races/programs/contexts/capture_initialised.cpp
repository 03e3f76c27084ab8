// `copy = total` makes the closure's own variable, `where = &log` shares one.
#include <thread>

int main() {
  int total = 3, log = 0;
  std::thread thread([copy = total, where = &log]() mutable {
    copy *= 2;
    *where = copy; // RACE(log)
  });
  total = 4;
  log = 1; // RACE(log)
  thread.join();
  return total - 4 + (log > 6);
}
