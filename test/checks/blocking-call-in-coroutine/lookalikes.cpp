// Awaited calls with the names of blocking ones, and helpers that block for synchronous callers only.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <condition_variable>
#include <future>
#include <thread>
using namespace std::chrono_literals;

struct Timer {
  awaitable<> sleep(std::chrono::seconds);
  awaitable<> wait();
};
struct Future {
  awaitable<int> get();
  task<int> wait();
};
namespace loop {
awaitable<> sleep_for(std::chrono::seconds);
awaitable<> read(int fd, char *buffer, int size);
awaitable<> connect(int fd);
} // namespace loop
task<> awaited(Timer timer, Future future, async_event &cv, async_mutex &mutex) {
  co_await timer.sleep(1s);
  co_await timer.wait();
  use(co_await future.get());
  use(co_await future.wait());
  co_await cv.wait();
  co_await mutex.lock();
  co_await loop::sleep_for(1s);
  co_await loop::read(0, nullptr, 0);
  co_await loop::connect(0);
  auto both = when_all(timer.sleep(1s), future.get());
  co_await std::move(both);
}

// The blocking form of an interface, for main and tests.
struct Client {
  task<int> fetch() { co_return co_await ::fetch(); }
  int fetch_sync() { return sync_wait(fetch()); }
  void close_and_wait() { std::this_thread::sleep_for(1s); }
};
int synchronous(Client &client) {
  int n = client.fetch_sync();
  client.close_and_wait();
  return n;
}
task<> uses_the_asynchronous_form(Client &client) { use(co_await client.fetch()); }

// A weak_ptr's lock() locks nothing.
task<> weak(std::weak_ptr<int> w) {
  if (auto p = w.lock())
    use(*p);
  co_await tick();
}

struct Promise {
  std::promise<int> promise;
  task<> fulfil() {
    auto future = promise.get_future();
    promise.set_value(1);
    co_await tick();
  }
};
