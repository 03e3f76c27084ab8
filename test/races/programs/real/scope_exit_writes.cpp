// The scope helper's action runs after the guard below it has let go, as destructors run in reverse order.
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
static int count, finished;

static void add() {
  OnExit done([] {
    ++finished; // RACE(finished)
  });
  std::lock_guard<std::mutex> lock(mutex);
  ++count;
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count + finished > 4;
}
