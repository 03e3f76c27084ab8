// The writer appends to the front buffer under the lock, the flusher swaps it out under the lock and works alone: no race.
#include <mutex>
#include <string>
#include <thread>
#include <vector>

class Logger {
public:
  void append(const char *line) {
    std::lock_guard<std::mutex> lock(mutex_);
    front_.emplace_back(line);
  }
  void flush() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      back_.swap(front_);
    }
    for (const auto &line : back_)
      bytes_ += line.size();
    back_.clear();
  }
  std::size_t bytes() const { return bytes_; }

private:
  std::mutex mutex_;
  std::vector<std::string> front_, back_;
  std::size_t bytes_ = 0;
};

int main() {
  Logger logger;
  std::thread flusher([&logger] {
    for (int i = 0; i < 5; ++i)
      logger.flush();
  });
  logger.append("one");
  logger.append("two");
  flusher.join();
  logger.flush();
  return logger.bytes() == 6 ? 0 : 1;
}
