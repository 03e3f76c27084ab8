// One thread at a queue is a loop, several are a pool: how many there are for one object, counted up to where it is made.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <algorithm>
#include <atomic>
#include <condition_variable>
#include <deque>
#include <functional>
#include <iterator>
#include <memory>
#include <mutex>
#include <optional>
#include <pthread.h>
#include <thread>
#include <unistd.h>
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

template <int> struct Queue { // of its own class in each case: what is kept is known by class
  std::mutex mutex_;
  std::condition_variable some_;
  std::deque<std::function<void()>> jobs_;
  void push(std::function<void()> job) {
    {
      std::lock_guard hold(mutex_);
      jobs_.push_back(std::move(job));
    }
    some_.notify_one();
  }
  void drain() {
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
  struct Turn {
    Queue &queue;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) {
      queue.push([h] { h.resume(); });
    }
    void await_resume() const noexcept {}
  };
  Turn turn() { return {*this}; }
};

// Started by a helper that is called on a cycle.
struct ByHelper {
  Queue<1> queue;
  std::vector<std::thread> threads;
  explicit ByHelper(int n) {
    for (int i = 0; i < n; ++i)
      add();
  }
  void add() {
    threads.emplace_back([this] { queue.drain(); });
  }
};
detached in_pool_by_helper(ByHelper &pool) {
  co_await pool.queue.turn();
  std::this_thread::sleep_for(1s);
}

// One, in a member: a loop, however many objects there are.
struct OneEach {
  Queue<2> queue;
  std::thread thread{[this] { queue.drain(); }};
};
detached on_a_loop(OneEach &loop) {
  co_await loop.queue.turn();
  std::this_thread::sleep_for(2s); // finding: blocking-call-in-coroutine certain
}

// main and two threads run the same object.
struct RunByAnyone {
  Queue<3> queue;
  void run() { queue.drain(); }
};
detached in_pool_of_runners(RunByAnyone &context) {
  co_await context.queue.turn();
  std::this_thread::sleep_for(3s);
}
void run_by_three() {
  RunByAnyone context;
  in_pool_of_runners(context);
  std::thread a([&] { context.run(); });
  std::jthread b([&context] { context.run(); });
  context.run();
  a.join();
}

// … and main alone.
struct RunByMain {
  Queue<4> queue;
  void run() { queue.drain(); }
};
detached on_mains_loop(RunByMain &context) {
  co_await context.queue.turn();
  std::this_thread::sleep_for(4s); // finding: blocking-call-in-coroutine certain
}

// Started at three places for one object, and once for each of two.
struct Started {
  Queue<5> queue;
  std::vector<std::thread> threads;
  void start() { threads.push_back(std::thread(&Started::run, this)); }
  void run() { queue.drain(); }
};
detached in_pool_started_thrice(Started &context) {
  co_await context.queue.turn();
  std::this_thread::sleep_for(5s);
}
struct StartedOnce {
  Queue<6> queue;
  std::vector<std::thread> threads;
  void start() { threads.push_back(std::thread(&StartedOnce::run, this)); }
  void run() { queue.drain(); }
};
detached on_one_of_two_loops(StartedOnce &context) {
  co_await context.queue.turn();
  std::this_thread::sleep_for(6s); // finding: blocking-call-in-coroutine certain
}

// An algorithm makes them.
struct Generated {
  Queue<7> queue;
  std::vector<std::jthread> threads;
  explicit Generated(int n) {
    std::generate_n(std::back_inserter(threads), n, [this] { return std::jthread([this] { queue.drain(); }); });
  }
};
detached in_generated_pool(Generated &pool) {
  co_await pool.queue.turn();
  std::this_thread::sleep_for(7s);
}

// Objects on a cycle, each with its thread: their constructor is chosen by the library's make_unique, which makes it less sure.
struct Shard {
  Queue<8> queue;
  std::thread thread{[this] { queue.drain(); }};
};
detached on_a_shards_loop(Shard &shard) {
  co_await shard.queue.turn();
  std::this_thread::sleep_for(8s); // finding: blocking-call-in-coroutine likely
}

// C: threads in an array.
static void *worker(void *queue) {
  static_cast<Queue<9> *>(queue)->drain();
  return nullptr;
}
static void spawn(Queue<9> &queue, pthread_t *thread) { pthread_create(thread, nullptr, worker, &queue); }
detached in_pool_of_pthreads(Queue<9> &queue) {
  co_await queue.turn();
  std::this_thread::sleep_for(9s);
}

// Two members.
struct Pair {
  Queue<10> queue;
  std::thread first{[this] { queue.drain(); }}, second{[this] { queue.drain(); }};
};
detached in_pool_of_two(Pair &pool) {
  co_await pool.queue.turn();
  std::this_thread::sleep_for(10s);
}

// The thread is started when the first job comes: one variable holds one thread at a time.
struct Lazy {
  Queue<11> queue;
  std::thread thread;
  std::once_flag once;
  void post(std::function<void()> job) {
    if (!thread.joinable())
      thread = std::thread([this] { queue.drain(); });
    queue.push(std::move(job));
  }
};
detached on_a_lazy_loop(Lazy &loop) {
  loop.post([] { use(1); });
  loop.post([] { use(2); });
  co_await loop.queue.turn();
  std::this_thread::sleep_for(11s); // finding: blocking-call-in-coroutine certain
}

// A global queue: the threads of all who start some.
static Queue<12> work;
static void start_one() { std::thread([] { work.drain(); }).detach(); }
detached in_pool_behind_a_global() {
  co_await work.turn();
  std::this_thread::sleep_for(12s);
}
static Queue<13> events;
detached on_a_loop_behind_a_global() {
  co_await events.turn();
  std::this_thread::sleep_for(13s); // finding: blocking-call-in-coroutine certain
}

