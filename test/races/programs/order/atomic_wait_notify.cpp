// atomic::wait returns when the value has changed, and acquires it: no race.
#include <atomic>
#include <thread>

static int payload;
static std::atomic<int> stage{0};

int main() {
  std::thread worker([] {
    payload = 8;
    stage.store(1);
    stage.notify_one();
  });
  stage.wait(0);
  int got = payload;
  worker.join();
  return got == 8 ? 0 : 1;
}
