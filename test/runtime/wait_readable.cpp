// wait_readable and wait_writable, signal_set, resolve, line_reader.
#include "coroutine_test.h"

#include <tenterhook/line_reader.h>
#include <tenterhook/resolve.h>
#include <tenterhook/signal_set.h>
#include <tenterhook/timeout.h>
#include <tenterhook/wait_readable.h>
#include <tenterhook/when_all.h>

#include <csignal>
#include <fcntl.h>
#include <netdb.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace coroutine_test;
using stream = tenterhook::socket;
using namespace std::literals;

namespace {

struct descriptors {
  int ends[2];
  explicit descriptors(bool sockets = false) {
    EXPECT_EQ(sockets ? socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends) : pipe2(ends, O_NONBLOCK), 0);
  }
  descriptors(const descriptors &) = delete;
  ~descriptors() {
    for (int each : ends)
      if (each >= 0)
        close(each);
  }
};
void put(int fd, std::string_view bytes) { EXPECT_EQ(write(fd, bytes.data(), bytes.size()), ssize_t(bytes.size())); }
std::string got(int fd) {
  char text[100];
  ssize_t size = read(fd, text, sizeof text);
  return size < 0 ? "nothing" : std::string(text, std::size_t(size));
}
task<> readable(int fd) { co_await wait_readable(fd); }
task<> writable(int fd) { co_await wait_writable(fd); }

TEST(WaitReadable, APipeAgainAndAgain) {
  run([]() -> task<> {
    descriptors pipe;
    for (int i = 0; i != 3; ++i) {
      event_loop::current()->call_later(1ms, [&] { put(pipe.ends[1], "ab"); });
      co_await wait_readable(pipe.ends[0]);
      char one;
      EXPECT_EQ(read(pipe.ends[0], &one, 1), 1);
      co_await wait_readable(pipe.ends[0]); // one byte is left: at once
      EXPECT_EQ(got(pipe.ends[0]), "b");
      EXPECT_THROW(co_await timeout(readable(pipe.ends[0]), 1ms), timed_out);
    }
    close(std::exchange(pipe.ends[1], -1));
    co_await wait_readable(pipe.ends[0]);
    EXPECT_EQ(got(pipe.ends[0]), "") << "the end is readable";
  }());
}

TEST(WaitReadable, BothDirectionsAtOnce) {
  run([]() -> task<> {
    descriptors pair(true);
    std::string block(4096, 'x');
    while (write(pair.ends[0], block.data(), block.size()) > 0) {
    }
    join_handle<void> writes = spawn(writable(pair.ends[0])), reads = spawn(readable(pair.ends[0]));
    co_await sleep_for(1ms);
    EXPECT_FALSE(writes.is_done());
    EXPECT_FALSE(reads.is_done());
    put(pair.ends[1], "in");
    co_await reads;
    EXPECT_EQ(got(pair.ends[0]), "in");
    EXPECT_FALSE(writes.is_done());
    // Edge-triggered and kept by the other wait: what was reported before does not count, what comes later does.
    EXPECT_THROW(co_await timeout(readable(pair.ends[0]), 1ms), timed_out);
    join_handle<void> again = spawn(readable(pair.ends[0]));
    co_await yield();
    EXPECT_THROW(co_await wait_readable(pair.ends[0]), std::logic_error) << "a second reader";
    put(pair.ends[1], "more");
    co_await again;
    while (read(pair.ends[1], block.data(), block.size()) > 0) {
    }
    co_await writes;
  }());
}

TEST(WaitReadable, FilesClosedOnesAndSocketsOfTheLoop) {
  run([]() -> task<> {
    int file = open("/proc/self/exe", O_RDONLY);
    co_await wait_readable(file);
    close(file);
    EXPECT_THROW(co_await wait_readable(file), std::system_error);
    for (int none : {-1, 100'000, 2'000'000'000}) // no memory is taken for a number that is none
      EXPECT_THROW(co_await wait_readable(none), std::system_error);
    stream listener = stream::listen(endpoint::loopback(), *event_loop::current());
    EXPECT_THROW(co_await wait_readable(listener.native_handle()), std::logic_error);
  }());
  EXPECT_THROW((void)wait_readable(0), std::logic_error) << "no loop";
}

