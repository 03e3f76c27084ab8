// request_stop, then join, then the read: no race.
#include <thread>

static long ticks;

int main() {
  std::jthread ticker([](std::stop_token stop) {
    do
      ticks++;
    while (!stop.stop_requested());
  });
  ticker.request_stop();
  ticker.join();
  return ticks > 0 ? 0 : 1;
}
