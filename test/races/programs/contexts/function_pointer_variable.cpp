// The thread's function is chosen through a variable.
#include <thread>

static int red, blue;

static void use_red() {
  ++red; // RACE(red)
}
static void use_blue() { ++blue; }

int main(int argc, char **) {
  void (*run)() = argc > 5 ? use_blue : use_red;
  std::thread thread(run);
  red = 3; // RACE(red)
  thread.join();
  return blue;
}
