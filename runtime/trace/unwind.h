// The calling thread's return addresses. Private to runtime/trace.
#ifndef TENTERHOOK_RUNTIME_TRACE_UNWIND_H
#define TENTERHOOK_RUNTIME_TRACE_UNWIND_H

#include <cstdint>

namespace tenterhook::trace::detail {

// Looks for libunwind; at the start, because dlopen is nothing for the middle of an event.
void prepare_unwind() noexcept;

// Innermost first, from `return_address` on (all, if it is not among them), less the first `skip`. How many.
std::uint32_t unwind(std::uint64_t *to, std::uint32_t capacity, unsigned skip, const void *return_address) noexcept;

} // namespace tenterhook::trace::detail

#endif
