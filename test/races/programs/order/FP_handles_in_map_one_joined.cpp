// Only the thread of one key is joined before the other one's result is read.
#include <map>
#include <string>
#include <thread>

int main() {
  int red = 0, blue = 0;
  std::map<std::string, std::thread> threads;
  threads["red"] = std::thread([&red] {
    red = 1; // RACE(red)
  });
  threads["blue"] = std::thread([&blue] { blue = 2; });
  threads["blue"].join();
  int sum = red + blue; // RACE(red)
  threads["red"].join();
  return sum > 3;
}
