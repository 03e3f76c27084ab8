// request_stop only asks; the read that follows it does not wait for the end.
#include <thread>

static long ticks;

int main() {
  long seen = 0;
  {
    std::jthread ticker([](std::stop_token stop) {
      do
        ticks++; // RACE(ticks)
      while (!stop.stop_requested());
    });
    ticker.request_stop();
    seen = ticks; // RACE(ticks)
  }
  return seen < 0;
}
