// A copy of a modelled library among the program's files is known by its namespace, and is not the program's own code.
// RUN: %verify %s %S/Inputs/copies/coro/queue.hpp -- -I %S/Inputs/copies
#include "../Inputs/task.h"
#include <asio/socket.hpp>
#include <coro/queue.hpp>
#include <unistd.h>

namespace own {
struct socket {
  bool try_read(char *b) { return ::usleep(int(*b)) == 0; } // finding: blocking-call-in-coroutine
};
} // namespace own
task<> reads(asio::io_context &, asio::thread_pool &, asio::socket &s, own::socket &o, coro::queue &q, char *b) {
  s.try_read(b);
  q.pop(b);
  o.try_read(b);
  co_await tick();
}
