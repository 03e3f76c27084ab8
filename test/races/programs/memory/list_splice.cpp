// Two lists, each with its own thread, but the one thread moves nodes out of the other's list.
#include <list>
#include <thread>

int main() {
  std::list<int> mine = {1}, yours = {2, 3};
  std::thread thread([&yours] {
    yours.push_back(4); // RACE(yours)
  });
  mine.splice(mine.end(), yours); // RACE(yours)
  thread.join();
  return mine.empty();
}
