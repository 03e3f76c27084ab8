// subscribe() locks, but notify() walks the list without the lock.
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

class Subject {
public:
  void subscribe(std::function<void(int)> observer) {
    std::lock_guard<std::mutex> lock(mutex_);
    observers_.push_back(std::move(observer)); // RACE(observers)
  }
  void notify(int value) {
    for (auto &observer : observers_) // RACE(observers)
      observer(value);                // RACE(observers)
  }

private:
  std::mutex mutex_;
  std::vector<std::function<void(int)>> observers_;
};

int main() {
  Subject subject;
  std::thread thread([&subject] { subject.notify(3); });
  subject.subscribe([](int) {});
  thread.join();
  return 0;
}
