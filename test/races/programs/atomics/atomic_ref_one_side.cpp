// One thread goes through atomic_ref, main adds plainly.
#include <atomic>
#include <thread>

int main() {
  int count = 0;
  std::thread thread([&count] {
    std::atomic_ref<int>(count).fetch_add(1); // RACE(count)
  });
  ++count; // RACE(count)
  thread.join();
  return count > 2;
}
