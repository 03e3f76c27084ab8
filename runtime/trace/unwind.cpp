// libunwind's unw_backtrace takes some 7 ns a frame and finds what glibc's backtrace finds at 100 ns; it is used where
// it is installed, by name and RTLD_LOCAL, so that its _Unwind_* symbols never stand in for the compiler's.
#include "trace/unwind.h"

#include <atomic>
#include <cstring>
#include <dlfcn.h>
#include <unwind.h>

namespace tenterhook::trace::detail {
namespace {

using Backtrace = int (*)(void **, int);
constinit std::atomic<Backtrace> fast{nullptr};

struct Walk {
  void **to;
  int capacity, count;
};
int slow(void **to, int capacity) noexcept {
  Walk walk{to, capacity, 0};
  _Unwind_Backtrace(
      [](_Unwind_Context *context, void *given) {
        auto &at = *static_cast<Walk *>(given);
        auto address = _Unwind_GetIP(context);
        if (address == 0 || at.count == at.capacity)
          return _URC_END_OF_STACK;
        at.to[at.count++] = reinterpret_cast<void *>(address);
        return _URC_NO_REASON;
      },
      &walk);
  return walk.count;
}

} // namespace

void prepare_unwind() noexcept {
  if (fast.load(std::memory_order_relaxed))
    return;
  void *library = dlopen("libunwind.so.8", RTLD_NOW | RTLD_LOCAL);
  void *symbol = library ? dlsym(library, "unw_backtrace") : nullptr;
  if (!symbol)
    return;
  Backtrace found;
  std::memcpy(&found, &symbol, sizeof found);
  fast.store(found, std::memory_order_relaxed);
}

std::uint32_t unwind(std::uint64_t *to, std::uint32_t capacity, unsigned skip, const void *return_address) noexcept {
  constexpr std::uint32_t own = 16; // frames of this library at most
  void *frames[128 + own];
  int wanted = int(capacity < 128 ? capacity : 128) + int(own);
  Backtrace walk = fast.load(std::memory_order_relaxed);
  int count = walk ? walk(frames, wanted) : 0;
  if (count <= 1)
    count = slow(frames, wanted);
  int first = 0;
  for (int i = 0; i < count && i < int(own); ++i)
    if (frames[i] == return_address) {
      first = i;
      break;
    }
  first += int(skip);
  std::uint32_t kept = 0;
  for (int i = first; i < count && kept < capacity; ++i)
    to[kept++] = reinterpret_cast<std::uint64_t>(frames[i]);
  return kept;
}

} // namespace tenterhook::trace::detail
