// notify() copies the list under the lock and calls the copies without it: no race.
#include <functional>
#include <mutex>
#include <thread>
#include <vector>

class Subject {
public:
  void subscribe(std::function<void(int)> observer) {
    std::lock_guard<std::mutex> lock(mutex_);
    observers_.push_back(std::move(observer));
  }
  void notify(int value) {
    std::vector<std::function<void(int)>> copies;
    {
      std::lock_guard<std::mutex> lock(mutex_);
      copies = observers_;
    }
    for (auto &observer : copies)
      observer(value);
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
