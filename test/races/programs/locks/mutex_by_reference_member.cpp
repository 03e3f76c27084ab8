// Two objects have a reference to one mutex and to one counter: no race.
#include <mutex>
#include <thread>

struct Worker {
  std::mutex &mutex;
  int &count;
  void run() {
    std::lock_guard<std::mutex> lock(mutex);
    ++count;
  }
};

int main() {
  std::mutex mutex;
  int count = 0;
  Worker first{mutex, count}, second{mutex, count};
  std::thread a(&Worker::run, &first), b(&Worker::run, &second);
  a.join();
  b.join();
  return count == 2 ? 0 : 1;
}
