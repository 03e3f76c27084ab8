// The program and its libraries: where they are mapped, their build-ids; and the places that std::source_location
// points to, which are read only where a module is mapped. Private to runtime/trace.
#ifndef TENTERHOOK_RUNTIME_TRACE_MODULES_H
#define TENTERHOOK_RUNTIME_TRACE_MODULES_H

#include "trace/format.h"
#include "trace/system.h"

#include <link.h>

namespace tenterhook::trace::detail {

struct ModuleInfo {
  std::uint64_t begin, end, bias;
  std::uint8_t build_id[32];
  std::uint32_t build_id_size;
  bool mapped; // still
  char path[403];
};

class Modules {
  static constexpr std::uint32_t capacity = 512;
  ModuleInfo list[capacity] = {};
  std::uint32_t count = 0, written = 0;
  std::uint64_t changes = 0; // of the loader's list, when read last
  // Of the one that there is. `lock`: of all above; taken under the loader's, never the other way. `reading`: held around the
  // loader's, as a process that forks meanwhile would leave that locked in its child.
  static Lock lock, reading;
  static int visit(::dl_phdr_info *, std::size_t, void *) noexcept;
  void add(const ::dl_phdr_info &) noexcept;

public:
  // Reads the loader's list if it has changed. Takes the loader's lock: not for signal handlers, nor under the writer's lock,
  // which a library's constructor may ask for.
  void refresh() noexcept;
  // Waits until nobody reads the loader's list, for a moment at most: who forks may hold the loader's lock itself.
  bool before_fork() noexcept { return reading.lock_within(100'000'000); }
  void in_parent(bool kept_off) noexcept {
    if (kept_off)
      reading.unlock();
  }
  void in_forked_child() noexcept {
    lock.reset();
    reading.reset();
  }
  // The next module that was not written yet; null at the end. For the drain.
  const ModuleInfo *next_unwritten() noexcept;
  void nothing_written() noexcept { written = 0; }
  bool contains(std::uint64_t address, std::uint64_t size) const noexcept;
};

// What a key of std::source_location points to, in both standard libraries.
struct Place {
  const char *file, *function;
  unsigned line, column;
};
// Null if the key does not point into a module.
const Place *place_of(std::uint64_t key, const Modules &) noexcept;

} // namespace tenterhook::trace::detail

#endif