TEST(WaitReadable, DestroyedWhileItWaits) {
  descriptors pipe;
  {
    event_loop loop(quiet());
    loop.spawn(readable(pipe.ends[0])).detach();
    loop.run_until_complete(after(1ms, 0));
  }
  put(pipe.ends[1], "x");
  run(readable(pipe.ends[0]));
}

void *handler_of(int number) {
  struct sigaction now;
  EXPECT_EQ(sigaction(number, nullptr, &now), 0);
  return reinterpret_cast<void *>(now.sa_handler);
}

TEST(SignalSet, WaitsForSignalsAndPutsHandlersBack) {
  signal(SIGUSR2, SIG_IGN);
  void *before = handler_of(SIGUSR1);
  run([before]() -> task<> {
    {
      signal_set both({SIGUSR1, SIGUSR2});
      raise(SIGUSR2); // before it is asked for
      raise(SIGUSR1);
      raise(SIGUSR1); // one with the one above
      EXPECT_EQ(co_await both.next(), SIGUSR1);
      EXPECT_EQ(co_await both.next(), SIGUSR2);
      auto next = [](signal_set &of) -> task<int> { co_return co_await of.next(); };
      EXPECT_THROW(co_await timeout(next(both), 1ms), timed_out);
      std::thread other([] { kill(getpid(), SIGUSR2); });
      EXPECT_EQ(co_await both.next(), SIGUSR2);
      other.join();
      {
        signal_set second({SIGUSR2}); // each set gets it
        raise(SIGUSR2);
        EXPECT_EQ(co_await second.next(), SIGUSR2);
      }
      EXPECT_EQ(co_await both.next(), SIGUSR2);
      raise(SIGUSR2); // the first still wants it
      EXPECT_EQ(co_await both.next(), SIGUSR2);
      EXPECT_NE(handler_of(SIGUSR1), before);
    }
    EXPECT_EQ(handler_of(SIGUSR1), before);
    EXPECT_EQ(handler_of(SIGUSR2), reinterpret_cast<void *>(SIG_IGN));
    {
      signal_set replaced({SIGUSR2});
      signal(SIGUSR2, SIG_DFL); // by somebody who does not know of it
    }
    EXPECT_EQ(handler_of(SIGUSR2), reinterpret_cast<void *>(SIG_DFL));
    EXPECT_THROW(signal_set({SIGUSR1, SIGKILL}), std::system_error);
    EXPECT_EQ(handler_of(SIGUSR1), before) << "nothing is left of one that failed";
    EXPECT_THROW(signal_set({99}), std::system_error);
    EXPECT_THROW(signal_set({SIGSEGV}), std::invalid_argument);
  }());
}

TEST(SignalSet, AStopLosesNoSignal) {
  run([]() -> task<> {
    signal_set wanted({SIGUSR1});
    raise(SIGUSR1);
    co_await told_at_its_turn([&] { return wanted.next(); });
    EXPECT_EQ(co_await wanted.next(), SIGUSR1);
    int written = eventfd(1, EFD_CLOEXEC | EFD_NONBLOCK);
    co_await told_at_its_turn([&] { return wait_readable(written); });
    co_await told_at_its_turn([&] { return wait_writable(written); });
    co_await wait_readable(written);
    close(written);
  }());
}

