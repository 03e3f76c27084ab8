// A program's own loops and pools, recognised by what they do: who takes kept callables and handles out, and on which threads.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <condition_variable>
#include <deque>
#include <functional>
#include <list>
#include <map>
#include <memory>
#include <mutex>
#include <queue>
#include <thread>
#include <utility>
#include <vector>
using namespace std::chrono_literals;

struct detached {
  struct promise_type {
    detached get_return_object() { return {}; }
    std::suspend_never initial_suspend() noexcept { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

// A pool: threads started on a cycle take jobs out of a queue. Its jobs may block.
class Pool {
public:
  explicit Pool(int n) {
    while (n--)
      threads_.push_back(std::thread(&Pool::work, this));
  }
  template <class F> void give(F &&f) {
    std::lock_guard hold(mutex_);
    jobs_.emplace_back(std::forward<F>(f));
    some_.notify_one();
  }
  struct Turn {
    Pool &pool;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) {
      pool.give([h] { h.resume(); });
    }
    void await_resume() const noexcept {}
  };
  Turn turn() { return {*this}; }

private:
  void work() {
    for (;;) {
      std::function<void()> job;
      {
        std::unique_lock hold(mutex_);
        some_.wait(hold, [this] { return !jobs_.empty(); });
        job = std::move(jobs_.front());
        jobs_.pop_front();
      }
      job();
    }
  }
  std::mutex mutex_;
  std::condition_variable some_;
  std::list<std::function<void()>> jobs_;
  std::vector<std::thread> threads_;
};
detached started_on_the_pool() {
  std::this_thread::sleep_for(1s);
  co_return;
}
detached started_on_both() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
  co_return;
}
task<> gives_to_a_pool(Pool &pool) {
  co_await tick();
  pool.give([] { std::this_thread::sleep_for(1s); });
  pool.give([] { started_on_the_pool(); });
  pool.give([] { started_on_both(); });
  started_on_both();
}
task<> moves_to_a_pool(Pool &pool) {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely
  co_await pool.turn();
  std::this_thread::sleep_for(2s);
}

// Two threads, started one by one, that take handles themselves.
class Lanes {
public:
  Lanes() : first_([this] { work(); }), second_([this] { work(); }) {}
  struct Turn {
    Lanes &lanes;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) { lanes.add(h); }
    void await_resume() const noexcept {}
  };
  Turn turn() { return {*this}; }

private:
  void add(std::coroutine_handle<> h) {
    std::lock_guard hold(mutex_);
    ready_.push(h);
  }
  void work() {
    for (;;) {
      std::unique_lock hold(mutex_);
      if (ready_.empty())
        continue;
      auto h = ready_.front();
      ready_.pop();
      hold.unlock();
      h.resume();
    }
  }
  std::mutex mutex_;
  std::queue<std::coroutine_handle<>> ready_;
  std::jthread first_, second_;
};
task<> moves_to_a_lane(Lanes &lanes) {
  co_await lanes.turn();
  std::this_thread::sleep_for(2s);
}

// One thread of its own that does plain jobs is there to block: a writer of logs.
class Writer {
public:
  Writer() : thread_([this] { work(); }) {}
  void add(std::function<void()> job) {
    std::lock_guard hold(mutex_);
    jobs_.push_back(std::move(job));
  }

private:
  void work() {
    while (true) {
      std::vector<std::function<void()>> batch;
      {
        std::lock_guard hold(mutex_);
        batch.swap(jobs_);
      }
      for (auto &job : batch)
        job();
    }
  }
  std::mutex mutex_;
  std::vector<std::function<void()>> jobs_;
  std::thread thread_;
};
task<> writes(Writer &writer) {
  co_await tick();
  writer.add([] { std::this_thread::sleep_for(1s); });
}

// A loop: main waits for events, takes them out one by one, and runs them.
class Loop {
public:
  void post(std::function<void()> f) {
    std::lock_guard hold(mutex_);
    events_.push_back(std::move(f));
    changed_.notify_one();
  }
  void run() {
    while (!stop_)
      run_one();
  }
  void stop() {
    post([this] { stop_ = true; });
  }

private:
  void run_one() {
    std::unique_lock hold(mutex_);
    changed_.wait(hold, [this] { return !events_.empty(); });
    auto event = std::exchange(events_.front(), nullptr);
    events_.pop_front();
    hold.unlock();
    event();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<std::function<void()>> events_;
  bool stop_ = false;
};
void slow_event() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine likely "a callback of an event loop"
struct Screen {
  Loop &loop;
  void key() {
    loop.post([this] { draw(); });
    loop.post(slow_event);
    loop.post([] { std::thread(slow_aside).detach(); });
  }
  void draw() { std::this_thread::sleep_for(2s); } // finding: blocking-call-in-coroutine likely
  static void slow_aside() { std::this_thread::sleep_for(3s); }
};

// What main goes through once, without waiting for more, is a list of things to do and no loop.
std::vector<std::function<void()>> at_start;
struct Registered {
  Registered() {
    at_start.push_back([] { std::this_thread::sleep_for(1s); });
  }
} registered;
void start_up() {
  for (auto &f : at_start)
    f();
  at_start.clear();
}

int main() {
  start_up();
  Loop loop;
  Screen screen{loop};
  screen.key();
  Pool pool(4);
  Lanes lanes;
  Writer writer;
  loop.run();
}
