// How a function of libc is interposed:
//
//   TENTERHOOK_HOOK(ssize_t, read, (int descriptor, void *data, size_t size)) {
//     return timed(real_read, TENTERHOOK_HERE, {.descriptor = descriptor}, descriptor, data, size);
//   }
//
// The definition has a C++ name of its own and the symbol's name by an asm label, so it never conflicts with what
// libc's headers declare (noexcept, inline, fortified, renamed). A hook is not noexcept: pthread_cancel and
// pthread_exit unwind through it, and the destructors below put things right.
#ifndef TENTERHOOK_RUNTIME_RECORDER_HOOK_H
#define TENTERHOOK_RUNTIME_RECORDER_HOOK_H

#include "recorder/counting.h"
#include "recorder/descriptors.h"
#include "recorder/thread.h"

#include <type_traits>

namespace tenterhook::recorder {

// A function of libc: the next definition after ours.
class AnyFunction {
public:
  constexpr AnyFunction(const char *name, const char *shown, const char *version) noexcept
      : name_(name), shown_(shown), version_(version) {}
  // Looks it up. What a single thread's first call of it does as well: with several, the loader's lock may be held by one that
  // waits for this one.
  void prepare() noexcept { address(); }
  void give_name(std::uint32_t id) noexcept { name_id_ = id; }
  std::uint32_t name_id() const noexcept { return name_id_; } // in the trace
  const char *name() const noexcept { return name_; }
  const char *shown() const noexcept { return shown_; }

protected:
  void *address() noexcept {
    void *found = address_.load(std::memory_order_relaxed);
    if (!found) [[unlikely]]
      found = look_up();
    return found;
  }

private:
  void *look_up() noexcept;
  const char *name_, *shown_, *version_;
  std::atomic<void *> address_{nullptr};
  std::uint32_t name_id_ = 0;
};

template <typename Signature> class Function;
template <typename Result, typename... Parameters> class Function<Result(Parameters...)> : public AnyFunction {
public:
  using AnyFunction::AnyFunction;
  Result operator()(Parameters... arguments) { return reinterpret_cast<Result (*)(Parameters...)>(address())(arguments...); }
};

// How it is shown in the trace differs from the symbol where that is a variant (open64, __read_chk).
#define TENTERHOOK_DEFINE(result, name, parameters)                                                                              \
  extern "C" [[gnu::visibility("default")]] result hook_##name parameters __asm__(#name);                                        \
  extern "C" result hook_##name parameters
#define TENTERHOOK_HOOK_AS(shown, version, result, name, parameters)                                                             \
  static constinit ::tenterhook::recorder::Function<result parameters> real_##name{#name, shown, version};                       \
  [[gnu::used, gnu::section("tenterhook_functions")]] static ::tenterhook::recorder::AnyFunction *const listed_##name =          \
      &real_##name;                                                                                                              \
  TENTERHOOK_DEFINE(result, name, parameters)
#define TENTERHOOK_HOOK(result, name, parameters) TENTERHOOK_HOOK_AS(#name, nullptr, result, name, parameters)

enum class Failure { minus_one, null, nonzero, negative, never };

// What is known of a call before it is made.
struct What {
  int descriptor = -1;
  bool nonblocking = false; // can surely not wait
  bool disk = false;        // works on files by their names
  Failure failure = Failure::minus_one;
  Waiting waiting = Waiting::restartable;
};

// A call while it is made. done() writes what is to be written.
class Call {
public:
  Call(Thread &thread, const AnyFunction &function, const Caller &here, const What &what) noexcept
      : thread_(thread), function_(function), here_(here), what_(what), samples_(thread.samples.load(std::memory_order_relaxed)),
        start_(trace::now()) {
    thread_.call_frame = here.frame;
    thread_.waiting_since.store(start_, std::memory_order_relaxed);
    thread_.waiting.store(what.waiting, std::memory_order_relaxed);
    std::atomic_signal_fence(std::memory_order_seq_cst);
  }
  ~Call() {
    if (thread_.call_frame == here_.frame)
      leave();
  }
  Call(const Call &) = delete;
  Call &operator=(const Call &) = delete;

  // The call gave up with EINTR, and only because our own signal came in between: it is to be made again.
  bool only_sampled() const noexcept { return errno == EINTR && thread_.samples.load(std::memory_order_relaxed) != samples_; }
  // For a lock: a lock_wait record is written as well.
  void waits_for_lock(const void *lock) noexcept { lock_ = lock; }
  void done(bool failed) noexcept;

private:
  void leave() noexcept {
    std::atomic_signal_fence(std::memory_order_seq_cst);
    thread_.waiting.store(Waiting::no, std::memory_order_relaxed);
    thread_.call_frame = nullptr;
  }
  void write_block(std::uint64_t duration, bool slow, bool failed, bool nonblocking) noexcept;

  Thread &thread_;
  const AnyFunction &function_;
  Caller here_;
  What what_;
  std::uint32_t samples_;
  std::uint64_t start_;
  const void *lock_ = nullptr;
};

template <typename Result> bool has_failed(Failure failure, Result result) noexcept {
  if constexpr (std::is_pointer_v<Result>) {
    return failure != Failure::never && result == nullptr;
  } else {
    switch (failure) {
    case Failure::minus_one: return result == Result(-1);
    case Failure::nonzero: return result != 0;
    case Failure::negative: return std::is_signed_v<Result> && result < Result(0);
    case Failure::null:
    case Failure::never: return false;
    }
    return false;
  }
}

// Makes the call; `thread` is recorded while it does.
template <typename Result, typename... Parameters, typename... Arguments>
Result timed_in(Thread &thread, Function<Result(Parameters...)> &function, const Caller &here, const What &what,
                Arguments... arguments) {
  Call call(thread, function, here, what);
  for (;;) {
    Result result = function(arguments...);
    bool failed = has_failed(what.failure, result);
    if (failed && what.failure == Failure::minus_one && call.only_sampled())
      continue;
    call.done(failed);
    return result;
  }
}
template <typename Result, typename... Parameters, typename... Arguments>
Result timed(Function<Result(Parameters...)> &function, const Caller &here, const What &what, Arguments... arguments) {
  if (what.descriptor >= 0 && counts_threads(what.descriptor)) [[unlikely]]
    before_reading(what.descriptor);
  Thread *thread = enter(here);
  if (!thread)
    return function(arguments...);
  return timed_in(*thread, function, here, what, arguments...);
}

struct Settings {
  std::uint64_t block_ticks = 0, stall_ticks = 0; // 0: no watchdog
  std::uint64_t stall_nanoseconds = 0;
  bool every_event = false; // each lock, unlock, wait of a loop and return from it
};
extern Settings settings;

void prepare_all_functions() noexcept; // before there is a second thread

} // namespace tenterhook::recorder

#endif
