// operator[] of a map counts as a modification by the library's rules, even of existing keys ([container.requirements]).
// tsan: silent
// tsan-why: this library's operator[] writes nothing when it finds the key
#include <map>
#include <thread>

int main() {
  std::map<int, int> ages = {{1, 10}, {2, 20}};
  std::thread thread([&ages] {
    ages[1]++; // RACE(ages)
  });
  ages[2]++; // RACE(ages)
  thread.join();
  return ages.size() != 2;
}
