// What the program hands to the kernel by a pointer, looked at before the kernel has checked it: a pointer that leads nowhere
// is EFAULT in the call and must not end the process in our hook. Async-signal-safe; keeps errno. Private to runtime/trace and
// the recorder.
#ifndef TENTERHOOK_RUNTIME_TRACE_PROGRAM_MEMORY_H
#define TENTERHOOK_RUNTIME_TRACE_PROGRAM_MEMORY_H

#include <cstddef>
#include <cstdint>
#include <cstring>
#include <type_traits>

namespace tenterhook::trace::detail {

// Whether all of it can be read. A kernel that does not tell is taken to say no.
bool is_readable(std::uintptr_t at, std::size_t size) noexcept;
// A text that ends within `size`. False if it does not, or cannot be read.
bool copy_from_program(const char *from, char *to, std::size_t size) noexcept;
// False if it cannot be written.
bool write_to_program(void *to, const void *from, std::size_t size) noexcept;

template <typename T> bool read_from_program(const T *from, T &to) noexcept {
  static_assert(std::is_trivially_copyable_v<T>);
  constexpr std::uintptr_t page = 4096;
  auto at = reinterpret_cast<std::uintptr_t>(from), frame = reinterpret_cast<std::uintptr_t>(__builtin_frame_address(0));
  bool is_on_this_page = at >= frame && at + sizeof to > at && at + sizeof to <= (frame | (page - 1)) + 1;
  if (!is_on_this_page && !is_readable(at, sizeof to)) // a local variable of the caller's needs no question
    return false;
  std::memcpy(&to, from, sizeof to);
  return true;
}

} // namespace tenterhook::trace::detail

#endif
