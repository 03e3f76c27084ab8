// signal_set: signals as something to wait for.
//
//   signal_set ends({SIGINT, SIGTERM});
//   int which = co_await ends.next();           // the program goes on, and may shut down in order
//
// From construction to destruction these signals run a handler that notes them and wakes the loop; what came before
// next() is asked for is not lost. As with all signals, several of one number that come before next() are one. Any number
// of sets on any number of loops may ask for one signal: each gets it.
// Ownership: the set belongs to a loop, which must outlive it, and must not be destroyed while a coroutine waits at it.
// Dispositions: the first set for a signal replaces its handler, with SA_RESTART; when the last one ends, what was there
// before is put back (unless somebody has replaced it meanwhile). Signal masks are left alone: the handler runs on any thread
// that does not block the signal. A program that is exec'd gets SIG_DFL for it, as for every signal with a handler.
// Threads: the loop's thread; signals may come to any. Resume thread: the loop's.
// Errors: std::system_error for a number that is none or cannot be caught; std::invalid_argument for SIGSEGV, SIGBUS,
// SIGFPE and SIGILL, which would be raised again for ever; std::logic_error for a second wait at the same time.
// Cancellation: a stop request ends the wait with `cancelled`; a signal that came is kept for the next call.
#ifndef TENTERHOOK_SIGNAL_SET_H
#define TENTERHOOK_SIGNAL_SET_H

#include <tenterhook/socket.h>

#include <csignal>
#include <initializer_list>
#include <vector>

namespace tenterhook {

namespace detail {
struct signal_listener;
}

class signal_set {
public:
  // On the loop of this thread, or the given one. There must be one (std::logic_error).
  explicit signal_set(std::initializer_list<int> signals);
  signal_set(std::initializer_list<int> signals, event_loop &loop);
  signal_set(const signal_set &) = delete;
  signal_set &operator=(const signal_set &) = delete;
  ~signal_set();

  class [[nodiscard]] awaiter : public detail::io_wait {
  public:
    explicit awaiter(signal_set &of) noexcept : io_wait(of.at, detail::direction::read, take), listener(*of.listener) {}
    // The number; of several that came, the lowest.
    int await_resume() const {
      throw_if_aborted();
      return number;
    }

  private:
    static bool take(io_attempt *, int fd) noexcept;
    detail::signal_listener &listener;
    int number = 0;
  };
  awaiter next() noexcept { return awaiter(*this); }

private:
  void release(std::size_t installed) noexcept;

  std::vector<int> numbers;
  detail::signal_listener *listener = nullptr;
  detail::descriptor *at = nullptr;
};

} // namespace tenterhook

#endif
