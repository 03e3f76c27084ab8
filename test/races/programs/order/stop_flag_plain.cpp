// A plain bool as stop flag: written by stop(), read by the loop.
#include <chrono>
#include <thread>

class Poller {
public:
  void start() {
    thread_ = std::thread([this] {
      while (!stop_) // RACE(stop)
        std::this_thread::sleep_for(std::chrono::milliseconds(1));
    });
  }
  void stop() {
    stop_ = true; // RACE(stop)
    thread_.join();
  }

private:
  bool stop_ = false;
  std::thread thread_;
};

int main() {
  Poller poller;
  poller.start();
  poller.stop();
  return 0;
}
