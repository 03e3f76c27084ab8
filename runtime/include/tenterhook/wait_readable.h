// wait_readable, wait_writable: wait for a descriptor of your own: a pipe, an eventfd, inotify, another library's
// connection.
//
//   co_await wait_readable(fd);
//   ssize_t got = ::read(fd, buffer.data(), buffer.size());
//
// "Readable" is what poll() says: a read would not block; that is so at the end of a stream, and after an error, too.
// Ownership: the descriptor stays the caller's, in whatever mode it is, and must stay open until the wait is over. One
// wait for each direction at a time. A descriptor of a tenterhook::socket is that socket's: await its operations.
// Threads: awaited on the loop that it was called on. Resume thread: the loop's; what is ready goes on in place.
// Errors: std::system_error if the descriptor is not open, or if it can neither be polled nor is a regular file (those
// are always ready); std::logic_error off a loop.
// Cancellation: a stop request ends the wait with `cancelled`; nothing was read or written.
#ifndef TENTERHOOK_WAIT_READABLE_H
#define TENTERHOOK_WAIT_READABLE_H

#include <tenterhook/socket.h>

namespace tenterhook {

class [[nodiscard]] readiness_awaiter : public detail::io_wait {
public:
  readiness_awaiter(int fd, detail::direction which);
  readiness_awaiter(readiness_awaiter &&other) noexcept : io_wait(static_cast<io_wait &&>(other)) { other.at = nullptr; }
  ~readiness_awaiter();
  void await_resume() const;

private:
  static bool ask(io_attempt *, int fd) noexcept;
};

inline readiness_awaiter wait_readable(int fd) { return {fd, detail::direction::read}; }
inline readiness_awaiter wait_writable(int fd) { return {fd, detail::direction::write}; }

} // namespace tenterhook

#endif
