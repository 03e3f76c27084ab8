// What a call leaves in the trace: its reach total, and a block record with a stack if it took long and could wait.
#include "recorder/descriptors.h"
#include "recorder/hook.h"
#include "recorder/locks.h"
#include "recorder/loops.h"
#include "recorder/reach.h"
#include "recorder/stack.h"
#include "trace/system.h"

#include <dlfcn.h>

namespace tenterhook::recorder {

TENTERHOOK_WRITTEN_BY_FORK constinit Settings settings;

constinit std::atomic<void *> AnyFunction::addresses[capacity];

void *AnyFunction::look_up() const noexcept {
  int error = errno;
  void *found = *version_ ? dlvsym(RTLD_NEXT, name_, version_) : nullptr;
  if (!found)
    found = dlsym(RTLD_NEXT, name_);
  errno = error;
  addresses[index()].store(found, std::memory_order_relaxed);
  return found;
}

void Call::done(bool failed) noexcept {
  thread_.clock = trace::now();
  std::uint64_t duration = thread_.clock - start_;
  Busy busy(thread_);
  leave();
  if (!lock_ && trace::wants_draining() && count_held(thread_) == 0)
    trace::start_draining(false);
  bool slow = duration >= settings.block_ticks;
  bool nonblocking =
      what_.nonblocking || (what_.descriptor >= 0 && !what_.in_any_mode && describe(what_.descriptor, slow).nonblocking);
  if (slow || lock_)
    return write_block(duration, slow, failed, nonblocking);
  count_reach(locate(thread_, here_), function_.name_id(), nonblocking, duration);
}

void Call::write_block(std::uint64_t duration, bool slow, bool failed, bool nonblocking) noexcept {
  Stack stack = walk(thread_);
  const Place &place = stack.place;
  trace::reach({place.site, false, function_.name_id(), place.inside, nonblocking, duration});
  if (nonblocking)
    return;
  bool keep = slow && settings.block_ticks;
  trace::BlockDetail detail{};
  detail.duration = duration;
  detail.stack = keep ? keep_stack(thread_, stack) : 0;
  detail.locks_held = count_held(thread_);
  detail.descriptor = what_.descriptor;
  if (place.inside)
    detail.flags |= trace::in_coroutine;
  if (slow)
    note_loop_of_library(thread_, stack);
  if (thread_.loop)
    detail.flags |= trace::on_loop_thread;
  if (slow && thread_.loop && is_below_known_loop(thread_, stack))
    detail.flags |= trace::below_loop;
  if (detail.locks_held)
    detail.flags |= trace::under_lock;
  if (failed)
    detail.flags |= trace::failed;
  if (what_.disk || (what_.descriptor >= 0 && describe(what_.descriptor, false).regular))
    detail.flags |= trace::regular_file;
  if (slow)
    trace::emit_at(trace::Kind::block, 0, place.site, function_.name_id(), detail);
  if (lock_)
    trace::emit_at(trace::Kind::lock_wait, reinterpret_cast<std::uint64_t>(lock_), place.site, function_.name_id(), detail);
  if (slow)
    note_stalling_call(thread_, stack, detail.stack, duration);
}

} // namespace tenterhook::recorder
