// The cache of descriptors. See descriptors.h. A race with another thread that closes the descriptor gives a stale
// answer at the worst, and what is recorded as blocking is asked anew.
#include "recorder/descriptors.h"
#include "trace/system.h"

#include <array>
#include <fcntl.h>
#include <sys/socket.h>
#include <sys/stat.h>

namespace tenterhook::recorder {
namespace {

using namespace trace::detail;

constexpr unsigned char is_known = 1, is_nonblocking = 2, is_regular = 4, is_counting = 8;
constinit std::array<std::atomic<unsigned char>, 1u << 16> known;

bool in_cache(int descriptor) { return descriptor >= 0 && unsigned(descriptor) < known.size(); }

} // namespace

Descriptor describe(int descriptor, bool fresh) noexcept {
  if (descriptor < 0)
    return {};
  unsigned char flags = in_cache(descriptor) ? known[unsigned(descriptor)].load(std::memory_order_relaxed) : 0;
  if (fresh || !(flags & is_known)) {
    flags = (flags & is_counting) | is_known;
    struct stat file;
    bool of_disk = false;
    if (system_call(SYS_fstat, descriptor, word(&file)) == 0) {
      if (S_ISREG(file.st_mode) || S_ISDIR(file.st_mode))
        flags |= is_regular;
      of_disk = (flags & is_regular) || S_ISBLK(file.st_mode);
    }
    long status = system_call(SYS_fcntl, descriptor, F_GETFL);
    if (status >= 0 && (status & O_NONBLOCK) && !of_disk)
      flags |= is_nonblocking;
    if (in_cache(descriptor))
      known[unsigned(descriptor)].store(flags, std::memory_order_relaxed);
  }
  return {(flags & is_nonblocking) != 0, (flags & is_regular) != 0};
}

void forget_descriptor(int descriptor) noexcept {
  if (in_cache(descriptor))
    known[unsigned(descriptor)].store(0, std::memory_order_relaxed);
}

void note_counts_threads(int descriptor) noexcept {
  if (in_cache(descriptor))
    known[unsigned(descriptor)].fetch_or(is_counting, std::memory_order_relaxed);
}

bool counts_threads(int descriptor) noexcept {
  return in_cache(descriptor) && (known[unsigned(descriptor)].load(std::memory_order_relaxed) & is_counting);
}

bool is_stream_of_data(int descriptor) noexcept {
  int value = 0;
  socklen_t size = sizeof value;
  return system_call(SYS_getsockopt, descriptor, SOL_SOCKET, SO_ACCEPTCONN, word(&value), word(&size)) == 0 && !value;
}

} // namespace tenterhook::recorder
