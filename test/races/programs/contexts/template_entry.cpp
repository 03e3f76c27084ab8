// A function template is the thread's entry; its two instances write one counter.
#include <thread>

static int count;

template <class T> void work(T n) {
  count += static_cast<int>(n); // RACE(count)
}

int main() {
  std::thread a(work<int>, 1);
  std::thread b([] { work(2.5); });
  a.join();
  b.join();
  return count > 3;
}
