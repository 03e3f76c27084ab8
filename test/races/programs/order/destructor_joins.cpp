// The destructor joins; the variable is read after the object's scope ended: no race.
#include <thread>

static int beats;

struct Heart {
  Heart() : thread([] { beats++; }) {}
  ~Heart() { thread.join(); }
  std::thread thread;
};

int main() {
  {
    Heart heart;
  }
  beats++;
  return beats == 2 ? 0 : 1;
}
