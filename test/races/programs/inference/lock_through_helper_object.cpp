// Every method locks through a helper that returns the guard; only touch() lets it go too early.
#include <mutex>

class Clock {
public:
  void set(int now) {
    auto lock = hold();
    now_ = now; // RACE(now)
  }
  void tick() {
    auto lock = hold();
    ++now_; // RACE(now)
  }
  int now() {
    auto lock = hold();
    return now_; // RACE(now)
  }
  void touch() {
    {
      auto lock = hold();
    }
    ++now_; // RACE(now)
  }

private:
  std::unique_lock<std::mutex> hold() { return std::unique_lock<std::mutex>(mutex_); }
  std::mutex mutex_;
  int now_ = 0;
};

int use(Clock &clock);
int use(Clock &clock) {
  clock.set(1);
  clock.tick();
  clock.touch();
  return clock.now();
}
