// What the runtime and the recorder call to leave an event in the trace. A call costs a clock reading and one 32-byte store
// into a ring of the thread; while tracing is off, one relaxed load.
//
// Tracing is on if the environment variable TENTERHOOK_TRACE names a file when the process starts, if the recorder is
// preloaded (then the events go into its rings, so that there is one file: trace/share.h), or after trace::start().
// A forked child writes a file of its own, PATH.<process id>, from its first event on; so does a process that finds PATH
// being written by another one.
// Events are thread-safe, and async-signal-safe but for the first of a thread; the rest is thread-safe.
#ifndef TENTERHOOK_RUNTIME_TRACE_TRACE_H
#define TENTERHOOK_RUNTIME_TRACE_TRACE_H

#include "format.h" // beside this file, in the tree and where it is installed

#include <atomic>
#include <bit>
#include <cstring>
#include <ctime>
#include <source_location>
#include <type_traits>
#if defined(__x86_64__)
#include <x86intrin.h>
#endif

namespace tenterhook::trace {

// One producer (its thread), one consumer (the drain). Positions only grow; a slot is position % capacity.
struct Ring {
  static constexpr std::uint64_t capacity = 1u << 14; // records: 512 KiB a thread
  std::atomic<std::uint64_t> head{0};                 // written by the thread
  std::uint64_t room_until = 0;                       // up to here the thread need not look at the tail
  std::atomic<std::uint64_t> dropped{0};
  std::atomic<bool> writing{false};               // an event of a signal handler that comes in between is dropped, not mixed in
  std::uint32_t thread = 0;                       // index from 1
  alignas(64) std::atomic<std::uint64_t> tail{0}; // written by the drain
  alignas(64) Record records[capacity];

