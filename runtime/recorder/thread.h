// What the recorder keeps of each thread, and the guards that a hook enters by.
//
// A Thread is written by its own thread only, but for the atomics: the watchdog reads those, and an unlock by another
// thread takes an entry out of `held`. Memory comes from mmap, never from malloc, which may be the program's and may
// call hooks. A hook records only if enter() gives it the thread: not inside the recorder itself (busy), not inside the
// trace writer, and not inside a call that is being recorded already (getaddrinfo calls poll).
#ifndef TENTERHOOK_RUNTIME_RECORDER_THREAD_H
#define TENTERHOOK_RUNTIME_RECORDER_THREAD_H

#include "trace/share.h"
#include "trace/signal_stack.h"
#include "trace/trace.h"

#include <array>
#include <atomic>
#include <cerrno>
#include <cstdint>

namespace tenterhook::recorder {

// Where a hook was called: the return address, and the frame address of the hook.
struct Caller {
  const void *address;
  const void *frame;
};
#define TENTERHOOK_HERE                                                                                                          \
  ::tenterhook::recorder::Caller { __builtin_extract_return_addr(__builtin_return_address(0)), __builtin_frame_address(0) }

// A lock that a thread has. `lock` is 0 once it is released out of order or by another thread.
struct Held {
  std::atomic<std::uint64_t> lock{0};
  std::uint64_t ticks, site;
  std::uint32_t stack;     // 0 if the site says it all
  std::uint64_t coroutine; // whose body took it; 0 if none
  std::uint32_t times;     // recursive mutexes
  bool shared;
  bool inside;   // taken in a coroutine
  bool reported; // as held at a wait
};

// Where calls by one path come from, so that the stack needs to be walked once for each path and not for each call. The
// path is known again by the return addresses in their places on the stack.
struct Path {
  static constexpr unsigned depth = 8;
  const void *address = nullptr, *frame = nullptr;
  std::uint64_t site = 0, coroutine = 0;
  std::uint32_t generation = 0; // of the modules
  std::uint32_t stack = 0;      // its id, once somebody wanted it
  std::uint16_t uses = 0;       // until it is walked anew
  bool inside = false, direct = false;
  enum : std::uint8_t { unknown, yes, no } loops_own = unknown, known_loop = unknown; // see loops.h
  std::uint8_t checked = 0;
  std::array<std::uint16_t, depth> offsets; // from `frame`, in words
  std::array<std::uint64_t, depth> values;

  // Reach totals; see reach.h.
  void *counts = nullptr;
  std::uint32_t function = 0;
  std::uint16_t calls = 0;
  std::atomic<std::uint16_t> counted{0}, counted_nonblocking{0};   // by the thread
  std::atomic<std::uint16_t> in_table{0}, in_table_nonblocking{0}; // of that, by whoever flushes
  std::uint64_t longest = 0;
};

enum class Waiting : std::uint8_t { no, fragile, restartable }; // may a signal interrupt the call unnoticed?

struct Thread {
  static constexpr unsigned max_held = 32, max_paths = 128, max_frames = 128, max_loop_functions = 32, max_loop_places = 8;

  std::atomic<std::uint32_t> system_id{0};   // 0: nobody's
  Thread *next = nullptr;                    // in the list of all; never taken out of it
  std::atomic<std::uint32_t> trace_index{0}; // in the trace, once it is known
  unsigned busy = 0;
  bool forks = false; // is busy with it

  // The call that is being recorded.
  const void *call_frame = nullptr;
  std::atomic<Waiting> waiting{Waiting::no};
  std::atomic<std::uint64_t> waiting_since{0};
  std::uint64_t clock = 0; // when it last read the clock

  // The loop that this thread runs, if it does.
  std::uint64_t loop = 0;
  bool runtimes_loop = false;                 // of tenterhook::runtime, which tells of its turns and of its slow slices itself
  std::atomic<std::uint64_t> sample_after{0}; // a slice that lasts so many ticks is to be sampled
  const void *wait_site = nullptr;
  unsigned waits = 0;                                          // in turn, at wait_site
  std::array<const void *, max_loop_functions> loop_functions; // those on the stack while it waits
  unsigned loop_function_count = 0;
  std::array<std::uint32_t, max_loop_places> loop_places; // stacks of waits that are in the trace, the last ones
  unsigned loop_place_count = 0;
  std::atomic<std::uint64_t> out_since{0}; // since when the loop is out of its wait; 0 while it waits
  std::atomic<std::uint64_t> ask{0};       // the watchdog wants the stack of the slice that began then
  std::atomic<bool> ask_again{false};      // and it lasts for so long that it may never end
  std::atomic<std::uint32_t> samples{0};
  std::uint64_t sampled = 0, sampled_at = 0; // the slice that the sample is of; when it was taken
  std::uint32_t sampled_stack = 0;
  std::uint64_t sampled_site = 0;
  bool sampled_inside = false, sampled_below_loop = false;
  std::uint64_t call_ended = 0, call_duration = 0; // the longest call of slice `call_slice`, of the runtime's loops
  std::uint64_t call_slice = 0;
  std::uint32_t call_stack = 0;

  trace::detail::SignalStack signal_stack;

  std::atomic<unsigned> held_count{0}; // of the entries that may be in use
  std::array<Held, max_held> held;
  unsigned next_entry = 0; // of paths, to be taken for another path
  std::array<Path, max_paths> paths;
  std::array<void *, max_frames> frames;
};

extern thread_local Thread *current __attribute__((tls_model("initial-exec")));
extern std::atomic<Thread *> all_threads;

// Makes the calling thread known; null if there is no memory.
Thread *adopt_thread() noexcept;
void forget_other_threads() noexcept; // in a forked child

// Inside: the recorder at work; hooks pass through. Keeps errno.
class Busy {
public:
  explicit Busy(Thread &thread) noexcept : thread_(thread), error_(errno) {
    ++thread_.busy;
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  ~Busy() {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    --thread_.busy;
    errno = error_;
  }
  Busy(const Busy &) = delete;
  Busy &operator=(const Busy &) = delete;

private:
  Thread &thread_;
  int error_;
};

// The thread, if a call made here is to be recorded. A recorded call that was left by longjmp is known by its frame,
// which lies below this one; then it is over.
inline Thread *enter(const Caller &here) noexcept {
  if (!trace::active() || trace::inside_writer())
    return nullptr;
  Thread *thread = current ? current : adopt_thread();
  if (!thread || thread->busy)
    return nullptr;
  if (thread->call_frame) [[unlikely]] {
    if (here.frame < thread->call_frame)
      return nullptr;
    thread->call_frame = nullptr;
  }
  return thread;
}

} // namespace tenterhook::recorder

#endif
