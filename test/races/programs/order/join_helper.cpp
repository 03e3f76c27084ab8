// A helper joins the thread that it is given by reference: no race.
#include <thread>

static int state;

static void finish(std::thread &thread) {
  if (thread.joinable())
    thread.join();
}

int main() {
  std::thread worker([] { state = 1; });
  finish(worker);
  state++;
  return state == 2 ? 0 : 1;
}
