// push_back writes the vector that size() reads.
#include <thread>
#include <vector>

int main() {
  std::vector<int> values;
  std::thread thread([&values] {
    for (int i = 0; i < 10; ++i)
      values.push_back(i); // RACE(values)
  });
  bool some = values.size() > 5; // RACE(values)
  thread.join();
  return some && values.empty();
}
