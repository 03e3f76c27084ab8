// The locks that each thread holds: order edges when one more is taken, those that are still held when a thread goes
// back to waiting although the coroutine that took them is suspended, and unlocks by another thread.
#ifndef TENTERHOOK_RUNTIME_RECORDER_LOCKS_H
#define TENTERHOOK_RUNTIME_RECORDER_LOCKS_H

#include "recorder/thread.h"

namespace tenterhook::recorder {

struct Acquisition {
  const void *lock;
  bool shared = false;
  bool attempt = false; // try_lock: cannot be the second half of a deadlock
};

unsigned count_held(const Thread &) noexcept;
// After it was taken. `function` is counted as reached if that is not done yet (is_new): a timed call counts itself.
void acquired(Thread &, const Caller &, const Acquisition &, std::uint32_t function, bool is_new) noexcept;
// Before it is released.
void released(Thread &, const Caller &, const void *lock) noexcept;
// Before the thread waits for events. `released_meanwhile` is the mutex of a condition variable.
void check_held_at_wait(Thread &, const void *released_meanwhile) noexcept;

// While a condition variable waits, its mutex is not held: it is released, and taken again, at the place of the wait; no
// order of locks is told for that. One that the thread took more than once stays locked: pthread gives up one level only.
class Suspended {
public:
  Suspended(Thread &, const Caller &, const void *lock) noexcept;
  ~Suspended();
  Suspended(const Suspended &) = delete;
  Suspended &operator=(const Suspended &) = delete;

private:
  Thread &thread_;
  Held *entry_ = nullptr;
  std::uint64_t lock_, site_ = 0;
  bool told_ = false;
};

} // namespace tenterhook::recorder

#endif
