// What the benchmarks share: running both runtimes on one thread, and traces switched on for a scope.
#ifndef TENTERHOOK_BENCH_RUNTIME_BENCH_H
#define TENTERHOOK_BENCH_RUNTIME_BENCH_H

#include <tenterhook/event_loop.h>
#include <tenterhook/sleep.h>

#include <asio.hpp>
#include <benchmark/benchmark.h>

#include <cstdio>
#include <cstdlib>
#include <string>

namespace bench {

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

// CPU time of the calling thread and of the process, in seconds.
inline double cpu_seconds(clockid_t of) {
  timespec t;
  clock_gettime(of, &t);
  return double(t.tv_sec) + double(t.tv_nsec) * 1e-9;
}

} // namespace bench

#endif
