// An atomic stop flag; the worker's own count is read after the join: no race.
#include <atomic>
#include <thread>

class Poller {
public:
  void start() {
    thread_ = std::thread([this] {
      while (!stop_)
        ++polls_;
    });
  }
  long stop() {
    stop_ = true;
    thread_.join();
    return polls_;
  }

private:
  std::atomic<bool> stop_{false};
  long polls_ = 0;
  std::thread thread_;
};

int main() {
  Poller poller;
  poller.start();
  return poller.stop() < 0;
}
