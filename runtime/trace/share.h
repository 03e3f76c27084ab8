// What a recorder needs beyond trace.h. One process writes one file: the recorder's library holds a copy of the writer,
// and a program that uses the runtime holds another. The recorder exports
//
//   extern "C" [[gnu::visibility("default")]] const tenterhook::trace::Table *tenterhook_trace_v1() {
//     return tenterhook::trace::own_table();
//   }
//
// and the program's copy, which looks for that symbol when it is loaded, puts its events into the recorder's rings.
// A copy that finds itself in the table is the recorder's: it does not look at TENTERHOOK_TRACE and waits for
// start_as().
#ifndef TENTERHOOK_RUNTIME_TRACE_SHARE_H
#define TENTERHOOK_RUNTIME_TRACE_SHARE_H

#include "trace/trace.h"

namespace tenterhook::trace {

inline constexpr std::uint64_t id_block_size = 1024;
// The layout is fixed by the 1 in the symbol's name; so is Ring's.
struct Table {
  std::uint32_t size; // of this struct; a later one may have grown
  std::uint32_t format;
  // A copy that uses this one's rings: *flag is kept as active() says. leave() before the flag goes away.
  bool (*join)(std::atomic<bool> *flag);
  void (*leave)(std::atomic<bool> *flag);
  Ring *(*attach)(Ring **slot); // sets the calling thread's *slot, to null again when the thread ends or forks
  bool (*make_room)(Ring *, unsigned);
  std::uint32_t (*stack)(unsigned skip, const void *return_address);
  std::uint32_t (*intern)(const char *);
  void (*reach)(const Reach *);
  void (*lock_edge)(const LockEdge *);
  void (*name_thread)(const char *);
  void (*set_role)(Role);
  std::uint64_t (*id_block)(); // the first of id_block_size fresh ids
  void (*flush)();
  std::uint64_t (*block_threshold)();
  std::uint32_t (*thread_index)();
  void (*watch_stalls)(std::uint64_t threshold);
  void (*enter_loop)(std::uint64_t loop, std::uint64_t threshold);
  void (*leave_loop)();
  std::uint32_t (*stall_stack)(std::uint64_t ticks);
};
const Table *own_table() noexcept;

// start() for a producer that is not the runtime.
struct Origin {
  // Of a process that another one of the run started: the file is made when there is something to tell, in the folder
  // PATH.children. What such a process cannot write it does not complain about: its standard error is the program's.
  bool child = false;
  double ticks_per_nanosecond = 0; // 0: to be measured
};
bool start_as(Producer, const char *path, const Origin & = {}) noexcept;

// The thresholds that Settings tells, in nanoseconds; 1 ms and 0 at first. A stall threshold says that somebody
// watches. Before start_as().
void set_thresholds(std::uint64_t block, std::uint64_t stall) noexcept;

// What a recorder does about the loops that the program's copy tells of (trace.h). Set before start_as().
struct LoopWatch {
  void (*enter)(std::uint64_t loop, std::uint64_t threshold) noexcept;
  void (*leave)() noexcept;
  std::uint32_t (*stall_stack)(std::uint64_t ticks) noexcept;
};
extern std::atomic<const LoopWatch *> loop_watch;

// The thread that empties the rings is made at the first event, for which memory is allocated. A recorder's own events come
// while the program holds locks, of its malloc even: they only set this, and the recorder calls start_draining() where
// that can do no harm. Until then who fills a ring empties it. A child gets no thread in its first tenth of a second, unless
// it is `settled`: most children are over by then.
bool wants_draining() noexcept;
void start_draining(bool settled) noexcept;
// The program is about to count its threads: the thread ends, and none is made for a tenth of a second. The kernel counts it no
// more when this returns. False where it is to stay: in a vfork child, or within the writer. Keeps errno.
bool put_off_threads() noexcept;
bool threads_are_put_off() noexcept;

// In a forked child that is not to be recorded.
void stop_in_child() noexcept;

// Texts that each file of this producer has, without a place in the table: text i has the id first_fixed_string + i.
// Null behind the last. Set before start_as().
inline constexpr std::uint32_t first_fixed_string = 1u << 14;
extern std::atomic<const char *(*)(std::uint32_t) noexcept> fixed_string;

// Whether what a child has counted is worth a file although no event is: asked when it ends. Set before start_as().
extern std::atomic<bool (*)() noexcept> totals_matter;

// This process's file cannot be opened, or not again: nobody will read what it tells from now on. Async-signal-safe. Set before
// start_as().
extern std::atomic<void (*)() noexcept> trace_is_lost;

// What a producer counts itself, it adds to the totals when it is called here: before they are written, also in the handler
// of a fatal signal, by any thread. Set before start_as().
extern std::atomic<void (*)() noexcept> before_totals;

// The process ends or becomes another program: everything is written, then how. Tracing stays on after Ending::exec,
// which may fail. Safe in a signal handler. For _exit, exec and what else no handler of the writer's own sees.
void finish(Ending, std::uint32_t value) noexcept;

// The id of a stack that the caller has unwound itself, innermost return address first; 0 while tracing is off.
std::uint32_t add_stack(const std::uint64_t *addresses, std::uint32_t count) noexcept;

// This thread is inside the writer (or is its drain): what it calls now is not the program's doing.
inline bool inside_writer() noexcept;

namespace detail {
extern constinit thread_local unsigned inside __attribute__((tls_model("initial-exec")));
struct Inside {
  Inside() noexcept { ++inside; }
  ~Inside() { --inside; }
  Inside(const Inside &) = delete;
  Inside &operator=(const Inside &) = delete;
};
} // namespace detail
inline bool inside_writer() noexcept { return detail::inside != 0; }

} // namespace tenterhook::trace

#endif
