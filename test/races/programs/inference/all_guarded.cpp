// Every method holds the mutex around the field; constructor and destructor need not: nobody else has the object then.
#include <mutex>
#include <vector>

class Inbox {
public:
  explicit Inbox(int first) { messages_.push_back(first); }
  ~Inbox() { messages_.clear(); }
  void push(int message) {
    std::lock_guard<std::mutex> lock(mutex_);
    messages_.push_back(message);
  }
  int last() {
    std::lock_guard<std::mutex> lock(mutex_);
    return messages_.back();
  }
  std::size_t size() const {
    std::lock_guard<std::mutex> lock(mutex_);
    return messages_.size();
  }

private:
  mutable std::mutex mutex_;
  std::vector<int> messages_;
};

std::size_t use(Inbox &inbox);
std::size_t use(Inbox &inbox) {
  inbox.push(1);
  return inbox.size() + inbox.last();
}
