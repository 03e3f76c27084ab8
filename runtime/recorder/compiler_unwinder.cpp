// The compiler's unwinder, _Unwind_…, for exceptions and cancellation that pass through hooks: found when one does, by when
// the program has it. Linked to, it would be one more library to load in each process of a run, and that is a tenth of what
// a short one costs. All of these functions take and return words.
#include <atomic>
#include <cstdlib>
#include <dlfcn.h>

namespace {

using Words = long (*)(long, long, long);

Words find(std::atomic<void *> &known, const char *name) noexcept {
  void *found = known.load(std::memory_order_relaxed);
  if (!found) {
    void *library = dlopen("libgcc_s.so.1", RTLD_LAZY | RTLD_LOCAL);
    found = library ? dlsym(library, name) : nullptr;
    if (!found)
      std::abort(); // an exception is on its way, and there is nobody to carry it on
    known.store(found, std::memory_order_relaxed);
  }
  return reinterpret_cast<Words>(found);
}

} // namespace

// Nothing here throws or catches; exceptions only pass through. What libstdc++ would bring along for that, a pool of memory for
// when there is none and a terminate() that prints the exception's type, costs each process that is started. This keeps it out.
#define TENTERHOOK_NEVER(name)                                                                                                   \
  extern "C" [[gnu::visibility("hidden")]] void never_##name() __asm__("__cxa_" #name);                                          \
  extern "C" void never_##name() { std::abort(); }
TENTERHOOK_NEVER(allocate_exception)
TENTERHOOK_NEVER(free_exception)
TENTERHOOK_NEVER(allocate_dependent_exception)
TENTERHOOK_NEVER(free_dependent_exception)
namespace __cxxabiv1 {
[[gnu::visibility("hidden")]] extern void (*__terminate_handler)();
void (*__terminate_handler)() = std::abort;
} // namespace __cxxabiv1

// The call is the last that each makes, so that a stack is walked from who called it.
#define TENTERHOOK_FORWARD(name)                                                                                                 \
  extern "C" [[gnu::visibility("hidden")]] long forward_##name(long, long, long) __asm__("_Unwind_" #name);                      \
  extern "C" long forward_##name(long a, long b, long c) {                                                                       \
    static constinit std::atomic<void *> known{nullptr};                                                                         \
    return find(known, "_Unwind_" #name)(a, b, c);                                                                               \
  }

TENTERHOOK_FORWARD(Backtrace)
TENTERHOOK_FORWARD(DeleteException)
TENTERHOOK_FORWARD(FindEnclosingFunction)
TENTERHOOK_FORWARD(GetCFA)
TENTERHOOK_FORWARD(GetDataRelBase)
TENTERHOOK_FORWARD(GetIP)
TENTERHOOK_FORWARD(GetIPInfo)
TENTERHOOK_FORWARD(GetLanguageSpecificData)
TENTERHOOK_FORWARD(GetRegionStart)
TENTERHOOK_FORWARD(GetTextRelBase)
TENTERHOOK_FORWARD(RaiseException)
TENTERHOOK_FORWARD(Resume)
TENTERHOOK_FORWARD(Resume_or_Rethrow)
TENTERHOOK_FORWARD(SetGR)
TENTERHOOK_FORWARD(SetIP)
