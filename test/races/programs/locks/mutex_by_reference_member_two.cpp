// Two objects have references to one counter, but to two mutexes.
#include <mutex>
#include <thread>

struct Worker {
  std::mutex &mutex;
  int &count;
  void run() {
    std::lock_guard<std::mutex> lock(mutex);
    ++count; // RACE(count)
  }
};

int main() {
  std::mutex one, two;
  int count = 0;
  Worker first{one, count}, second{two, count};
  std::thread a(&Worker::run, &first), b(&Worker::run, &second);
  a.join();
  b.join();
  return count > 2;
}
