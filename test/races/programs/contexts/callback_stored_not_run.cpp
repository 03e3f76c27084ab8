// The callback is stored and run by main itself; the thread of the class does something else. No race.
#include <functional>
#include <thread>
#include <utility>

class Timer {
public:
  void on_tick(std::function<void()> callback) { callback_ = std::move(callback); }
  void start() {
    thread_ = std::thread([this] { beats_++; });
  }
  void fire() { callback_(); }
  void stop() { thread_.join(); }

private:
  std::function<void()> callback_;
  int beats_ = 0;
  std::thread thread_;
};

int main() {
  int ticks = 0;
  Timer timer;
  timer.on_tick([&ticks] { ++ticks; });
  timer.start();
  timer.fire();
  int seen = ticks;
  timer.stop();
  return seen == 1 ? 0 : 1;
}
