// reset() ends the value that the other thread reads.
#include <optional>
#include <thread>

int main() {
  std::optional<int> limit = 4;
  int seen = 0;
  std::thread thread([&limit, &seen] {
    seen = limit.value_or(0); // RACE(limit)
  });
  limit.reset(); // RACE(limit)
  thread.join();
  return seen > 4;
}
