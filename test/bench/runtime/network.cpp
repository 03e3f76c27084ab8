// Between threads and over the loopback: a round trip through two loops, and the CPU time that an echo server takes for one
// request of 64 bytes on 16 connections. The clients are the same program for both (blocking threads would steal the
// server's time: it is measured by the server thread's own clock).
#include "bench.h"

#include <tenterhook/socket.h>

#include <atomic>
#include <netinet/in.h>
#include <sys/socket.h>
#include <thread>

namespace {

using namespace bench;

void round_trip_tenterhook(benchmark::State &state) {
  awake cores;
  traced on(state.range(0));
  tenterhook::event_loop here, there;
  std::thread other([&] { there.run(); });
  struct hop {
    tenterhook::executor &to;
    tenterhook::resumption again;
    bool await_ready() const noexcept { return false; }
    void await_suspend(std::coroutine_handle<> h) noexcept {
      again.suspend(h, std::source_location::current());
      again.resume_on(&to);
    }
    void await_resume() const noexcept {}
  };
  here.run_until_complete([](benchmark::State &s, tenterhook::executor &one, tenterhook::executor &two) -> tenterhook::task<> {
    for (auto _ : s) {
      hop over{two, {}};
      co_await over;
      hop back{one, {}};
      co_await back;
    }
  }(state, here, there));
  there.stop();
  other.join();
}
BENCHMARK(round_trip_tenterhook)->Name("round_trip/tenterhook")->Arg(0)->Arg(1)->UseRealTime();

void round_trip_asio(benchmark::State &state) {
  awake cores;
  asio::io_context here(1), there(1);
  auto stay = asio::make_work_guard(there);
  std::thread other([&] { there.run(); });
  auto body = [&]() -> asio::awaitable<void> {
    for (auto _ : state) {
      co_await asio::post(there, asio::bind_executor(there, asio::use_awaitable));
      co_await asio::post(here, asio::bind_executor(here, asio::use_awaitable));
    }
  };
  asio::co_spawn(here, body(), asio::detached);
  here.run();
  stay.reset();
  other.join();
}
BENCHMARK(round_trip_asio)->Name("round_trip/asio")->UseRealTime();

void round_trip_best(benchmark::State &state) {
  awake cores;
  asio::io_context here(unlocked_io), there(unlocked_io);
  auto stay = asio::make_work_guard(there);
  std::thread other([&] { there.run(); });
  auto body = [&]() -> best_awaitable<void> {
    for (auto _ : state) {
      co_await asio::post(there, asio::bind_executor(there, best_token));
      co_await asio::post(here, asio::bind_executor(here, best_token));
    }
  };
  asio::co_spawn(here, body(), asio::detached);
  here.run();
  stay.reset();
  other.join();
}
BENCHMARK(round_trip_best)->Name("round_trip/asio_best")->UseRealTime();

constexpr int connections = 16;
constexpr std::size_t message = 64;

int connected_to(std::uint16_t port) {
  int fd = ::socket(AF_INET, SOCK_STREAM, 0);
  sockaddr_in to{};
  to.sin_family = AF_INET;
  to.sin_port = htons(port);
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  if (fd < 0 || ::connect(fd, reinterpret_cast<sockaddr *>(&to), sizeof to) != 0) {
    std::perror("bench: connect");
    std::exit(1);
  }
  return fd;
}

// Sends on all connections, then reads from all: one round is `connections` requests.
void drive(benchmark::State &state, std::uint16_t port, clockid_t server) {
  int fds[connections];
  for (int &fd : fds)
    fd = connected_to(port);
  char out[message] = {}, in[message];
  double before = cpu_seconds(server);
  for (auto _ : state) {
    for (int fd : fds)
      if (::send(fd, out, sizeof out, 0) != ssize_t(sizeof out))
        std::exit(1);
    for (int fd : fds)
      if (::recv(fd, in, sizeof in, MSG_WAITALL) != ssize_t(sizeof in))
        std::exit(1);
  }
  double spent = cpu_seconds(server) - before;
  state.counters["server_ns"] = spent * 1e9 / double(state.iterations()) / connections;
  for (int fd : fds)
    ::close(fd);
}

tenterhook::task<> serve(tenterhook::socket peer) {
  std::byte buffer[1024];
  try {
    while (std::size_t got = co_await peer.read_some(buffer))
      co_await peer.write_all(std::span<const std::byte>(buffer, got));
  } catch (const std::system_error &) { // the client is gone
  }
}
tenterhook::task<> accepting(tenterhook::socket &listener) {
  for (;;)
    tenterhook::spawn(serve(co_await listener.accept())).detach();
}
void echo_tenterhook(benchmark::State &state) {
  traced on(state.range(0));
  std::atomic<std::uint16_t> port{0};
  std::atomic<tenterhook::event_loop *> running{nullptr};
  std::thread server([&] {
    tenterhook::event_loop loop;
    auto listener = tenterhook::socket::listen(tenterhook::endpoint::loopback(), loop);
    loop.spawn(accepting(listener)).detach();
    running = &loop;
    port = listener.local_endpoint().port();
    loop.run();
    loop.shutdown();
  });
  while (!port)
    std::this_thread::yield();
  clockid_t clock;
  pthread_getcpuclockid(server.native_handle(), &clock);
  drive(state, port, clock);
  running.load()->stop();
  server.join();
}
BENCHMARK(echo_tenterhook)->Name("echo/tenterhook")->Arg(0)->Arg(1)->UseRealTime();

template <typename Executor> asio::awaitable<void, Executor> asio_serve(asio::basic_stream_socket<asio::ip::tcp, Executor> peer) {
  constexpr asio::use_awaitable_t<Executor> token{};
  std::byte buffer[1024];
  try {
    for (;;) {
      std::size_t got = co_await peer.async_read_some(asio::buffer(buffer), token);
      co_await asio::async_write(peer, asio::buffer(buffer, got), token);
    }
  } catch (const std::system_error &) { // end of the stream
  }
}
// For so many connections; the context ends with the last of them, so that it need not be stopped by another thread.
template <typename Executor>
asio::awaitable<void, Executor> asio_accepting(asio::basic_socket_acceptor<asio::ip::tcp, Executor> &listener) {
  constexpr asio::use_awaitable_t<Executor> token{};
  for (int i = 0; i != connections; ++i)
    asio::co_spawn(listener.get_executor(), asio_serve<Executor>(co_await listener.async_accept(token)), asio::detached);
}
template <typename Executor> void echo_asio(benchmark::State &state) {
  asio::io_context context(hint<Executor>);
  asio::basic_socket_acceptor<asio::ip::tcp, Executor> listener(context, {asio::ip::address_v4::loopback(), 0});
  asio::co_spawn(context, asio_accepting<Executor>(listener), asio::detached);
  std::thread server([&] { context.run(); });
  clockid_t clock;
  pthread_getcpuclockid(server.native_handle(), &clock);
  drive(state, listener.local_endpoint().port(), clock);
  server.join();
}
BENCHMARK(echo_asio<asio::any_io_executor>)->Name("echo/asio")->UseRealTime();
BENCHMARK(echo_asio<context_executor>)->Name("echo/asio_best")->UseRealTime();

} // namespace
