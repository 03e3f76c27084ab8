// The exceptions of the runtime. Each says what did not happen; what() is one line.
#ifndef TENTERHOOK_ERRORS_H
#define TENTERHOOK_ERRORS_H

#include <exception>
#include <stdexcept>

namespace tenterhook {

// The result is not coming because somebody asked to stop: through a std::stop_token, or by stopping an executor. Not a
// std::exception (as asyncio's CancelledError is no Exception): a loop that logs what goes wrong around a co_await and goes on
// would swallow the request, and spin, since each of its later waits ends at once. Who catches it says so.
class cancelled {
public:
  const char *what() const noexcept { return "cancelled"; }
};

// A limit of time was over first.
class timed_out : public std::exception {
public:
  const char *what() const noexcept override { return "timed out"; }
};

// Every promise of a future was destroyed without a value or an exception.
class broken_promise : public std::exception {
public:
  const char *what() const noexcept override { return "the promise was destroyed without a result"; }
};

// Something was put into a queue, or work given to a pool, after it was closed.
class closed : public std::logic_error {
public:
  using std::logic_error::logic_error;
};

} // namespace tenterhook

#endif
