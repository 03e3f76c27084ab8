// The private helper does not lock, but all of its callers do: no race.
#include <mutex>
#include <string>

class Journal {
public:
  void info(const std::string &text) {
    std::lock_guard<std::mutex> lock(mutex_);
    append("info: ", text);
  }
  void warn(const std::string &text) {
    std::lock_guard<std::mutex> lock(mutex_);
    append("warning: ", text);
    ++warnings_;
  }
  int warnings() {
    std::lock_guard<std::mutex> lock(mutex_);
    return warnings_;
  }

private:
  void append(const char *kind, const std::string &text) {
    all_ += kind;
    all_ += text;
  }
  std::mutex mutex_;
  std::string all_;
  int warnings_ = 0;
};

void use(Journal &journal);
void use(Journal &journal) {
  journal.info("a");
  journal.warn("b");
}
