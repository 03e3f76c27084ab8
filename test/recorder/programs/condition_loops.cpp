// asio's io_context without a timer or a socket: its threads wait on a condition variable, and are loops all the same, also
// before their first wait. Workers wait in the same way, and are none: asio's own, of thread_pool,
// and those at a queue that somebody wrote, which run callbacks too.
#if defined(__clang__) // asio 1.22 knows coroutines of g++ only
#define ASIO_HAS_CO_AWAIT 1
#define ASIO_HAS_STD_COROUTINE 1
#endif
#include <asio.hpp>
#include <asio/co_spawn.hpp>

#include <atomic>
#include <chrono>
#include <coroutine>
#include <condition_variable>
#include <deque>
#include <fstream>
#include <functional>
#include <mutex>
#include <sys/syscall.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;
using asio::awaitable;
using asio::use_awaitable;

volatile unsigned sum;
std::atomic<bool> computed{false};

awaitable<void> co_turn() { co_await asio::post(co_await asio::this_coro::executor, use_awaitable); }

awaitable<void> co_first() {
  co_await co_turn();
  usleep(25000); // block usleep inside 1, on-loop
}
awaitable<void> co_sleeps() {
  co_await co_turn();
  usleep(25000); // block usleep inside 1, on-loop
}
awaitable<void> co_computes() {
  co_await co_turn();
  for (auto until = std::chrono::steady_clock::now() + 700ms; std::chrono::steady_clock::now() < until;) {
    for (int i = 0; i < 1000; ++i) sum = sum + 1; // stall-near 1
  }
  computed = true;
}
[[gnu::noinline]] void in_callback() {
  usleep(25000); // block usleep outside 1, on-loop
  sum = sum + 1;
}
[[gnu::noinline]] void in_pool() {
  usleep(25000); // block usleep outside 6, off-loop
  sum = sum + 1;
}
[[gnu::noinline]] void in_worker() {
  usleep(25000); // block usleep outside 6, off-loop
  sum = sum + 1;
}

// The kernel says that the thread waits for a condition: what it told before, it has told.
[[gnu::noinline]] bool is_waiting(pid_t thread) {
  std::ifstream file("/proc/self/task/" + std::to_string(thread) + "/syscall");
  long call = -1;
  if (!(file >> call)) return false; // it runs
  return call == SYS_futex;
}

class Queue {
  std::mutex mutex;
  std::condition_variable condition;
  std::deque<std::function<void()>> calls;

public:
  void put(std::function<void()> call) {
    std::lock_guard guard(mutex);
    calls.push_back(std::move(call));
    condition.notify_one();
  }
  void run() {
    for (;;) {
      std::unique_lock guard(mutex);
      condition.wait(guard, [this] { return !calls.empty(); });
      std::function<void()> call = std::move(calls.front());
      calls.pop_front();
      guard.unlock();
      if (!call) return;
      call();
    }
  }
};

// A loop of the program's own, in one thread: nothing tells it from a worker at a queue.
Queue own;
struct Task {
  struct promise_type {
    Task get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() { std::terminate(); }
  };
};
struct OwnTurn {
  bool await_ready() { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    own.put([handle] { handle.resume(); });
  }
  void await_resume() {}
};
Task co_FN_own_loop() {
  for (int i = 0; i < 4; ++i) {
    co_await OwnTurn();
    usleep(25000); // block usleep inside 4, off-loop
  }
  own.put(nullptr);
}

int main() {
  co_FN_own_loop();
  own.run();
  {
    asio::io_context context(1);
    co_spawn(context, co_first(), asio::detached);
    context.run(); // has no reason to wait
  }
  std::thread([] { // a thread that nothing is known of
    asio::io_context context;
    auto work = asio::make_work_guard(context);
    std::atomic<pid_t> id{0};
    std::thread thread([&] {
      id = gettid();
      context.run();
    });
    usleep(30000);
    asio::post(context, in_callback);
    usleep(50000);
    co_spawn(context, co_sleeps(), asio::detached);
    usleep(50000);
    co_spawn(context, co_computes(), asio::detached);
    while (!computed) usleep(10000);
    while (!is_waiting(id)) usleep(10000); // again, and with that its slice is over
    work.reset();
    thread.join();
  }).join();

  asio::thread_pool pool(2);
  Queue queue;
  std::thread worker([&] { queue.run(); });
  for (int i = 0; i < 6; ++i) {
    asio::post(pool, in_pool);
    queue.put(in_worker);
    usleep(30000);
  }
  queue.put(nullptr);
  worker.join();
  pool.join();
}
