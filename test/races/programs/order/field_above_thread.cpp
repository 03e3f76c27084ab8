// The thread is the last member: all others are initialised before it starts. No race.
#include <thread>

class Ticker {
public:
  Ticker() : thread_([this] { tick(); }) {}
  ~Ticker() { thread_.join(); }

private:
  void tick() { count_++; }
  int count_ = 0;
  std::thread thread_;
};

int main() {
  Ticker ticker;
  return 0;
}
