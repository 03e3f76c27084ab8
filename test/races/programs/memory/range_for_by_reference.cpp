// The range-for's reference writes the elements that main reads.
#include <array>
#include <thread>

int main() {
  std::array<int, 3> values = {1, 2, 3};
  std::thread thread([&values] {
    for (int &value : values)
      value *= 2; // RACE(values)
  });
  int seen = values[1]; // RACE(values)
  thread.join();
  return seen > 4;
}
