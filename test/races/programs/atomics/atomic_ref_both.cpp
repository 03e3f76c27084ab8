// Both threads go through atomic_ref while they run at once: no race on the plain int.
#include <atomic>
#include <thread>

int main() {
  int count = 0;
  auto add = [&count] { std::atomic_ref<int>(count).fetch_add(1); };
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count == 2 ? 0 : 1;
}
