// A class stops its thread under its lock; the thread asks without it. Nobody is seen to make the object.
#include <mutex>
#include <thread>

class Worker {
public:
  void start() {
    thread_ = std::thread([this] {
      while (running_) // RACE(running)
        std::this_thread::yield();
    });
  }
  void stop() {
    {
      std::lock_guard lock(mutex_);
      running_ = false; // RACE(running)
    }
    thread_.join();
  }
  bool running() {
    std::lock_guard lock(mutex_);
    return running_; // RACE(running)
  }

private:
  std::mutex mutex_;
  std::thread thread_;
  bool running_ = true;
};

bool use(Worker &worker) {
  worker.start();
  const bool yes = worker.running();
  worker.stop();
  return yes;
}