TEST(SignalSet, OnSeveralLoopsWhileSetsComeAndGo) {
  auto before = std::signal(SIGUSR1, SIG_IGN); // the last one may come when no set is left
  auto first = [](std::atomic<int> &ready, std::atomic<bool> &end) -> task<> {
    signal_set wanted({SIGUSR1});
    ++ready;
    while (!end)
      EXPECT_EQ(co_await wanted.next(), SIGUSR1);
  };
  std::atomic<int> ready = 0;
  std::atomic<bool> end = false;
  std::vector<std::thread> threads;
  for (int i = 0; i != 2; ++i)
    threads.emplace_back([&] { run(first(ready, end)); });
  threads.emplace_back([&] {
    run([](std::atomic<int> &up) -> task<> {
      ++up;
      for (int i = 0; i != 300; ++i)
        signal_set passing({SIGUSR1});
      co_return;
    }(ready));
  });
  while (ready != 3)
    std::this_thread::yield();
  for (int i = 0; i != 300; ++i)
    kill(getpid(), SIGUSR1);
  end = true;
  for (int i = 0; i != 2; ++i)
    kill(getpid(), SIGUSR1); // those that waited already see the end
  for (std::thread &each : threads)
    each.join();
  std::signal(SIGUSR1, before);
}

TEST(Resolve, NumbersNamesAndErrors) {
  thread_pool pool(1);
  run([](thread_pool &workers) -> task<> {
    std::vector<endpoint> found = co_await resolve(workers, "127.0.0.1", "80");
    EXPECT_EQ(found.size(), 1u);
    EXPECT_EQ(found.front().to_string(), "127.0.0.1:80");
    found = co_await resolve(workers, "::1");
    EXPECT_EQ(found.front().to_string(), "[::1]:0");
    found = co_await resolve(workers, "localhost", "7");
    EXPECT_FALSE(found.empty());
    try {
      co_await resolve(workers, "127.0.0.1", "no such service");
      ADD_FAILURE() << "found";
    } catch (const std::system_error &error) {
      EXPECT_EQ(&error.code().category(), &resolve_category());
      EXPECT_EQ(error.code().value(), EAI_SERVICE);
      EXPECT_NE(std::string(error.what()).find("resolving '127.0.0.1' and 'no such service'"), std::string::npos) << error.what();
    }
    stream listener = stream::listen(endpoint::loopback(), *event_loop::current());
    descriptors unused; // a port that nobody listens at: of a listener that is closed
    std::uint16_t free_port = 0;
    {
      stream other = stream::listen(endpoint::loopback(), *event_loop::current());
      free_port = other.local_endpoint().port();
    }
    std::vector<endpoint> candidates{endpoint::loopback(free_port), listener.local_endpoint()};
    stream connected = co_await stream::connect(candidates);
    EXPECT_TRUE(connected.is_open());
    candidates.pop_back();
    EXPECT_THROW(co_await stream::connect(candidates), std::system_error);
    EXPECT_THROW(co_await stream::connect(std::vector<endpoint>()), std::invalid_argument);
  }(pool));
}

// The system's functions would take what is before a NUL for the whole.
TEST(Resolve, NothingIsCutAtANul) {
  thread_pool pool(1);
  auto refuses = [](thread_pool &workers, std::string host, std::string service, int value, const char *told) -> task<> {
    try {
      co_await resolve(workers, host, service);
      ADD_FAILURE() << "found";
    } catch (const std::system_error &error) {
      EXPECT_EQ(error.code(), std::error_code(value, resolve_category()));
      EXPECT_NE(std::string(error.what()).find(told), std::string::npos) << error.what();
    }
  };
  run(refuses(pool, "127.0.0.1\0.example.org"s, "80", EAI_NONAME, "'127.0.0.1\\0.example.org' and '80'"));
  run(refuses(pool, "\0"s, "", EAI_NONAME, "'\\0'"));
  run(refuses(pool, "localhost\0"s, "80", EAI_NONAME, "'localhost\\0'"));
  run(refuses(pool, "127.0.0.1", "80\0x"s, EAI_SERVICE, "and '80\\0x'"));
  for (std::string_view address : {"127.0.0.1\0x"sv, "::1\0"sv, "\0"sv})
    EXPECT_THROW(endpoint(address, 80), std::invalid_argument);
  for (std::string_view path : {"/tmp/x\0y"sv, "\0abstract"sv, "x\0"sv})
    EXPECT_THROW(endpoint::local(path), std::invalid_argument);
}

