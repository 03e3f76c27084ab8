// The traced half of block_event.h.
#include <tenterhook/block_event.h>
#include <tenterhook/executor.h>
#include <tenterhook/held_locks.h>
#include <tenterhook/thread_pool.h>

namespace tenterhook::detail {

std::uint32_t block_flags() noexcept {
  std::uint32_t flags = 0;
  if (current_task() != 0)
    flags |= trace::in_coroutine;
  if (executor *here = executor::current())
    flags |= dynamic_cast<thread_pool *>(here) ? trace::on_worker : trace::on_loop_thread;
  if (held_lock_count() != 0)
    flags |= trace::under_lock;
  return flags;
}

void block_event::finish() noexcept {
  if (!trace::active())
    return;
  const std::uint64_t duration = trace::now() - begin_;
  const std::uint32_t name = trace::intern(function_);
  std::uint32_t flags = block_flags();
  if (!can_wait_)
    flags |= trace::nonblocking;
  trace::reach({trace::key(place_), true, name, (flags & trace::in_coroutine) != 0, !can_wait_, waited_ ? duration : 0});
  if (!waited_)
    return;
  trace::BlockDetail detail{};
  detail.duration = duration;
  detail.descriptor = -1;
  detail.locks_held = held_lock_count();
  detail.flags = flags;
  // A stack costs microseconds: for waits that count, where they delay more than this thread.
  if (duration >= trace::block_threshold() && (flags & (trace::in_coroutine | trace::on_loop_thread | trace::under_lock)))
    detail.stack = trace::stack(1);
  trace::emit(trace::Kind::block, current_task(), place_, name, detail);
}

} // namespace tenterhook::detail
