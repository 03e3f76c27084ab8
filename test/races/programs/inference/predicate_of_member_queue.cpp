// The predicate of a wait runs under the lock of the wait, also where the queue is a member of what calls it.
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>

template <class T> class Queue {
public:
  bool wait_for(std::chrono::microseconds timeout) const {
    std::unique_lock<std::mutex> lock(mutex_);
    if (!cond_.wait_for(lock, timeout, [this]() { return !queue_.empty(); }))
      return false;
    return !queue_.empty();
  }
  void push(T item) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      queue_.push_back(item);
    }
    cond_.notify_one();
  }
  bool try_pop(T &item) {
    std::lock_guard<std::mutex> lock(mutex_);
    if (queue_.empty())
      return false;
    item = queue_.front();
    queue_.pop_front();
    return true;
  }

private:
  std::deque<T> queue_;
  mutable std::mutex mutex_;
  mutable std::condition_variable cond_;
};

class Stream {
public:
  bool wait() const { return chunks_.wait_for(std::chrono::microseconds(5)); }
  void add(int i) { chunks_.push(i); }
  bool get(int &i) { return chunks_.try_pop(i); }

private:
  Queue<int> chunks_;
};
bool use(Stream &s, int &i) {
  s.add(1);
  return s.wait() && s.get(i);
}