TEST(Resolve, AStoppedWaitDoesNotWaitForTheWorker) {
  std::atomic<bool> end = false;
  thread_pool pool(1);
  pool.post([&] {
    while (!end)
      std::this_thread::sleep_for(1ms);
  });
  run([](thread_pool &busy) -> task<> { EXPECT_THROW(co_await timeout(resolve(busy, "127.0.0.1"), 2ms), timed_out); }(pool));
  end = true;
}

// The two ends of a connection; `body` gets a reader of one and the other end.
template <typename Body> void with_reader(std::size_t limit, Body body) {
  run([](std::size_t longest, Body run_it) -> task<> {
    descriptors pair(true);
    stream here(std::exchange(pair.ends[0], -1), *event_loop::current());
    line_reader lines(here, longest);
    co_await run_it(lines, pair.ends[1]);
  }(limit, std::move(body)));
}

TEST(LineReader, Lines) {
  with_reader(100, [](line_reader &lines, int &other) -> task<> {
    put(other, "one\r\ntwo\n\n\r\nin pie");
    for (const char *each : {"one", "two", "", ""})
      EXPECT_EQ(co_await lines.read_line(), each);
    event_loop::current()->call_later(1ms, [&] { put(other, "ces\nlast"); });
    EXPECT_EQ(co_await lines.read_line(), "in pieces");
    close(std::exchange(other, -1));
    EXPECT_EQ(co_await lines.read_line(), "last") << "without an end of its own";
    EXPECT_EQ(co_await lines.read_line(), std::nullopt);
    EXPECT_EQ(co_await lines.read_line(), std::nullopt);
  });
}

TEST(LineReader, DelimitersThatComeInPiecesAndWhatFollows) {
  with_reader(100, [](line_reader &lines, int &other) -> task<> {
    put(other, "GET /\r\nHost: x\r");
    event_loop::current()->call_later(1ms, [&] { put(other, "\n\r"); });
    event_loop::current()->call_later(2ms, [&] { put(other, "\nbody!rest"); });
    EXPECT_EQ(co_await lines.read_until("\r\n\r\n"), "GET /\r\nHost: x");
    std::array<std::byte, 5> body;
    co_await lines.read_exactly(body);
    EXPECT_EQ(std::memcmp(body.data(), "body!", 5), 0);
    co_await lines.read_exactly({});
    close(std::exchange(other, -1));
    try {
      co_await lines.read_until("\n");
      ADD_FAILURE() << "found";
    } catch (const stream_ended &error) {
      EXPECT_EQ(error.received, "rest");
    }
    EXPECT_EQ(co_await lines.read_until("\n"), std::nullopt);
    EXPECT_THROW(co_await lines.read_exactly(body), stream_ended);
    EXPECT_THROW(co_await lines.read_until(""), std::invalid_argument);
  });
}

TEST(LineReader, TheLimitHoldsAndLosesNothing) {
  with_reader(8, [](line_reader &lines, int &other) -> task<> {
    put(other, "1234567\n12345678\n");
    EXPECT_EQ(co_await lines.read_line(), "1234567") << "eight with its end";
    EXPECT_THROW(co_await lines.read_line(), limit_exceeded);
    EXPECT_THROW(co_await lines.read_line(), limit_exceeded);
    EXPECT_EQ(lines.buffered(), "12345678\n");
    std::array<std::byte, 9> rest;
    co_await lines.read_exactly(rest); // the limit is of lines
    put(other, "no end at all");
    EXPECT_THROW(co_await lines.read_line(), limit_exceeded);
  });
  descriptors pair(true);
  event_loop loop;
  stream unused(std::exchange(pair.ends[0], -1), loop);
  EXPECT_THROW(line_reader(unused, 0), std::invalid_argument);
}

TEST(LineReader, AStoppedReadKeepsWhatCame) {
  with_reader(100, [](line_reader &lines, int &other) -> task<> {
    put(other, "first ");
    EXPECT_THROW(co_await timeout(lines.read_line(), 2ms), timed_out);
    EXPECT_EQ(lines.buffered(), "first ");
    std::array<std::byte, 20> many;
    EXPECT_THROW(co_await timeout(lines.read_exactly(many), 2ms), timed_out);
    put(other, "and second\n");
    EXPECT_EQ(co_await lines.read_line(), "first and second");
  });
}

