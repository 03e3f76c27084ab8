// The destructor joins, but the access is still inside the object's scope.
#include <thread>

static int beats;

struct Heart {
  Heart()
      : thread([] {
          beats++; // RACE(beats)
        }) {}
  ~Heart() { thread.join(); }
  std::thread thread;
};

int main() {
  Heart heart;
  beats++; // RACE(beats)
  return 0;
}
