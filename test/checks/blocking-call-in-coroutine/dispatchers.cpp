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
#include <poll.h>
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

// Who waits for events and then calls what is registered is an event loop, in C too, whatever thread it runs in: nothing
// has to be taken out.
extern "C" {
typedef void (*on_event)(int fd, void *user);
struct watch {
  int fd;
  on_event call;
  void *user;
  watch *next;
};
}
static watch *watches;
void watch_for(int fd, on_event call, void *user) { watches = new watch{fd, call, user, watches}; }
void serve_watches() {
  for (;;) {
    pollfd fds[8];
    nfds_t n = 0;
    for (watch *w = watches; w && n < 8; w = w->next)
      fds[n++] = {w->fd, POLLIN, 0};
    poll(fds, n, -1);
    for (watch *w = watches; w; w = w->next)
      w->call(w->fd, w->user);
  }
}
struct Client {
  static void readable(int, void *user) { static_cast<Client *>(user)->read(); }
  void read() {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine likely "a callback of an event loop"
  }
};
// A table of operations: what a slow one does, where nothing on the loop calls it.
struct operations {
  void (*quick)(int);
  void (*slow)(int);
};
static void do_quick(int) {}
static void do_slow(int) { std::this_thread::sleep_for(1s); }
static const operations table = {.quick = do_quick, .slow = do_slow};
static void quick_event(int fd, void *user) { static_cast<const operations *>(user)->quick(fd); }
void start_watching() {
  static Client client;
  static operations copy = table;
  watch_for(0, Client::readable, &client);
  watch_for(1, quick_event, &copy);
  std::thread(serve_watches).detach();
  table.slow(3);
}
// Only a list of callables that is worked off between two sleeps, in a thread of its own: no event loop.
struct Periodic {
  std::vector<std::function<void()>> jobs;
  void run() {
    for (;;) {
      std::this_thread::sleep_for(1s);
      for (auto &job : jobs)
        job();
    }
  }
};
void start_periodic(Periodic &p) {
  p.jobs.push_back([] { std::this_thread::sleep_for(2s); });
  std::thread(&Periodic::run, &p).detach();
}

// Behind an interface: the executor that a member leads to is the one that runs it.
struct Executor {
  virtual ~Executor() = default;
  virtual void execute(std::function<void()> job) = 0;
};
struct OnThread : Executor {
  void execute(std::function<void()> job) override { std::thread(std::move(job)).detach(); }
};
struct OnLoop : Executor {
  std::deque<std::function<void()>> jobs;
  void execute(std::function<void()> job) override { jobs.push_back(std::move(job)); }
  void run() {
    for (;;) {
      pollfd wake{0, POLLIN, 0};
      poll(&wake, 1, -1);
      auto job = std::move(jobs.front());
      jobs.pop_front();
      job();
    }
  }
};
class Shop {
public:
  Shop(std::shared_ptr<Executor> slow, std::shared_ptr<Executor> loop) : slow_(std::move(slow)), loop_(loop) {}
  void order() {
    slow_->execute([this] {
      std::this_thread::sleep_for(1s);
      loop_->execute([] {
        std::this_thread::sleep_for(2s); // finding: blocking-call-in-coroutine likely "a callback of an event loop"
      });
    });
  }

private:
  std::shared_ptr<Executor> slow_, loop_;
};
void open_shop() {
  auto loop = std::make_shared<OnLoop>();
  static Shop shop(std::make_shared<OnThread>(), loop);
  loop->execute([] { shop.order(); });
  loop->run();
}
