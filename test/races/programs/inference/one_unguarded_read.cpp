// Three methods hold the class's own mutex around the field, size() does not. No thread is seen: the mutex is the contract.
#include <mutex>
#include <vector>

class Inbox {
public:
  void push(int message) {
    std::lock_guard<std::mutex> lock(mutex_);
    messages_.push_back(message); // RACE(messages)
  }
  void clear() {
    std::lock_guard<std::mutex> lock(mutex_);
    messages_.clear(); // RACE(messages)
  }
  int last() {
    std::lock_guard<std::mutex> lock(mutex_);
    return messages_.back();
  }
  std::size_t size() const {
    return messages_.size(); // RACE(messages)
  }

private:
  std::mutex mutex_;
  std::vector<int> messages_;
};

std::size_t use(Inbox &inbox);
std::size_t use(Inbox &inbox) {
  inbox.push(1);
  return inbox.size();
}
