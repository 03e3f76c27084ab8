// The system calls behind socket.h.
#include <tenterhook/socket.h>

#include <cerrno>
#include <fcntl.h>
#include <memory>
#include <netinet/in.h>
#include <netinet/tcp.h>
#include <system_error>
#include <unistd.h>

namespace tenterhook {

namespace {
[[noreturn]] void fail(const char *call, int error) { throw std::system_error(error, std::generic_category(), call); }

bool would_block(int error) noexcept { return error == EAGAIN || error == EWOULDBLOCK; }
} // namespace

namespace detail {

bool io_wait::counts(ssize_t result, std::size_t wanted) noexcept {
  if (result >= 0) {
    count = std::size_t(result);
    // Less than wanted has emptied the stream's buffer (epoll(7)), so the next edge tells of more. Not so of an end
    // that was reported together with these bytes; and 0 is the end, and stays readable.
    if (count < wanted && count != 0 && !at->ended[way])
      at->may[way] = false;
    return true;
  }
  if (would_block(errno)) {
    at->may[way] = false;
    return false;
  }
  error = errno;
  return true;
}

void io_wait::throw_if_failed(const char *call) const {
  if (!at)
    fail(call, EBADF);
  if (error)
    fail(call, error);
}

} // namespace detail

socket::socket(int fd, event_loop &loop) {
  int flags = fcntl(fd, F_GETFL);
  auto made = std::make_unique<detail::descriptor>(detail::descriptor{&loop, fd});
  try {
    if (flags < 0 || fcntl(fd, F_SETFL, flags | O_NONBLOCK) < 0)
      fail("fcntl", errno);
    loop.watch(*made);
  } catch (...) {
    ::close(fd);
    throw;
  }
  at = made.release();
}

bool socket::read_awaiter::receive(io_attempt *attempt, int fd) noexcept {
  auto *self = static_cast<read_awaiter *>(attempt);
  ssize_t got;
  do
    got = ::recv(fd, self->buffer.data(), self->buffer.size(), MSG_DONTWAIT);
  while (got < 0 && errno == EINTR);
  return self->counts(got, self->buffer.size());
}

bool socket::write_awaiter::send(io_attempt *attempt, int fd) noexcept {
  auto *self = static_cast<write_awaiter *>(attempt);
  for (;;) {
    std::span<const std::byte> rest = self->buffer.subspan(self->done);
    if (rest.empty() && !self->buffer.empty())
      return true;
    ssize_t sent = ::send(fd, rest.data(), rest.size(), MSG_DONTWAIT | MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR)
      continue;
    bool over = self->counts(sent, rest.size());
    if (!over || self->error)
      return over;
    self->done += self->count;
    if (!self->all || self->done == self->buffer.size())
      return true;
  }
}

bool socket::accept_awaiter::take(io_attempt *attempt, int fd) noexcept {
  auto *self = static_cast<accept_awaiter *>(attempt);
  for (;;) {
    self->accepted = ::accept4(fd, nullptr, nullptr, SOCK_NONBLOCK | SOCK_CLOEXEC);
    if (self->accepted >= 0)
      return true;
    if (errno == EINTR || errno == ECONNABORTED)
      continue;
    return self->counts(-1, 0);
  }
}

socket::accept_awaiter::~accept_awaiter() {
  if (accepted >= 0)
    ::close(accepted);
}

socket socket::accept_awaiter::await_resume() {
  throw_if_aborted();
  throw_if_failed("accept");
  return socket(std::exchange(accepted, -1), *loop);
}

socket socket::listen(const endpoint &on, event_loop &loop, int backlog) {
  int fd = ::socket(on.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    fail("socket", errno);
  int yes = 1;
  setsockopt(fd, SOL_SOCKET, SO_REUSEADDR, &yes, sizeof yes);
  if (::bind(fd, on.data(), on.size) != 0 || ::listen(fd, backlog) != 0) {
    int error = errno;
    ::close(fd);
    throw std::system_error(error, std::generic_category(), "listening on " + on.to_string());
  }
  return socket(fd, loop);
}

// Waits until the socket can be written to, then asks how the connection came out.
class socket::connect_awaiter : public detail::io_wait {
public:
  explicit connect_awaiter(detail::descriptor *of) noexcept : io_wait(of, detail::direction::write, ask) {}
  int await_resume() const {
    throw_if_aborted();
    return error;
  }

private:
  static bool ask(io_attempt *attempt, int fd) noexcept {
    auto *self = static_cast<connect_awaiter *>(attempt);
    socklen_t size = sizeof self->error;
    if (getsockopt(fd, SOL_SOCKET, SO_ERROR, &self->error, &size) != 0)
      self->error = errno;
    return true;
  }
};

task<socket> socket::connect(endpoint to) {
  event_loop &loop = detail::this_loop("connect");
  int fd = ::socket(to.family(), SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0);
  if (fd < 0)
    fail("socket", errno);
  int result = ::connect(fd, to.data(), to.size), error = result == 0 ? 0 : errno;
  socket made(fd, loop);
  // The first edge may already be there and stand for nothing but the unconnected state: registered after connect(),
  // the socket is writable only when the attempt is over.
  if (error == EINPROGRESS) {
    made.at->may[unsigned(detail::direction::write)] = false;
    connect_awaiter waiting(made.at);
    error = co_await waiting;
    if (made.at)
      made.at->may[unsigned(detail::direction::write)] = true;
  }
  if (error)
    throw std::system_error(error, std::generic_category(), "connecting to " + to.to_string());
  if (to.family() != AF_UNIX) {
    int yes = 1; // small messages go out at once; whoever writes in pieces gathers them
    setsockopt(fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
  }
  co_return made;
}

task<socket> socket::connect(std::vector<endpoint> candidates) {
  if (candidates.empty())
    throw std::invalid_argument("connecting to the first of no addresses");
  for (std::size_t i = 0;; ++i) {
    try {
      co_return co_await connect(candidates[i]);
    } catch (const std::system_error &) {
      if (i + 1 == candidates.size())
        throw;
    }
  }
}

endpoint socket::local_endpoint() const {
  endpoint found;
  found.size = endpoint::capacity;
  if (getsockname(native_handle(), found.data(), &found.size) != 0)
    fail("getsockname", errno);
  return found;
}

void socket::close() noexcept {
  detail::descriptor *closing = std::exchange(at, nullptr);
  if (!closing)
    return;
  for (detail::io_attempt *waiting : {closing->waiting[0], closing->waiting[1]})
    if (waiting)
      static_cast<detail::io_wait *>(waiting)->abort();
  closing->loop->unwatch(*closing);
  ::close(closing->fd);
}

void socket::shutdown_write() {
  if (::shutdown(native_handle(), SHUT_WR) != 0 && errno != ENOTCONN)
    fail("shutdown", errno);
}

} // namespace tenterhook
