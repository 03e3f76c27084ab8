// What must never be lost, outside the rings: strings, stacks, reach totals, lock edges. Each is a hash table of fixed
// capacity in zeroed memory that any thread (and any signal handler) enters without a lock; what finds no room is
// counted. Entries stay; `order` lists them as they came, for the drain. Private to runtime/trace.
#ifndef TENTERHOOK_RUNTIME_TRACE_TABLES_H
#define TENTERHOOK_RUNTIME_TRACE_TABLES_H

#include "trace/trace.h"

namespace tenterhook::trace::detail {

// Open addressing on a 64-bit key that is not 0. Three quarters of the slots are used at most.
template <typename Value, unsigned Bits> class Table64 {
public:
  static constexpr std::uint32_t size = 1u << Bits, capacity = size / 4 * 3;
  struct Slot {
    std::atomic<std::uint64_t> key;
    Value value;
  };
  Slot slots[size];
  std::atomic<std::uint32_t> order[size]; // slot + 1; 0 while its thread has not got so far
  std::atomic<std::uint32_t> used;
  std::atomic<std::uint64_t> lost;

  // The slot of `key`; fresh: this call made it. Null, and counted, if there is no room.
  Slot *claim(std::uint64_t key, std::uint64_t hash, bool &fresh) noexcept {
    fresh = false;
    std::uint32_t at = std::uint32_t(hash >> (64 - Bits));
    for (std::uint32_t probes = 0; probes < size; ++probes, at = (at + 1) & (size - 1)) {
      std::uint64_t there = slots[at].key.load(std::memory_order_acquire);
      if (there == 0) {
        if (used.load(std::memory_order_relaxed) >= capacity)
          break;
        if (slots[at].key.compare_exchange_strong(there, key, std::memory_order_acq_rel)) {
          order[used.fetch_add(1, std::memory_order_relaxed)].store(at + 1, std::memory_order_release);
          fresh = true;
          return &slots[at];
        }
      }
      if (there == key)
        return &slots[at];
    }
    lost.fetch_add(1, std::memory_order_relaxed);
    return nullptr;
  }
  std::uint32_t id_of(const Slot *slot) const noexcept { return std::uint32_t(slot - slots) + 1; }
  Slot *in_order(std::uint32_t index) noexcept {
    std::uint32_t at = order[index].load(std::memory_order_acquire);
    return at ? &slots[at - 1] : nullptr;
  }
};

// A text or stack of `size` items in the arena of its table; ready when its writer has copied it there.
struct Kept {
  std::atomic<bool> ready;
  bool written; // the drain's
  std::uint32_t begin, size;
};

struct ReachCounts {
  std::atomic<std::uint64_t> outside, inside, nonblocking, slow, slow_inside, longest;
  std::uint64_t seen; // the drain's: outside + inside when written last
};

struct EdgeCounts {
  LockEdge first; // as it was seen first
  std::atomic<bool> ready;
  std::atomic<std::uint32_t> thread, flags;
  std::atomic<std::uint64_t> count, gate; // gate: 0 before the first, then ~gate; ~0 when there was none or another
  std::uint64_t seen;
};

struct Tables {
  static constexpr std::uint32_t text_bytes = 1u << 20, frame_words = 1u << 20, max_frames = 128, max_functions = 1u << 15;
  Table64<Kept, 13> strings;
  Table64<Kept, 15> stacks;
  // The totals, on pages of their own.
  alignas(4096) Table64<ReachCounts, 15> reach; // key: site, function and flag packed
  Table64<EdgeCounts, 15> edges;
  alignas(4096) std::atomic<std::uint32_t> text_used, frames_used;
  char text[text_bytes];
  std::uint64_t frames[frame_words];

  std::uint32_t add_string(const char *) noexcept;
  std::uint32_t add_stack(const std::uint64_t *, std::uint32_t count) noexcept;
  void add_reach(const Reach &, std::uint64_t threshold) noexcept;
  void add_edge(const LockEdge &, std::uint32_t thread) noexcept;
  // With no other thread about: totals from zero, strings and stacks kept.
  void zero_totals() noexcept;
  // A forked child's totals are zero. Before the fork; false if zero_totals() is to be called after it.
  bool zero_totals_in_child() noexcept;
  // For a new file: all is to be written again. Under the drain's lock.
  void nothing_written() noexcept;

  static std::atomic<bool> any_reached; // ever; a word that costs no page to look at
  static ReachTotal unpack(std::uint64_t key, const ReachCounts &) noexcept;
};
// In memory that is zero from the start: no constructor runs, and no page is touched before it is used.
union ZeroedTables {
  char none;
  Tables value;
  constexpr ZeroedTables() noexcept : none(0) {}
  ~ZeroedTables() {}
};
extern ZeroedTables zeroed_tables;
inline Tables &tables = zeroed_tables.value;

} // namespace tenterhook::trace::detail

#endif