// What is large goes where it belongs, and not through the buffer.
TEST(LineReader, ReadExactlyKeepsNoCopy) {
  with_reader(100, [](line_reader &lines, int &other) -> task<> {
    constexpr std::size_t size = 3'000'000;
    std::vector<std::byte> into(size);
    std::string sent(size, '\0');
    for (std::size_t i = 0; i != size; ++i)
      sent[i] = char(i * 7 + i / 251);
    std::size_t most = 0;
    put(other, "line\n");
    EXPECT_EQ(co_await lines.read_line(), "line");
    put(other, std::string_view(sent).substr(0, 10));
    std::string_view rest = std::string_view(sent).substr(10);
    auto feed = [&]() -> task<> {
      while (!rest.empty()) {
        co_await wait_writable(other);
        ssize_t part = write(other, rest.data(), rest.size());
        rest.remove_prefix(part > 0 ? std::size_t(part) : 0);
        co_await yield();
        most = std::max(most, lines.buffered().size());
      }
      put(other, "next\n");
    };
    co_await when_all(lines.read_exactly(into), feed());
    EXPECT_TRUE(std::equal(into.begin(), into.end(), std::as_bytes(std::span(sent)).begin()));
    EXPECT_LE(most, 4096u);
    EXPECT_EQ(co_await lines.read_line(), "next");
  });
}

TEST(LineReader, AStoppedReadOfMuchLosesNothing) {
  with_reader(100, [](line_reader &lines, int &other) -> task<> {
    std::string sent(20'000, 'x');
    for (std::size_t i = 0; i != sent.size(); ++i)
      sent[i] = char('a' + i % 26);
    std::vector<std::byte> into(30'000);
    put(other, sent);
    for (int i = 0; i != 3; ++i) {
      EXPECT_THROW(co_await timeout(lines.read_exactly(into), 2ms), timed_out);
      EXPECT_EQ(lines.buffered(), sent);
    }
    put(other, sent);
    co_await lines.read_exactly(std::span(into).first(5'000)); // and some of it can be taken
    EXPECT_EQ(std::memcmp(into.data(), sent.data(), 5'000), 0);
    co_await lines.read_exactly(into);
    EXPECT_EQ(std::memcmp(into.data(), sent.data() + 5'000, 15'000), 0);
    EXPECT_EQ(std::memcmp(into.data() + 15'000, sent.data(), 15'000), 0);
    close(std::exchange(other, -1));
    try {
      co_await lines.read_exactly(into);
      ADD_FAILURE() << "there was not as much";
    } catch (const stream_ended &error) {
      EXPECT_EQ(error.received, sent.substr(15'000));
    }
    EXPECT_THROW(co_await lines.read_exactly(into), stream_ended);
    EXPECT_EQ(co_await lines.read_line(), std::nullopt);
  });
}

TEST(LineReader, MuchInOneStream) {
  with_reader(100'000, [](line_reader &lines, int &other) -> task<> {
    std::thread writer([to = other] {
      std::string all;
      for (int i = 0; i != 3000; ++i)
        all += std::string(std::size_t(i % 700), 'a') + std::to_string(i) + '\n';
      for (std::string_view rest = all; !rest.empty();) {
        ssize_t sent = write(to, rest.data(), rest.size());
        if (sent > 0)
          rest.remove_prefix(std::size_t(sent));
        else
          std::this_thread::yield();
      }
    });
    for (int i = 0; i != 3000; ++i) {
      std::optional<std::string> line = co_await lines.read_line();
      std::string number = std::to_string(i); // g++-12 takes the sum in EXPECT_EQ apart wrongly
      EXPECT_EQ(line->size(), std::size_t(i % 700) + number.size());
      EXPECT_TRUE(line->ends_with(number));
    }
    writer.join();
  });
}

} // namespace