  // The drain's core has the lines that it read last. A line that comes over only when it is written to holds up the next
  // locked instruction, such as that of the program's own lock; so each event asks for the line of one that comes later.
  static constexpr unsigned ahead = 16;
  static void ask_for(Record &later) noexcept {
#if defined(__x86_64__)
    asm volatile("prefetchw %0" : : "m"(later)); // what __builtin_prefetch means is a read, where no -m flag is given
#else
    __builtin_prefetch(&later, 1);
#endif
  }
};

namespace detail {
extern std::atomic<bool> active;
extern constinit thread_local Ring *ring __attribute__((tls_model("initial-exec")));
Ring *attach() noexcept;                   // makes or takes the thread's ring; null while tracing is off
bool make_room(Ring &, unsigned) noexcept; // refreshes room_until; false (and counts a drop) if the ring is full
} // namespace detail

inline bool active() noexcept { return detail::active.load(std::memory_order_relaxed); }

inline std::uint64_t now() noexcept {
#if defined(__x86_64__)
  return __rdtsc();
#else
  timespec t;
  clock_gettime(CLOCK_MONOTONIC, &t);
  return std::uint64_t(t.tv_sec) * 1'000'000'000u + std::uint64_t(t.tv_nsec);
#endif
}

// A place as a 64-bit key: both standard libraries hold a std::source_location as one pointer to constant data, which the
// drain reads to write the SiteEntry.
inline std::uint64_t key(const std::source_location &place) noexcept {
  static_assert(sizeof place == sizeof(std::uint64_t));
  return std::bit_cast<std::uint64_t>(place);
}

namespace detail {
// Gives the event's ticks; 0 if there is none.
template <typename Detail>
inline std::uint64_t put(Kind kind, std::uint64_t object, std::uint64_t site, std::uint16_t flag, std::uint32_t arg,
                         const Detail *detail) noexcept {
  constexpr unsigned units = std::is_same_v<Detail, void *> ? 1 : 2;
  Ring *to = ring ? ring : attach();
  if (!to)
    return 0;
  if (to->writing.load(std::memory_order_relaxed)) {
    to->dropped.fetch_add(1, std::memory_order_release);
    return 0;
  }
  to->writing.store(true, std::memory_order_relaxed);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  std::uint64_t at = to->head.load(std::memory_order_relaxed);
  if (at + units > to->room_until && !make_room(*to, units)) {
    to->writing.store(false, std::memory_order_relaxed);
    return 0;
  }
  std::uint64_t ticks = now();
  to->records[at % Ring::capacity] = {
      ticks, object, site, arg, std::uint16_t(std::uint16_t(kind) | flag), std::uint16_t(units - 1)};
  if constexpr (units == 2)
    std::memcpy(&to->records[(at + 1) % Ring::capacity], detail, sizeof(Record));
  to->head.store(at + units, std::memory_order_release);
  Ring::ask_for(to->records[(at + Ring::ahead) % Ring::capacity]);
  std::atomic_signal_fence(std::memory_order_seq_cst);
  to->writing.store(false, std::memory_order_relaxed);
  return ticks;
}
} // namespace detail

// An event at a place in the source.
inline void emit(Kind kind, std::uint64_t object, const std::source_location &site, std::uint32_t arg = 0) noexcept {
  if (active())
    detail::put<void *>(kind, object, key(site), site_is_key, arg, nullptr);
}
template <typename Detail>
inline void emit(Kind kind, std::uint64_t object, const std::source_location &site, std::uint32_t arg,
                 const Detail &more) noexcept {
  static_assert(sizeof(Detail) == sizeof(Record));
  if (active())
    detail::put(kind, object, key(site), site_is_key, arg, &more);
}
// An event at a return address (0: nowhere).
inline void emit_at(Kind kind, std::uint64_t object, std::uint64_t address, std::uint32_t arg = 0) noexcept {
  if (active())
    detail::put<void *>(kind, object, address, 0, arg, nullptr);
}
template <typename Detail>
inline void emit_at(Kind kind, std::uint64_t object, std::uint64_t address, std::uint32_t arg, const Detail &more) noexcept {
  static_assert(sizeof(Detail) == sizeof(Record));
  if (active())
    detail::put(kind, object, address, 0, arg, &more);
}

// The stack of this thread as an id for a detail; 0 while tracing is off. Costs microseconds: for rare events.
std::uint32_t stack(unsigned skip = 0) noexcept;
// The id of a text that lives as long as the process.
std::uint32_t intern(const char *text) noexcept;

// Totals that are never dropped.
struct Reach {
  std::uint64_t site;
  bool site_is_key;
  std::uint32_t function;
  bool inside, nonblocking;
  std::uint64_t duration; // ticks
};
void reach(const Reach &) noexcept;
void lock_edge(const LockEdge &) noexcept; // count is ignored; one call is one time

void name_thread(const char *name) noexcept;
void set_role(Role) noexcept;

// A fresh id for a task or a piece of work.
std::uint64_t new_id() noexcept;

// The duration in ticks from which on a call counts as one that blocks (Settings::block_threshold).
std::uint64_t block_threshold() noexcept;
// A loop watches for slices from so many nanoseconds on (Settings::stall_threshold); 0: it does not watch. Of several
// loops the longest counts: from there on, each that watches leaves its stalls. The recorder's own watch comes before
// what it is told here.
void watch_stalls(std::uint64_t threshold) noexcept;
// This thread runs a loop from here on, until leave_loop(), which leaves a stall of each slice of at least `threshold`
// nanoseconds (0: of none). Sets the role, writes loop_enter; a recorder then watches it instead of finding a loop itself.
void enter_loop(std::uint64_t loop, std::uint64_t threshold) noexcept;
void leave_loop(std::uint64_t loop) noexcept;
// For StallDetail::stack, by who is about to write the stall of a slice of enter_loop()'s that lasted `ticks` and has just
// ended: the stack that a recorder took meanwhile, 0 if none was taken. The recorder then writes no stall of it.
std::uint32_t stall_stack(std::uint64_t ticks) noexcept;
// This thread's index in the trace (ThreadEntry::index); 0 while tracing is off.
std::uint32_t thread_index() noexcept;

// Turns tracing on, into `path`. False with errno set if the file cannot be made, if one is there that is no trace
// (EEXIST), or if tracing is on already (EBUSY).
bool start(const char *path) noexcept;
// Writes everything that is in the rings; returns when it is in the file.
void flush() noexcept;
// flush(), the End chunk, and off. Also done at exit, abort and fatal signals.
void stop() noexcept;

} // namespace tenterhook::trace

#endif
