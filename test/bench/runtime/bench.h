// What the benchmarks share: traces switched on for a scope, CPU clocks, and cores that are kept awake.
//
// Names are what/whose/numbers: the last number is 1 with traces and 0 without; test/bench/runtime.py reads them. Whose:
// tenterhook; asio, as its own examples and most people write it; asio_best, where nothing is erased or locked that need not
// be: executors by their types (awaitable<T, E>, sockets, timers), execute() for post(), a context that is used by one thread
// without its locks.
#ifndef TENTERHOOK_BENCH_RUNTIME_BENCH_H
#define TENTERHOOK_BENCH_RUNTIME_BENCH_H

#include <tenterhook/event_loop.h>
#include <tenterhook/sleep.h>

#include <asio.hpp>
#include <benchmark/benchmark.h>

#include <atomic>
#include <cstdio>
#include <cstdlib>
#include <pthread.h>
#include <sched.h>
#include <string>
#include <thread>
#include <vector>

namespace bench {

using context_executor = asio::io_context::executor_type;
template <typename T> using best_awaitable = asio::awaitable<T, context_executor>;
inline constexpr asio::use_awaitable_t<context_executor> best_token{};
// For a context that one thread uses, and one to which others post.
inline constexpr int unlocked = ASIO_CONCURRENCY_HINT_UNSAFE, unlocked_io = ASIO_CONCURRENCY_HINT_UNSAFE_IO;
template <typename Executor> inline constexpr int hint = std::is_same_v<Executor, context_executor> ? unlocked : 1;

using namespace std::chrono_literals;

// Traces on while it lives, into a file that is removed. The second argument of a benchmark says which it is: 1 with traces.
class traced {
public:
  explicit traced(bool wanted) : on(wanted) {
    if (!on)
      return;
    path = "/tmp/tenterhook-bench-" + std::to_string(getpid()) + "-" + std::to_string(++count) + ".trace";
    if (!tenterhook::trace::start(path.c_str())) {
      std::perror("bench: cannot start the trace");
      std::exit(1);
    }
  }
  ~traced() {
    if (!on)
      return;
    tenterhook::trace::stop();
    std::remove(path.c_str());
  }

private:
  static inline int count = 0;
  bool on;
  std::string path;
};

// Keeps every core from going to sleep, by threads of the idle class, which give way to any other at once. Waking a
// core of a virtual machine takes some 50 us, which would be all that a round trip between threads measures.
class awake {
public:
  awake() {
    for (unsigned i = 0; i != std::thread::hardware_concurrency(); ++i)
      threads.emplace_back([this] {
        sched_param none{};
        pthread_setschedparam(pthread_self(), SCHED_IDLE, &none);
        while (!over.load(std::memory_order_relaxed)) {
        }
      });
  }
  ~awake() {
    over = true;
    for (std::thread &each : threads)
      each.join();
  }

private:
  std::atomic<bool> over = false;
  std::vector<std::thread> threads;
};

// CPU time of the calling thread and of the process, in seconds.
inline double cpu_seconds(clockid_t of) {
  timespec t;
  clock_gettime(of, &t);
  return double(t.tv_sec) + double(t.tv_nsec) * 1e-9;
}

} // namespace bench

#endif
