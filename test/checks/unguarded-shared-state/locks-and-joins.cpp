// The bad case, the fixed cases and the near misses in one program; test/races/programs has the many.
// RUN: %verify %s --checks unguarded-shared-state
#include <mutex>
#include <thread>

struct Counter {
  void up() {
    std::lock_guard<std::mutex> lock(mutex);
    ++count;
  }
  std::mutex mutex;
  int count = 0;
};

int bare, joined, guarded;
std::mutex guarded_mutex;

void guard() {
  std::lock_guard<std::mutex> lock(guarded_mutex);
  guarded++;
}

int main() {
  Counter mine, lent;
  joined = 1; // no thread yet
  std::thread thread([&lent] {
    bare++;
    joined++;
    guard();
    lent.up();
  });
  bare++; // finding: unguarded-shared-state certain
  guard();
  mine.count++; // no other thread has this one
  lent.up();
  thread.join();
  joined++; // the thread has ended
  return lent.count + mine.count + guarded;
}
