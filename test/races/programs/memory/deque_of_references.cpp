// Elements of a deque stay where they are on push_back, but the deque itself changes: indexing it meanwhile races.
// tsan: silent
// tsan-why: this library's operator[] reads the begin only, and push_back writes the end
#include <deque>
#include <thread>

int main() {
  std::deque<int> values = {1, 2, 3};
  int seen = 0;
  std::thread thread([&values, &seen] {
    seen = values[1]; // RACE(values)
  });
  for (int i = 0; i < 3; ++i)
    values.push_back(i); // RACE(values)
  thread.join();
  return seen > 2;
}
