// The guard can be opened: between unlock() and lock() nothing is held, and that is where the second write stands.
#include <chrono>
#include <mutex>
#include <thread>

class Hold {
public:
  explicit Hold(std::mutex &m) : mutex_(m) { lock(); }
  ~Hold() {
    if (held_)
      unlock();
  }
  void lock() {
    mutex_.lock();
    held_ = true;
  }
  void unlock() {
    held_ = false;
    mutex_.unlock();
  }

private:
  std::mutex &mutex_;
  bool held_ = false;
};

static std::mutex mutex;
static int inside, between;

static void add() {
  Hold hold(mutex);
  ++inside;
  hold.unlock();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  ++between; // RACE(between)
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  hold.lock();
  ++inside;
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return inside + between > 6;
}
