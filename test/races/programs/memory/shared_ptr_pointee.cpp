// Each thread has its own shared_ptr, but they point to one object.
#include <memory>
#include <thread>

int main() {
  auto count = std::make_shared<int>(0);
  std::thread thread([count] {
    *count += 1; // RACE(pointee)
  });
  *count += 1; // RACE(pointee)
  thread.join();
  return *count > 2;
}