// Handles in a queue, without a callable around them.
template <int> struct Handles {
  std::mutex mutex_;
  std::condition_variable some_;
  std::deque<std::coroutine_handle<>> ready_;
  void push(std::coroutine_handle<> h) {
    {
      std::lock_guard hold(mutex_);
      ready_.push_back(h);
    }
    some_.notify_one();
  }
  void drain() {
    for (;;) {
      std::unique_lock hold(mutex_);
      some_.wait(hold, [this] { return !ready_.empty(); });
      std::coroutine_handle<> next = ready_.front();
      ready_.pop_front();
      hold.unlock();
      next.resume();
    }
  }
  struct Turn {
    Handles &handles;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) { handles.push(h); }
    void await_resume() const noexcept {}
  };
  Turn turn() { return {*this}; }
};
struct HandleLoop {
  Handles<1> handles;
  std::jthread thread{[this] { handles.drain(); }};
};
detached on_a_loop_of_handles(HandleLoop &loop) {
  co_await loop.handles.turn();
  std::this_thread::sleep_for(14s); // finding: blocking-call-in-coroutine certain
}
struct HandlePool {
  Handles<2> handles;
  std::vector<std::jthread> threads;
  HandlePool() {
    for (unsigned i = 0; i < std::thread::hardware_concurrency(); ++i)
      threads.emplace_back(&Handles<2>::drain, &handles);
  }
};
detached in_a_pool_of_handles(HandlePool &pool) {
  co_await pool.handles.turn();
  std::this_thread::sleep_for(15s);
}
// A thread that resumes what is due.
struct Timers {
  std::mutex mutex_;
  std::condition_variable changed_;
  std::vector<std::pair<std::chrono::steady_clock::time_point, std::coroutine_handle<>>> due_;
  std::jthread thread_{[this] { run(); }};
  void run() {
    for (;;) {
      std::vector<std::coroutine_handle<>> now;
      {
        std::unique_lock hold(mutex_);
        changed_.wait_for(hold, 5ms);
        for (auto it = due_.begin(); it != due_.end();)
          if (it->first < std::chrono::steady_clock::now()) {
            now.push_back(it->second);
            it = due_.erase(it);
          } else {
            ++it;
          }
      }
      for (auto h : now)
        h.resume();
    }
  }
  struct Wait {
    Timers &timers;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) {
      std::lock_guard hold(timers.mutex_);
      timers.due_.emplace_back(std::chrono::steady_clock::now() + 1s, h);
    }
    void await_resume() const noexcept {}
  };
};
detached on_the_timers_thread(Timers &timers) {
  co_await Timers::Wait{timers};
  std::this_thread::sleep_for(16s); // finding: blocking-call-in-coroutine certain
}
// Each await starts a thread for itself.
struct NewThread {
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    std::thread([h] { h.resume(); }).detach();
  }
  void await_resume() const noexcept {}
};
detached on_a_thread_of_its_own() {
  co_await NewThread{};
  std::this_thread::sleep_for(17s);
}

// A worker: its jobs wait for the disk before they resume who asked for that. Beside jobs that only resume, that stops those.
template <int N> struct Disk {
  Queue<N> queue;
  std::jthread thread{[this] { queue.drain(); }};
};
struct Sync {
  Disk<14> &disk;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    disk.queue.push([h] {
      fsync(3);
      h.resume();
    });
  }
  void await_resume() const noexcept {}
};
detached behind_a_worker(Disk<14> &disk) {
  co_await Sync{disk};
  std::this_thread::sleep_for(18s);
}
struct SyncOnLoop {
  Disk<15> &disk;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> h) {
    disk.queue.push([h] {
      fsync(3); // finding: blocking-call-in-coroutine likely
      h.resume();
    });
  }
  void await_resume() const noexcept {}
};
detached beside_others(Disk<15> &disk) {
  co_await disk.queue.turn();
  co_await SyncOnLoop{disk};
  std::this_thread::sleep_for(19s); // finding: blocking-call-in-coroutine certain
}

int main() {
  Disk<14> disk;
  behind_a_worker(disk);
  Disk<15> shared_disk;
  beside_others(shared_disk);
  HandleLoop handle_loop;
  on_a_loop_of_handles(handle_loop);
  HandlePool handle_pool;
  in_a_pool_of_handles(handle_pool);
  Timers timers;
  on_the_timers_thread(timers);
  on_a_thread_of_its_own();
  ByHelper by_helper(4);
  in_pool_by_helper(by_helper);
  OneEach one, other;
  on_a_loop(one);
  on_a_loop(other);
  run_by_three();
  Started started;
  started.start();
  started.start();
  started.start();
  in_pool_started_thrice(started);
  StartedOnce first, second;
  first.start();
  second.start();
  on_one_of_two_loops(first);
  Generated generated(4);
  in_generated_pool(generated);
  std::vector<std::unique_ptr<Shard>> shards;
  for (int i = 0; i < 4; ++i)
    shards.push_back(std::make_unique<Shard>());
  on_a_shards_loop(*shards[0]);
  Queue<9> queue;
  pthread_t threads[4];
  for (auto &thread : threads)
    spawn(queue, &thread);
  in_pool_of_pthreads(queue);
  Pair pair;
  in_pool_of_two(pair);
  Lazy lazy;
  on_a_lazy_loop(lazy);
  start_one();
  start_one();
  in_pool_behind_a_global();
  std::thread([] { events.drain(); }).detach();
  on_a_loop_behind_a_global();
  RunByMain context;
  on_mains_loop(context);
  context.run();
}
