// Writes a trace with an event, a stack and an inlined frame whose lines the symbolizer is to find. Run with TENTERHOOK_TRACE.
#include "trace/trace.h"

namespace trace = tenterhook::trace;

namespace app {

inline __attribute__((always_inline)) std::uint64_t inlined_into() {
  trace::BlockDetail detail{};
  detail.stack = trace::stack(); // line 10
  detail.duration = 5;
  std::uint64_t here = 0;
#if defined(__x86_64__)
  asm volatile("call 1f\n1: pop %0" : "=r"(here)); // an address on line 14
#endif
  trace::emit_at(trace::Kind::block, 0, here, trace::intern("read"), detail);
  return here;
}

__attribute__((noinline)) std::uint64_t outer(int depth) {
  std::uint64_t result = depth > 0 ? outer(depth - 1) : inlined_into(); // line 21
  asm volatile("" : "+r"(result));
  return result;
}

} // namespace app

int main() {
  trace::emit(trace::Kind::task_new, 1, std::source_location::current(), 0, trace::TaskDetail{});
  return app::outer(BUILD) == 1; // line 30; BUILD makes builds differ
}
