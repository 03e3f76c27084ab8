// The handles are values of a map; all are joined by a loop over it: no race.
#include <map>
#include <string>
#include <thread>

int main() {
  int red = 0, blue = 0;
  std::map<std::string, std::thread> threads;
  threads.emplace("red", [&red] { red = 1; });
  threads["blue"] = std::thread([&blue] { blue = 2; });
  for (auto &[name, thread] : threads)
    if (thread.joinable())
      thread.join();
  return red + blue == 3 ? 0 : 1;
}
