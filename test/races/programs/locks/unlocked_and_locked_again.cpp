// The lock is given up for the slow part, which touches only locals, and taken again before the write: no race.
#include <mutex>
#include <thread>

static std::mutex mutex;
static int input = 3, output;

static int slow(int n) {
  int result = 0;
  for (int i = 0; i < n; ++i)
    result += i;
  return result;
}

static void step() {
  std::unique_lock<std::mutex> lock(mutex);
  int mine = input++;
  lock.unlock();
  int result = slow(mine);
  lock.lock();
  output += result;
}

int main() {
  std::thread a(step), b(step);
  a.join();
  b.join();
  return output == 9 ? 0 : 1;
}
