// A general scope helper unlocks at the end of the scope: held until there. No race.
#include <mutex>
#include <thread>
#include <utility>

template <class F> class OnExit {
public:
  explicit OnExit(F run) : run_(std::move(run)) {}
  ~OnExit() { run_(); }
  OnExit(const OnExit &) = delete;

private:
  F run_;
};

static std::mutex mutex;
static int count;

static int add(int limit) {
  mutex.lock();
  OnExit unlock([] { mutex.unlock(); });
  if (count >= limit)
    return count;
  return ++count;
}

int main() {
  std::thread a(add, 1), b(add, 5);
  a.join();
  b.join();
  return count > 2;
}
