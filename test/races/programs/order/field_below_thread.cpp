// Members are initialised in the order of their declarations: the counter's initialiser runs when the thread already counts.
#include <thread>

class Ticker {
public:
  Ticker() : thread_([this] { tick(); }) {}
  ~Ticker() { thread_.join(); }

private:
  void tick() {
    count_++; // RACE(count)
  }
  std::thread thread_;
  int count_ = 0; // RACE(count)
};

int main() {
  Ticker ticker;
  return 0;
}
