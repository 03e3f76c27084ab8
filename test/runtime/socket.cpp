// Sockets on the loop: echo, end of stream, large writes, errors, cancellation by token and by closing.
#include "coroutine_test.h"

#include <tenterhook/socket.h>
#include <tenterhook/timeout.h>
#include <tenterhook/when_all.h>

#include <array>
#include <cstring>
#include <unistd.h>

using namespace coroutine_test;
using stream = tenterhook::socket; // ::socket is a function

namespace {

struct pair_of {
  stream client, server;
};
task<pair_of> connected() {
  stream listener = stream::listen(endpoint::loopback(), *event_loop::current());
  auto accepts = [&]() -> task<stream> { co_return co_await listener.accept(); };
  auto [client, server] = co_await when_all(stream::connect(listener.local_endpoint()), accepts());
  co_return pair_of{std::move(client), std::move(server)};
}

TEST(Socket, EchoesManyClients) {
  run([]() -> task<> {
    stream listener = stream::listen(endpoint::loopback(), *event_loop::current());
    endpoint where = listener.local_endpoint();
    EXPECT_NE(where.port(), 0);
    auto serve = [](stream peer) -> task<> {
      std::array<std::byte, 64> buffer;
      while (std::size_t got = co_await peer.read_some(buffer))
        co_await peer.write_all(std::span(buffer).first(got));
    };
    auto server = [&]() -> task<> {
      try {
        for (;;)
          spawn(serve(co_await listener.accept())).detach();
      } catch (const cancelled &) {
      }
    };
    auto client = [](endpoint to, int number) -> task<> {
      stream peer = co_await stream::connect(to);
      std::string text = "hello from " + std::to_string(number);
      for (int i = 0; i < 50; ++i) {
        co_await peer.write_all(text);
        char answer[64];
        EXPECT_EQ(co_await peer.read_some(answer), text.size());
        EXPECT_EQ(std::memcmp(answer, text.data(), text.size()), 0);
      }
    };
    join_handle<void> serving = spawn(server());
    std::vector<task<>> clients;
    for (int i = 0; i < 20; ++i)
      clients.push_back(client(where, i));
    co_await when_all(std::move(clients));
    listener.close(); // ends the accept with `cancelled`
    co_await serving;
  }());
}

// A request that ends with the end of the stream, and an answer after it: over IPv6 and over a path.
task<> half_close(endpoint where) {
  stream listener = stream::listen(where, *event_loop::current());
  auto serve = [](stream &from) -> task<> {
    stream peer = co_await from.accept();
    std::string request;
    char buffer[4];
    while (std::size_t got = co_await peer.read_some(buffer))
      request.append(buffer, got);
    co_await peer.write_all("answer to " + request);
  };
  auto ask = [](endpoint to) -> task<std::string> {
    stream peer = co_await stream::connect(to);
    co_await peer.write_all("a question");
    peer.shutdown_write();
    EXPECT_THROW(co_await peer.write_all("more"), std::system_error);
    std::string answer;
    char buffer[64];
    while (std::size_t got = co_await peer.read_some(buffer))
      answer.append(buffer, got);
    co_return answer;
  };
  auto [none, answer] = co_await when_all(serve(listener), ask(listener.local_endpoint()));
  EXPECT_EQ(answer, "answer to a question");
}

TEST(Socket, HalfCloseOverIPv6) {
  if (access("/proc/net/if_inet6", R_OK) != 0)
    GTEST_SKIP() << "this system has no IPv6";
  run([]() -> task<> {
    endpoint any("::1", 0);
    EXPECT_EQ(any.family(), AF_INET6);
    EXPECT_EQ(endpoint("::1", 80).to_string(), "[::1]:80");
    co_await half_close(any);
  }());
}

TEST(Socket, HalfCloseOverAPath) {
  std::string path = ::testing::TempDir() + "tenterhook-" + std::to_string(getpid()) + ".sock";
  run([](std::string at) -> task<> {
    EXPECT_EQ(endpoint::local(at).to_string(), at);
    EXPECT_EQ(endpoint::local(at).port(), 0);
    co_await half_close(endpoint::local(at));
    EXPECT_THROW(stream::listen(endpoint::local(at), *event_loop::current()), std::system_error); // it is there already
  }(path));
  EXPECT_EQ(unlink(path.c_str()), 0);
}

TEST(Socket, LargeWritesWaitForTheReader) {
  run([]() -> task<> {
    pair_of both = co_await connected();
    std::vector<std::byte> sent(8u << 20);
    for (std::size_t i = 0; i < sent.size(); ++i)
      sent[i] = std::byte(i * 31 >> 3);
    auto writes = [&]() -> task<> {
      EXPECT_EQ(co_await both.client.write_all(sent), sent.size());
      both.client.shutdown_write();
    };
    auto reads = [&]() -> task<> {
      std::vector<std::byte> received, buffer(100'000);
      while (std::size_t got = co_await both.server.read_some(buffer))
        received.insert(received.end(), buffer.begin(), buffer.begin() + std::ptrdiff_t(got));
      EXPECT_TRUE(received == sent);
      EXPECT_EQ(co_await both.server.read_some(buffer), 0u); // the end stays the end
    };
    co_await when_all(writes(), reads());
  }());
}

TEST(Socket, ReadAndWriteErrors) {
  run([]() -> task<> {
    EXPECT_THROW(co_await stream::connect(endpoint::loopback(1)), std::system_error);
    pair_of both = co_await connected();
    both.server.close();
    char byte[1];
    EXPECT_EQ(co_await both.client.read_some(byte), 0u);
    auto writes_on = [&]() -> task<> {
      for (int i = 0; i < 1000; ++i)
        co_await both.client.write_all("to nobody");
    };
    EXPECT_THROW(co_await writes_on(), std::system_error); // and no SIGPIPE
    EXPECT_THROW(co_await both.server.read_some(byte), std::system_error);
    EXPECT_THROW(endpoint("localhost", 80), std::invalid_argument);
    EXPECT_THROW(endpoint::local(std::string(200, 'x')), std::invalid_argument);
  }());
}

TEST(Socket, StopAndTimeoutEndAWait) {
  run([]() -> task<> {
    pair_of both = co_await connected();
    auto reads = [&]() -> task<std::size_t> {
      char buffer[16];
      co_return co_await both.server.read_some(buffer);
    };
    EXPECT_THROW(co_await timeout(reads(), 2ms), timed_out);
    join_handle<std::size_t> waiting = spawn(reads());
    co_await yield();
    waiting.request_stop();
    EXPECT_THROW(co_await waiting, cancelled);
    co_await both.client.write_all("still usable");
    EXPECT_EQ(co_await reads(), 12u);
  }());
}

TEST(Socket, AStopEndsWhatIsReadyAndTakesNothing) {
  run([]() -> task<> {
    pair_of both = co_await connected();
    char byte[2] = {};
    co_await both.client.write_all("x");
    co_await told_at_its_turn([&] { return both.server.read_some(byte); });
    EXPECT_EQ(co_await both.server.read_some(byte), 1u);
    co_await told_at_its_turn([&] { return both.client.write_all("y"); });
    co_await both.client.write_all("z");
    EXPECT_EQ(co_await both.server.read_some(byte), 1u);
    EXPECT_EQ(byte[0], 'z');
    stream listener = stream::listen(endpoint::loopback(), *event_loop::current());
    stream waits = co_await stream::connect(listener.local_endpoint());
    co_await told_at_its_turn([&] { return listener.accept(); });
    stream accepted = co_await listener.accept();
    EXPECT_TRUE(accepted.is_open());
  }());
}

TEST(Socket, AStopEndsWhatIsAlwaysReady) {
  run([]() -> task<> {
    pair_of both = co_await connected();
    std::size_t sent = 0, got = 0;
    auto busy = [&]() -> task<> {
      char byte[1];
      for (;;) {
        sent += co_await both.client.write_some(std::as_bytes(std::span("x", 1)));
        got += co_await both.server.read_some(byte);
      }
    };
    EXPECT_THROW(co_await timeout(busy(), 0ms), timed_out);
    EXPECT_THROW(co_await timeout(busy(), 2ms), timed_out);
    join_handle<void> before = spawn(busy());
    before.request_stop();
    EXPECT_THROW(co_await before, cancelled);
    char rest[16];
    co_await both.client.write_all("end");
    got += co_await both.server.read_some(rest);
    EXPECT_EQ(got, sent + 3) << "a stopped operation took something";
  }());
}

TEST(Socket, CloseEndsAWait) {
  run([]() -> task<> {
    pair_of both = co_await connected();
    auto reads = [&]() -> task<std::size_t> {
      char buffer[16];
      co_return co_await both.server.read_some(buffer);
    };
    join_handle<std::size_t> waiting = spawn(reads());
    co_await yield();
    both.server.close();
    both.server.close();
    EXPECT_THROW(co_await waiting, cancelled);
    EXPECT_FALSE(both.server.is_open());
  }());
}

TEST(Socket, OneReaderAtATime) {
  run([]() -> task<> {
    pair_of both = co_await connected();
    auto reads = [&]() -> task<std::size_t> {
      char buffer[16];
      co_return co_await both.server.read_some(buffer);
    };
    join_handle<std::size_t> first = spawn(reads());
    co_await yield();
    EXPECT_THROW(co_await reads(), std::logic_error);
    co_await both.client.write_all("x");
    EXPECT_EQ(co_await first, 1u);
  }());
}

TEST(Socket, LoopDestroyedWhileCoroutinesWait) {
  auto holds = []() -> task<> {
    pair_of both = co_await connected();
    char buffer[16];
    co_await both.server.read_some(buffer);
  };
  event_loop loop(quiet());
  loop.run_until_complete([](event_loop &on, auto body) -> task<> {
    for (int i = 0; i < 5; ++i)
      on.spawn(body()).detach();
    co_await sleep_for(5ms);
  }(loop, holds));
}

TEST(Socket, AlwaysReadyOneLetsOthersRun) {
  run([]() -> task<> {
    pair_of both = co_await connected();
    bool over = false;
    int rounds = 0;
    auto busy = [&]() -> task<> {
      char byte[1];
      while (!over) {
        co_await both.client.write_all("x");
        co_await both.server.read_some(byte);
        ++rounds;
      }
    };
    join_handle<void> spinning = spawn(busy());
    co_await sleep_for(3ms); // would never end if `busy` kept the loop
    over = true;
    co_await spinning;
    EXPECT_GT(rounds, 0);
  }());
}

} // namespace
