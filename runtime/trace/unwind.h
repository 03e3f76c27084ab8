// The calling thread's return addresses. On x86-64 by an unwinder of our own, that takes some nanoseconds a frame, opens no
// descriptor (libunwind keeps a pipe on the program's first free ones), takes no lock and allocates nothing: it serves in
// signal handlers and forked children. Elsewhere the compiler's. Private to runtime/trace and the recorder.
#ifndef TENTERHOOK_RUNTIME_TRACE_UNWIND_H
#define TENTERHOOK_RUNTIME_TRACE_UNWIND_H

#include <cstdint>

namespace tenterhook::trace::detail {

// Innermost first, from the caller's own frame on. How many. In a signal handler: through the handler's frame to what was
// interrupted, whose address is the first behind that of the kernel's frame.
std::uint32_t walk_stack(void **to, std::uint32_t capacity) noexcept;

// Innermost first, from `return_address` on (all, if it is not among them), less the first `skip`. How many.
std::uint32_t unwind(std::uint64_t *to, std::uint32_t capacity, unsigned skip, const void *return_address) noexcept;

// Up to where the stack of the live frame at `frame` can be read, now and whenever a frame of this thread is at that address: to
// the end of the thread's own stack, as far as walks have seen it, or, on any other (an alternate signal stack, a fiber's), of
// the frame's page. What lies above may be another's, or nobody's.
const void *readable_above(const void *frame) noexcept;

// A module was unloaded: what is known of its addresses may not be true of the next.
void forget_frame_rows() noexcept;

} // namespace tenterhook::trace::detail

#endif
