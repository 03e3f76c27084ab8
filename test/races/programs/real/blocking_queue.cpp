// A blocking queue of one's own between two threads; what goes through it has one owner at a time. No race.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <string>
#include <thread>
#include <utility>

template <class T> class Channel {
public:
  void send(T value) {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      values_.push_back(std::move(value));
    }
    filled_.notify_one();
  }
  T receive() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (values_.empty())
      filled_.wait(lock);
    T value = std::move(values_.front());
    values_.pop_front();
    return value;
  }

private:
  std::mutex mutex_;
  std::condition_variable filled_;
  std::deque<T> values_;
};

int main() {
  Channel<std::string> words;
  std::string all;
  std::thread reader([&] {
    for (std::string word = words.receive(); !word.empty(); word = words.receive())
      all += word;
  });
  words.send("one");
  words.send("two");
  words.send("");
  reader.join();
  return all == "onetwo" ? 0 : 1;
}
