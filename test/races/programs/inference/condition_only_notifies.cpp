// Notifying needs no lock, and condition variables and mutexes are no guarded fields: no race.
#include <condition_variable>
#include <mutex>

class Event {
public:
  void set() {
    {
      std::lock_guard<std::mutex> lock(mutex_);
      set_ = true;
    }
    changed_.notify_all();
  }
  void wait() {
    std::unique_lock<std::mutex> lock(mutex_);
    while (!set_)
      changed_.wait(lock);
  }
  void pulse() { changed_.notify_one(); }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool set_ = false;
};

void use(Event &event);
void use(Event &event) {
  event.set();
  event.pulse();
  event.wait();
}
