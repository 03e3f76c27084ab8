// The events of a trace in the order of time, read from its bytes as often as somebody asks and never all at once. Chunks
// of records are each of one thread; they are merged, and one is decoded when the merge comes to its earliest event. So
// memory holds what overlaps in time: of a trace as the writer makes it, the chunks of one drain.
// Events of one time come in the order of the file, whatever is asked for at once.
#ifndef TENTERHOOK_DRIVER_TRACE_EVENT_STREAM_H
#define TENTERHOOK_DRIVER_TRACE_EVENT_STREAM_H

#include "trace/clock.h"
#include "trace/model.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <map>
#include <tuple>

namespace tenterhook::runs {

// Gives memory back now and then while a large file is read: its pages, which come back when they are read again.
using Release = llvm::function_ref<void()>;
constexpr std::size_t bytes_between_releases = 32u << 20;

class EventStream {
public:
  // The bytes have to outlive it.
  explicit EventStream(llvm::StringRef bytes = {}) : bytes_(bytes) {}

  // A chunk's records, whose checksum holds, in the order of the file. Returns where the last one ends, which is before
  // the end if it is longer than the chunk.
  std::size_t add_chunk(std::uint32_t thread, std::size_t offset, std::size_t size);
  // All chunks were added.
  void settle(const Clock &, double ticks_per_nanosecond);

  struct Extent { // of a thread
    std::uint64_t events = 0;
    std::int64_t first = 0, last = 0;
  };
  const std::map<std::uint32_t, Extent> &threads() const { return threads_; } // first and last once it is settled
  std::uint64_t count() const { return count_; }
  std::uint64_t unknown_records() const { return unknown_records_; }
  std::int64_t last() const { return last_; } // the time of the last event

  // The next events, `most` at most, in place of those that are there. False if there are none left.
  bool next(std::size_t most, std::vector<Event> &events, std::vector<Record> &details, Release release = nullptr);
  void rewind();
  void shift(std::int64_t nanoseconds) { shift_ += nanoseconds; } // events count their time from so much earlier

private:
  struct Chunk {
    std::size_t offset = 0;
    std::uint64_t ticks = 0; // the lowest
    std::int64_t key = 0;    // no event is earlier
    std::uint32_t size = 0, thread = 0;
  };
  struct Placed { // Event::detail tells whether it has one
    Event event;
    std::size_t offset = 0;
    bool operator<(const Placed &other) const { return std::tie(event.time, offset) < std::tie(other.event.time, other.offset); }
  };
  struct Decoded {
    std::vector<Placed> events;
    std::size_t at = 0;
    const Placed &front() const { return events[at]; }
  };
  struct Stall {
    std::uint64_t ticks = 0, duration = 0, loop = 0;
    std::size_t offset = 0;
    std::uint32_t thread = 0;
  };
  template <typename Take> std::size_t each_record(std::size_t offset, std::size_t size, Take take) const;
  void drop_unfinished_stalls(double ticks_per_nanosecond);
  Decoded decode(const Chunk &) const;

  llvm::StringRef bytes_;
  Clock clock_;
  std::vector<Chunk> chunks_; // by key, once it is settled
  std::map<std::uint32_t, Extent> threads_;
  std::map<std::uint32_t, std::pair<std::uint64_t, std::uint64_t>> ticks_; // of their first and last event
  std::vector<Stall> stalls_;
  llvm::DenseSet<std::uint64_t> dropped_; // offsets of stalls
  std::uint64_t count_ = 0, unknown_records_ = 0;
  std::int64_t last_ = 0;

  std::size_t loaded_ = 0;      // of chunks_
  std::vector<Decoded> merged_; // a heap, the earliest on top
  std::size_t since_release_ = 0;
  std::int64_t shift_ = 0;
};

} // namespace tenterhook::runs

#endif
