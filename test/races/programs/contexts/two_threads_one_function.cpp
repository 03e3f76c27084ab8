// The same function in two threads races with itself.
#include <thread>

static int count;

static void work() {
  for (int i = 0; i < 10; ++i)
    ++count; // RACE(count)
}

int main() {
  std::thread first(work), second(work);
  first.join();
  second.join();
  return count > 20;
}
