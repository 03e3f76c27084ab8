// How to get from a frame to its caller: for an address of code, the row of its call frame information (.eh_frame, as DWARF
// 5, section 6.4, and the LSB describe it). x86-64. Lock-free and async-signal-safe with glibc 2.35 and later, whose
// _dl_find_object it asks; before that the loader's lock is taken. Opens nothing, allocates nothing. Private to
// runtime/trace.
#ifndef TENTERHOOK_RUNTIME_TRACE_FRAME_ROWS_H
#define TENTERHOOK_RUNTIME_TRACE_FRAME_ROWS_H

#include <cstdint>

namespace tenterhook::trace::detail {

namespace dwarf {
enum Register : unsigned { rbp = 6, rsp = 7, r15 = 15, rip = 16 };
}

// The caller's stack pointer (the canonical frame address, CFA) is `base` + cfa_offset, or what lies there; its return
// address lies at the CFA + 8 * return_offset, its rbp at the CFA or this frame's rbp + 8 * rbp_offset. Other registers
// are not followed: compilers compute no CFA from one once the function has called another. Of glibc only lazy binding does.
struct FrameRow {
  enum Kind : std::uint8_t {
    none,       // nothing is known of this address
    outermost,  // it has no caller
    plain,      // CFA = base + cfa_offset
    indirect,   // CFA = *(base + cfa_offset), as where a function aligns its stack
    expression, // CFA = what the bytes at `code` compute
    signal,     // the frame that the kernel made for a handler: a ucontext_t lies at the stack pointer
  };
  enum Rbp : std::uint8_t { same, from_cfa, from_rbp, lost };
  Kind kind = none;
  Rbp rbp = same;
  std::uint8_t base = 0;
  std::int8_t return_offset = -1;
  std::int32_t cfa_offset = 0;
  std::int16_t rbp_offset = 0;
  const std::uint8_t *code = nullptr;
};

// Of the instruction that holds the byte at `address`.
FrameRow find_frame_row(std::uint64_t address) noexcept;
// Whether it is the program's or a library's code, and so may be a return address.
bool is_in_module(std::uint64_t address) noexcept;

} // namespace tenterhook::trace::detail

#endif
