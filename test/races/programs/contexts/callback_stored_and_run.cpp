// The callback is stored in a field, and a thread runs it later.
#include <functional>
#include <thread>
#include <utility>

class Timer {
public:
  void on_tick(std::function<void()> callback) { callback_ = std::move(callback); }
  void start() {
    thread_ = std::thread([this] { callback_(); });
  }
  void stop() { thread_.join(); }

private:
  std::function<void()> callback_;
  std::thread thread_;
};

int main() {
  int ticks = 0;
  Timer timer;
  timer.on_tick([&ticks] {
    ++ticks; // RACE(ticks)
  });
  timer.start();
  int seen = ticks; // RACE(ticks)
  timer.stop();
  return seen > 1;
}
