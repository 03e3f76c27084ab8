// For recorder.py: an echo server on asio's coroutines, one thread. Prints its port, serves until a client sends "q",
// and then prints the processor time it used and how many requests it answered.
#if defined(__clang__) // asio 1.22 knows coroutines of g++ only
#define ASIO_HAS_CO_AWAIT 1
#define ASIO_HAS_STD_COROUTINE 1
#endif
#include <asio.hpp>
#include <asio/co_spawn.hpp>
#include <cstdio>
#include <sys/resource.h>

using asio::awaitable;
using asio::use_awaitable;
using asio::ip::tcp;

static unsigned long requests = 0;

awaitable<void> serve(tcp::socket socket, asio::io_context &context) {
  char data[1024];
  try {
    for (;;) {
      std::size_t size = co_await socket.async_read_some(asio::buffer(data), use_awaitable);
      if (data[size - 1] == 'q')
        context.stop(); // it may come along with a request
      ++requests;
      co_await asio::async_write(socket, asio::buffer(data, size), use_awaitable);
    }
  } catch (const asio::system_error &) { // the client is gone
  }
}

awaitable<void> listen(tcp::acceptor &acceptor, asio::io_context &context) {
  for (;;) {
    tcp::socket socket = co_await acceptor.async_accept(use_awaitable);
    socket.set_option(tcp::no_delay(true));
    co_spawn(context, serve(std::move(socket), context), asio::detached);
  }
}

int main() {
  asio::io_context context; // with asio's own locks, as most programs have it
  tcp::acceptor acceptor(context, {asio::ip::address_v4::loopback(), 0});
  std::printf("%u\n", acceptor.local_endpoint().port());
  std::fflush(stdout);
  co_spawn(context, listen(acceptor, context), asio::detached);
  context.run();
  rusage usage;
  getrusage(RUSAGE_SELF, &usage);
  double time = usage.ru_utime.tv_sec + usage.ru_utime.tv_usec / 1e6 + usage.ru_stime.tv_sec + usage.ru_stime.tv_usec / 1e6;
  std::printf("%.6f %lu\n", time, requests);
}
