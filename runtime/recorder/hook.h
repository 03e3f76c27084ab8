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

// A function of libc: the next definition after ours. What is known of it is constant and holds no pointer, so that no process
// has to relocate it: most are over before they have called a handful. All lie in one section, and in its order their addresses,
// once these were looked up, in a table.
class alignas(64) AnyFunction {
public:
  constexpr AnyFunction(const char *name, const char *shown, const char *version) noexcept {
    bool same = true;
    for (std::size_t i = 0; same && name[i]; ++i)
      same = name[i] == shown[i] && name[i + 1] == shown[i + 1];
    copy(name_, sizeof name_, name);
    copy(shown_, sizeof shown_, same ? "" : shown);
    copy(version_, sizeof version_, version ? version : "");
  }
  // Looks it up. What a single thread's first call of it does as well: with several, the loader's lock may be held by one that
  // waits for this one.
  void prepare() const noexcept { address(); }
  std::uint32_t index() const noexcept { return std::uint32_t(this - first); }
  std::uint32_t name_id() const noexcept { return trace::first_fixed_string + index(); } // in the trace
  const char *shown() const noexcept { return *shown_ ? shown_ : name_; }

  [[gnu::visibility("hidden")]] static const AnyFunction first[] __asm__("__start_tenterhook_functions");
  [[gnu::visibility("hidden")]] static const AnyFunction end[] __asm__("__stop_tenterhook_functions");
  static constexpr std::uint32_t capacity = 384;

protected:
  void *address() const noexcept {
    void *found = addresses[index()].load(std::memory_order_relaxed);
    if (!found) [[unlikely]]
      found = look_up();
    return found;
  }

private:
  static constexpr void copy(char *to, std::size_t size, const char *from) {
    for (std::size_t i = 0; from[i]; ++i)
      (i + 1 < size ? to : nullptr)[i] = from[i]; // one that is too long does not compile
  }
  void *look_up() const noexcept;

  char name_[28] = {}, shown_[24] = {}, version_[12] = {};
  static std::atomic<void *> addresses[capacity];
};

template <typename Signature> class Function;
template <typename Result, typename... Parameters> class Function<Result(Parameters...)> : public AnyFunction {
public:
  using AnyFunction::AnyFunction;
  Result operator()(Parameters... arguments) const {
    return reinterpret_cast<Result (*)(Parameters...)>(address())(arguments...);
  }
};

#define TENTERHOOK_FUNCTION [[gnu::used, gnu::section("tenterhook_functions")]] static constexpr ::tenterhook::recorder::Function

// How it is shown in the trace differs from the symbol where that is a variant (open64, __read_chk).
#define TENTERHOOK_DEFINE(result, name, parameters)                                                                              \
  extern "C" [[gnu::visibility("default")]] result hook_##name parameters __asm__(#name);                                        \
  extern "C" result hook_##name parameters
#define TENTERHOOK_HOOK_AS(shown, version, result, name, parameters)                                                             \
  TENTERHOOK_FUNCTION<result parameters> real_##name{#name, shown, version};                                                     \
  TENTERHOOK_DEFINE(result, name, parameters)
#define TENTERHOOK_HOOK(result, name, parameters) TENTERHOOK_HOOK_AS(#name, nullptr, result, name, parameters)

enum class Failure { minus_one, null, nonzero, negative, never };

// What is known of a call before it is made.
struct What {
  int descriptor = -1;
  bool nonblocking = false; // can surely not wait
  bool disk = false;        // works on files by their names
  bool in_any_mode = false; // O_NONBLOCK has no say in it
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
Result timed_in(Thread &thread, const Function<Result(Parameters...)> &function, const Caller &here, const What &what,
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
Result timed(const Function<Result(Parameters...)> &function, const Caller &here, const What &what, Arguments... arguments) {
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
