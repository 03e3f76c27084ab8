// The same helper is public: a caller outside needs no lock to call it, and one does.
#include <mutex>

class Journal {
public:
  void info() {
    std::lock_guard<std::mutex> lock(mutex_);
    append(1);
  }
  void warn() {
    std::lock_guard<std::mutex> lock(mutex_);
    append(2);
  }
  int lines() {
    std::lock_guard<std::mutex> lock(mutex_);
    return lines_; // RACE(lines)
  }
  void append(int n) {
    lines_ += n; // RACE(lines)
  }

private:
  std::mutex mutex_;
  int lines_ = 0;
};

void use(Journal &journal);
void use(Journal &journal) {
  journal.info();
  journal.append(3);
}
