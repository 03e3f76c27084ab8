// flush() is called by two threads: the back buffer and the count belong to neither.
#include <mutex>
#include <thread>

class Logger {
public:
  void append(long n) {
    std::lock_guard<std::mutex> lock(mutex_);
    front_ += n;
  }
  void flush() {
    long taken;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      taken = front_;
      front_ = 0;
    }
    bytes_ += taken; // RACE(bytes)
  }

private:
  std::mutex mutex_;
  long front_ = 0, bytes_ = 0;
};

int main() {
  Logger logger;
  logger.append(5);
  std::thread a([&logger] { logger.flush(); });
  std::thread b([&logger] { logger.flush(); });
  a.join();
  b.join();
  return 0;
}
