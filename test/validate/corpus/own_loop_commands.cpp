// A thread takes commands from a queue: one of them polls, another resumes a coroutine. It is a worker for all that.
// builds: clang-O0 clang-O2 gcc-O0 gcc-O2
#include "own.h"
#include <poll.h>

enum class command { probe, compress, end };

static own::task compress() {
  // verdict: blocking-call-in-coroutine inconclusive "the loop is not below it"
  usleep(100'000);
  co_return;
}

static own::task session(own::loop &loop, bool here) {
  co_await loop.sleep(1ms);
  if (here)
    co_await compress();
}

class machine {
public:
  void give(command next) {
    std::lock_guard guard(mutex_);
    commands_.push_back(next);
    changed_.notify_one();
  }
  void run(int descriptor, own::task &work) {
    for (;;) {
      switch (take()) {
      case command::probe: probe(descriptor); break;
      case command::compress: work.handle.resume(); break;
      case command::end: return;
      }
    }
  }

private:
  command take() {
    std::unique_lock lock(mutex_);
    changed_.wait(lock, [this] { return !commands_.empty(); });
    command next = commands_.front();
    commands_.pop_front();
    return next;
  }
  static void probe(int descriptor) {
    int open = 0;
    volatile int times = 4; // at one place: not unrolled
    for (int i = 0; i < times; ++i) {
      pollfd wanted{descriptor, POLLIN, 0};
      open += poll(&wanted, 1, 1) == 0;
    }
    if (open != 4)
      std::abort();
  }
  std::mutex mutex_;
  std::condition_variable changed_;
  std::deque<command> commands_;
};

int main() {
  own::silent_pipe pipe;
  own::task work = compress();
  machine commands;
  std::thread thread([&] { commands.run(pipe.ends[0], work); });
  for (command next : {command::probe, command::probe, command::compress, command::end}) commands.give(next);
  thread.join();
  own::loop loop;
  loop.run(session(loop, own::opaque(false)));
}
