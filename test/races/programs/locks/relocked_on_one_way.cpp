// A helper that gives its caller's lock back for a while, on one of its ways, and takes it again has it on both.
#include <mutex>
#include <thread>

class Table {
public:
  void put(int value) {
    std::lock_guard lock(mutex_);
    make_room();
    sum_ += value;
  }
  int sum() {
    std::lock_guard lock(mutex_);
    return sum_ + rooms_;
  }
  int rooms() {
    std::lock_guard lock(mutex_);
    return rooms_;
  }

private:
  void make_room() {
    if (sum_ > 100) {
      mutex_.unlock();
      std::this_thread::yield();
      mutex_.lock();
    }
    ++rooms_;
  }

  std::mutex mutex_;
  int sum_ = 0, rooms_ = 0;
};

int main() {
  Table table;
  std::thread other([&] { table.put(2); });
  table.put(1);
  other.join();
  return table.sum() + table.rooms() < 0;
}
