// Descriptors that the loop does not own: registered while somebody waits, and asked by poll() whether they are ready, so
// that an edge that was reported before counts for nothing.
#include <tenterhook/wait_readable.h>

#include <cerrno>
#include <poll.h>
#include <system_error>

namespace tenterhook {

// Null for what is always ready. One that is waited for already is registered still, unless it was closed while a wait that
// is over (told to stop, say) has not gone: then the number may be another one's.
detail::descriptor *event_loop::share(int fd) {
  auto [found, is_new] = shared.try_emplace(fd);
  try {
    if (is_new)
      found->second = std::make_unique<detail::descriptor>(detail::descriptor{this, fd});
    detail::descriptor &asked = *found->second;
    int error = try_watch(asked);
    if (error == 0)
      asked.may[0] = asked.may[1] = true;
    else if (error == EEXIST && watched[std::size_t(fd)] != &asked)
      throw std::logic_error("this descriptor belongs to a tenterhook::socket: await that socket's operations");
    else if (error != EEXIST && error != EPERM)
      throw std::system_error(error, std::generic_category(), "epoll_ctl");
    if (error != EPERM) { // a regular file
      ++asked.uses;
      return &asked;
    }
  } catch (...) {
    if (is_new)
      shared.erase(found);
    throw;
  }
  if (is_new)
    shared.erase(found);
  return nullptr;
}

void event_loop::unshare(detail::descriptor &used) noexcept {
  if (--used.uses != 0)
    return;
  auto found = shared.find(used.fd);
  detail::descriptor *last = found->second.release();
  shared.erase(found);
  unwatch(*last); // frees it when no event of this round can name it any more
}

readiness_awaiter::readiness_awaiter(int fd, detail::direction which)
    : io_wait(detail::this_loop("wait_readable").share(fd), which, ask) {}

readiness_awaiter::~readiness_awaiter() {
  if (!at)
    return;
  if (is_pending())
    leave();
  at->loop->unshare(*at);
}

void readiness_awaiter::await_resume() const {
  throw_if_aborted();
  if (error)
    throw std::system_error(error, std::generic_category(), "poll");
}

bool readiness_awaiter::ask(io_attempt *attempt, int fd) noexcept {
  auto *self = static_cast<readiness_awaiter *>(attempt);
  pollfd asked{fd, short(self->way == unsigned(detail::direction::read) ? POLLIN : POLLOUT), 0};
  if (::poll(&asked, 1, 0) == 0) {
    self->at->may[self->way] = false;
    return false;
  }
  if (asked.revents & POLLNVAL)
    self->error = EBADF;
  return true;
}

} // namespace tenterhook
