// The event of a call that makes its thread wait (a queue's get, a future's get, a condition variable's wait): one
// object for the length of the call. While tracing is off it costs one load.
//
// Every call is counted at its place, so that "reached, and never waited" can be told; an event with the duration, and
// with a stack where the wait delays more than this thread, is left only if waiting() was called.
#ifndef TENTERHOOK_BLOCK_EVENT_H
#define TENTERHOOK_BLOCK_EVENT_H

#include "trace/trace.h"

#include <cstdint>
#include <source_location>

namespace tenterhook::detail {

// What is true of this thread now, as flags of trace::BlockDetail.
std::uint32_t block_flags() noexcept;

class block_event {
public:
  // `function`: a literal, what the program called. `can_wait` is false for try_ calls.
  block_event(const char *function, const std::source_location &place, bool can_wait = true) noexcept
      : place_(place), function_(function), can_wait_(can_wait) {
    if (trace::active()) [[unlikely]]
      begin_ = trace::now();
  }
  block_event(const block_event &) = delete;
  block_event &operator=(const block_event &) = delete;
  ~block_event() {
    if (begin_ != 0) [[unlikely]]
      finish();
  }

  void waiting() noexcept { waited_ = true; }

private:
  void finish() noexcept;

  std::source_location place_;
  const char *function_;
  std::uint64_t begin_ = 0;
  bool can_wait_;
  bool waited_ = false;
};

} // namespace tenterhook::detail

#endif
