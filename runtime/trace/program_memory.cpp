// Questions to the kernel that answer whether memory is there. See program_memory.h.
#include "trace/program_memory.h"
#include "trace/system.h"

#include <sys/uio.h>

namespace tenterhook::trace::detail {
namespace {

// The kernel copies the set before it looks at what is to be done with it, and nothing is: EINVAL, or EFAULT. (So does Abseil
// ask, in debugging/internal/address_is_readable.cc.)
bool is_word_readable(std::uintptr_t at) noexcept {
  constexpr long no_such_request = -1;
  return system_call(SYS_rt_sigprocmask, no_such_request, long(at), 0, sizeof(std::uint64_t)) == -EINVAL;
}

} // namespace

bool is_readable(std::uintptr_t at, std::size_t size) noexcept {
  constexpr std::uintptr_t page = 4096, word_size = sizeof(std::uint64_t);
  std::uintptr_t end = at + size;
  if (size == 0 || end < at)
    return size == 0;
  for (std::uintptr_t each = at & ~(word_size - 1); each < end; each = (each | (page - 1)) + 1)
    if (!is_word_readable(each))
      return false;
  return true;
}

bool copy_from_program(const char *from, char *to, std::size_t size) noexcept {
  constexpr std::uintptr_t page = 4096;
  for (std::size_t i = 0; i < size; ++i) {
    if ((i == 0 || reinterpret_cast<std::uintptr_t>(from + i) % page == 0) &&
        !is_readable(reinterpret_cast<std::uintptr_t>(from + i), 1))
      return false;
    if ((to[i] = from[i]) == 0)
      return true;
  }
  return false;
}

bool write_to_program(void *to, const void *from, std::size_t size) noexcept {
  iovec source{const_cast<void *>(from), size}, target{to, size};
  long done = system_call(SYS_process_vm_writev, process_id(), word(&source), 1, word(&target), 1, 0);
  if (done == -EFAULT)
    return false;
  if (done != long(size)) // not allowed, or written in part
    std::memcpy(to, from, size);
  return true;
}

} // namespace tenterhook::trace::detail
