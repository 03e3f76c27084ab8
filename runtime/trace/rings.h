// The rings of all threads. A thread takes a free ring at its first event and gives it back when it ends; the drain
// empties it before somebody else gets it. Rings are never unmapped, so a late event of an ending thread hits no freed
// memory. Private to runtime/trace.
#ifndef TENTERHOOK_RUNTIME_TRACE_RINGS_H
#define TENTERHOOK_RUNTIME_TRACE_RINGS_H

#include "trace/signal_stack.h"
#include "trace/system.h"
#include "trace/trace.h"

#include <pthread.h>

namespace tenterhook::trace::detail {

enum class Seating : std::uint32_t { free, taken, finished };

// A ring and who sits on it.
struct Seat {
  Ring ring;
  std::atomic<Seating> seating{Seating::free};
  std::uint32_t system_id = 0;
  std::atomic<Role> role{Role::unknown};
  bool named = false;               // by name_thread
  char name[64] = {};               // under Rings::naming
  std::atomic<bool> changed{false}; // role or name, since the drain wrote them
  std::uint64_t drained = 0;        // the drain's: records of this thread
  std::uint64_t drops_written = 0;  // the drain's
  std::uint64_t drops_before = 0;   // of Ring::dropped: what an earlier file was told
  Ring **slots[4] = {};             // thread-locals that point here, to be set to null
  SignalStack signal_stack;

  std::uint64_t waiting() const noexcept; // events that were not drained, or dropped and not told. The drain's
};

class Rings {
public:
  static constexpr std::uint32_t capacity = 1024; // half a gigabyte, if all were full

  // The calling thread's seat, taken now if it has none; `slot` is set to its ring. Null if there are too many threads.
  Seat *take(Ring **slot) noexcept;
  Seat *mine() noexcept;
  // The calling thread ends: it gives its seat back after the destructors of its other thread-specific data, which may
  // leave events.
  void thread_ends() noexcept;
  void name(Seat &, const char *) noexcept;
  // In a forked child: there are none, whatever their threads had begun.
  void abandon() noexcept;
  // For a new file: what threads left in their rings as the one before was ended, and what they dropped, is not its
  // own. Under the drain's lock.
  void forget_the_past() noexcept;
  bool prepare() noexcept; // once, before any other; makes the key that sees threads end

  std::uint32_t count() const noexcept {
    std::uint32_t made = size.load(std::memory_order_acquire);
    return made < capacity ? made : capacity;
  }
  Seat *at(std::uint32_t index) const noexcept { return seats[index].load(std::memory_order_acquire); }

  std::atomic<std::uint64_t> seatless{0}; // events of threads that found no seat
  std::atomic<std::uint32_t> finished{0};
  Lock naming;

private:
  std::atomic<std::uint32_t> size{0}, next_index{1};
  pthread_key_t ending = 0;
  bool prepared = false;
  static std::atomic<Seat *> seats[capacity];

  void release() noexcept;
  Seat *find_free() noexcept;
  Seat *make() noexcept;
};
extern Rings rings;

} // namespace tenterhook::trace::detail

#endif
