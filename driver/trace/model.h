// A trace as it was read: events in the order of time, all of them or a window (reader.h), what they refer to, and what was lost.
// Times are nanoseconds since the trace began. Plain data; made by reader.h, resolved to places by symbols.h.
#ifndef TENTERHOOK_DRIVER_TRACE_MODEL_H
#define TENTERHOOK_DRIVER_TRACE_MODEL_H

#include "trace/format.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <cstdint>
#include <optional>
#include <string>
#include <unordered_map>
#include <vector>

namespace tenterhook::runs {

using namespace tenterhook::trace; // Kind, Wait, BlockDetail …: the words of the format

constexpr std::int64_t longest_time = std::int64_t(1) << 60; // nanoseconds; 36 years
inline std::int64_t in_range(double nanoseconds) {
  if (!(nanoseconds > -double(longest_time)))
    return -longest_time; // also for what is no number
  return nanoseconds < double(longest_time) ? std::int64_t(nanoseconds) : longest_time;
}

// Where something happened: a return address, the key of a place that the program knows itself, or nothing (0).
struct SiteRef {
  std::uint64_t value = 0;
  bool is_key = false;
  explicit operator bool() const { return value != 0; }
  bool operator==(const SiteRef &) const = default;
};

struct Event {
  std::int64_t time = 0;
  std::uint64_t object = 0;
  SiteRef site;
  std::uint32_t arg = 0;
  std::uint32_t thread = 0; // ThreadEntry::index
  std::uint32_t detail = 0; // 1 + index into Run::details; 0: none
  Kind kind = Kind::none;
};

struct LoadedModule {
  std::uint64_t begin = 0, end = 0, bias = 0;
  std::string build_id; // raw bytes
  std::string path;
};

struct SourcePlace {
  std::string file, function;
  unsigned line = 0, column = 0;
};

struct RunThread {
  std::uint32_t index = 0, system_id = 0;
  Role role = Role::unknown;
  std::string name;
  std::uint64_t dropped = 0; // events that found no room
  std::uint64_t events = 0;  // that are here
  std::int64_t first = 0, last = 0;
};

// A stretch of time in which a task ran on a thread.
struct Slice {
  std::int64_t begin = 0, end = 0;
  std::uint32_t thread = 0;
  SiteRef ended_at; // the await, or nothing if it finished or the trace ends
};

struct Task {
  std::uint64_t id = 0, parent = 0;
  SiteRef site;                        // where it was created
  std::uint64_t creator = 0;           // return address of the coroutine's ramp; in its caller unless the ramp was inlined
  std::uint64_t ramp = 0;              // an address in the ramp; 0 if unknown
  std::uint32_t stack = 0, thread = 0; // of the creation
  std::optional<std::int64_t> created, started, done, destroyed; // missing: not seen
  bool awaited = false, with_exception = false;
  TaskEnd end = TaskEnd::done; // when destroyed
  std::vector<Slice> slices;
  std::uint64_t suspends = 0;
};

// A trace file in memory.
struct Run {
  std::string path;
  Producer producer = Producer::runtime;
  std::uint32_t process = 0, parent = 0;
  std::uint64_t start_realtime = 0; // nanoseconds since the epoch
  std::int64_t length = 0;          // time of the last that is known
  double ticks_per_nanosecond = 1;

  std::vector<Event> events;   // by time; of one time in the order of the file
  std::vector<Record> details; // the 32 bytes behind an event, to be read by detail()
  std::vector<LoadedModule> modules;
  std::vector<RunThread> threads; // by index
  std::unordered_map<std::uint32_t, std::string> strings;
  std::unordered_map<std::uint64_t, SourcePlace> sites;                 // by key
  std::unordered_map<std::uint32_t, std::vector<std::uint64_t>> stacks; // return addresses, innermost first
  std::vector<ReachTotal> reach;                                        // by (site, function)
  std::vector<LockEdge> lock_edges;
  Settings settings{};
  std::optional<End> end;
  std::vector<Task> tasks; // by id

  // What is missing, for people: torn, drops, unknown kinds. One clear line each.
  std::vector<std::string> notes;
  bool torn = false;         // the file ends within a chunk, or without an End
  std::uint64_t dropped = 0; // events, of all threads
  std::uint64_t unknown_records = 0, unknown_chunks = 0;

  // Something that happened may not be here: "nothing was seen" proves nothing.
  bool is_incomplete() const { return torn || dropped || settings.reach_lost || settings.edges_lost || unknown_records; }

  // A duration. Never more than `longest_time`, whatever a damaged file says; so are times, and the sum of a few of them
  // is a number.
  std::int64_t nanoseconds(std::uint64_t ticks) const { return in_range(double(ticks) / ticks_per_nanosecond); }
  // The detail of an event as T; null if it has none.
  template <typename T> std::optional<T> detail(const Event &event) const {
    static_assert(sizeof(T) == sizeof(Record));
    if (!event.detail)
      return std::nullopt;
    T value;
    __builtin_memcpy(&value, &details[event.detail - 1], sizeof value);
    return value;
  }
  // Empty if nobody knows.
  llvm::StringRef string(std::uint32_t id) const {
    auto found = strings.find(id);
    return found == strings.end() ? llvm::StringRef() : llvm::StringRef(found->second);
  }
  llvm::ArrayRef<std::uint64_t> stack(std::uint32_t id) const {
    auto found = stacks.find(id);
    return found == stacks.end() ? llvm::ArrayRef<std::uint64_t>() : llvm::ArrayRef<std::uint64_t>(found->second);
  }
  const SourcePlace *place(std::uint64_t key) const {
    auto found = sites.find(key);
    return found == sites.end() ? nullptr : &found->second;
  }
  const RunThread *thread(std::uint32_t index) const;
  const Task *task(std::uint64_t id) const;
};

llvm::StringRef label(Kind);
llvm::StringRef label(Role);
llvm::StringRef label(Wait);

} // namespace tenterhook::runs

#endif
