// [&] takes the loop's own counter by reference as well, which the loop counts on.
#include <thread>
#include <vector>

static int fill(std::vector<int> &slots) {
  std::vector<std::thread> threads;
  unsigned seen = 0;
  for (unsigned part = 0; part < 1; ++part) // RACE(part)
    threads.emplace_back([&] {
      if (part < 4) // RACE(part)
        seen = 1;
    });
  for (auto &thread : threads)
    thread.join();
  return static_cast<int>(slots.size() + seen);
}

int main() {
  std::vector<int> slots(4);
  return fill(slots) > 5;
}
