// An echo server and a client that talks to it, on one loop: sockets, spawn, signals, shutdown. `echo_server PORT` (0: any free
// one) serves until interrupted; without an argument it serves its own client and ends.
#include <tenterhook/event_loop.h>
#include <tenterhook/signal_set.h>
#include <tenterhook/sleep.h>
#include <tenterhook/socket.h>
#include <tenterhook/timeout.h>

#include <array>
#include <cerrno>
#include <cstdio>
#include <cstdlib>
#include <string>

using namespace std::chrono_literals;
using namespace tenterhook;
using stream = tenterhook::socket; // ::socket is a function

namespace {

// One connection. A client that says nothing for a minute is disconnected.
task<std::size_t> hear(stream &from, std::span<std::byte> buffer) { co_return co_await from.read_some(buffer); }
task<> serve(stream peer) {
  std::array<std::byte, 4096> buffer;
  try {
    while (std::size_t got = co_await timeout(hear(peer, buffer), 60s))
      co_await peer.write_all(std::span(buffer).first(got));
  } catch (const timed_out &) {
  } catch (const std::system_error &e) {
    std::fprintf(stderr, "a connection broke: %s\n", e.what());
  }
}

// Out of descriptors or of memory for one more connection. It stays in the listener's line, and asking again at once
// would find it there again: let others end first.
bool is_shortage(const std::error_code &error) {
  for (int each : {EMFILE, ENFILE, ENOBUFS, ENOMEM, ENOSPC})
    if (error == std::error_code(each, std::generic_category()))
      return true;
  return false;
}

task<> server(stream &listener) {
  constexpr std::chrono::milliseconds pause = 100ms;
  for (bool short_before = false;;) {
    stream peer;
    bool shortage = false; // a handler cannot await
    try {
      peer = co_await listener.accept();
    } catch (const std::system_error &e) {
      if (!is_shortage(e.code()))
        throw;
      shortage = true;
      if (!short_before) // once, however long it lasts
        std::fprintf(stderr, "no further connections for now, tried again every %d ms: %s\n", int(pause.count()), e.what());
    }
    if (shortage)
      co_await sleep_for(pause);
    else
      spawn(serve(std::move(peer))).detach();
    short_before = shortage;
  }
}

task<> client(endpoint to) {
  stream peer = co_await stream::connect(to);
  for (int i = 1; i <= 3; ++i) {
    std::string message = "message " + std::to_string(i); // lives until the write has ended
    co_await peer.write_all(message);
    char answer[64];
    std::size_t got = co_await peer.read_some(answer);
    std::printf("%.*s\n", int(got), answer);
  }
}

task<> interrupted() {
  signal_set ends({SIGINT, SIGTERM});
  int which = co_await ends.next();
  std::printf("ended by signal %d\n", which);
}

} // namespace

int main(int argc, char **argv) {
  event_loop loop;
  auto port = std::uint16_t(argc > 1 ? std::strtoul(argv[1], nullptr, 10) : 0);
  stream listener = stream::listen(endpoint::loopback(port), loop);
  std::printf("listening on %s\n", listener.local_endpoint().to_string().c_str());
  std::fflush(stdout);
  loop.spawn(server(listener)).detach();
  if (argc > 1)
    loop.run_until_complete(interrupted());
  else
    loop.run_until_complete(client(listener.local_endpoint()));
  loop.shutdown(); // stops the server and its connections, and waits for them
}
