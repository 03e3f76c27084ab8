// A quick look at the field before the mutex is taken, "because it is mostly empty".
#include <mutex>
#include <vector>

class Mailbox {
public:
  void put(int letter) {
    std::lock_guard<std::mutex> lock(mutex_);
    letters_.push_back(letter); // RACE(letters)
  }
  int take() {
    if (letters_.empty()) // RACE(letters)
      return -1;
    std::lock_guard<std::mutex> lock(mutex_);
    if (letters_.empty())
      return -1;
    int last = letters_.back();
    letters_.pop_back(); // RACE(letters)
    return last;
  }

private:
  std::mutex mutex_;
  std::vector<int> letters_;
};

int use(Mailbox &box);
int use(Mailbox &box) {
  box.put(1);
  return box.take();
}
