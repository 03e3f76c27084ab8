// A copy of a library among the program's own files: what its functions do inside is its own business.
#pragma once
#include <sys/socket.h>
namespace asio {
class io_context {};
class thread_pool {};
namespace detail {
inline long receive(int fd, char *b) { return ::recv(fd, b, 9, 0); }
} // namespace detail
class socket {
  int fd_ = 0;

public:
  long read_some(char *b) { return detail::receive(fd_, b); }
  bool try_read(char *b) { return detail::receive(fd_, b) > 0; } // without a model: no business of ours
};
} // namespace asio
