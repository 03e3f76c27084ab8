// What came for a task that was told to stop, or destroyed, before it could go on with it: a value, a permit, a lock, a
// notification, a line, a connection, a signal. Nothing of that may be gone.
//
// In one round of a loop: the event is made while the task waits, by a callback that then keeps the loop until the deadline is
// behind. What comes from the loop's own thread would go on within the round, so another thread makes it.
#include "coroutine_test.h"

#include <tenterhook/async_condition_variable.h>
#include <tenterhook/async_event.h>
#include <tenterhook/async_mutex.h>
#include <tenterhook/async_queue.h>
#include <tenterhook/async_semaphore.h>
#include <tenterhook/future.h>
#include <tenterhook/line_reader.h>
#include <tenterhook/signal_set.h>
#include <tenterhook/timeout.h>
#include <tenterhook/wait_readable.h>

#include <csignal>
#include <functional>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace coroutine_test;
using stream = tenterhook::socket;

namespace {

template <typename T> task<T> in_one_round(task<T> body, std::function<void()> makes) {
  event_loop::clock::time_point deadline = event_loop::clock::now() + 1ms;
  event_loop::current()->call_soon([makes = std::move(makes), deadline] {
    makes();
    std::this_thread::sleep_until(deadline + 1ms);
  });
  co_return co_await timeout_at(std::move(body), deadline);
}
std::function<void()> elsewhere(std::function<void()> makes) {
  return [makes = std::move(makes)] { std::thread(makes).join(); };
}

TEST(NotLost, ALineAtTheDeadline) {
  run([]() -> task<> {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM, 0, ends), 0);
    {
      stream peer(ends[0], *event_loop::current());
      line_reader lines(peer);
      auto writes = [&] { EXPECT_EQ(write(ends[1], "one\ntwo\n", 8), 8); };
      std::optional<std::string> line = co_await in_one_round(lines.read_line(), writes);
      EXPECT_EQ(line, "one");
      line = co_await in_one_round(lines.read_line(), [] {});
      EXPECT_EQ(line, "two");
      EXPECT_THROW(co_await in_one_round(lines.read_line(), [] {}), timed_out);
    }
    close(ends[1]);
  }());
}

TEST(NotLost, AConnectionAtTheDeadline) {
  run([]() -> task<> {
    stream listener = stream::listen(endpoint::loopback(), *event_loop::current());
    endpoint where = listener.local_endpoint();
    int client = ::socket(where.family(), SOCK_STREAM | SOCK_CLOEXEC, 0);
    auto accepts = [](stream &from) -> task<stream> { co_return co_await from.accept(); };
    auto connects = [&] { EXPECT_EQ(::connect(client, where.data(), where.size), 0); };
    stream served = co_await in_one_round(accepts(listener), connects);
    EXPECT_TRUE(served.is_open());
    close(client);
  }());
}

TEST(NotLost, ASignalAtTheDeadline) {
  run([]() -> task<> {
    signal_set ends({SIGUSR1});
    auto next = [](signal_set &of) -> task<int> { co_return co_await of.next(); };
    int came = co_await in_one_round(next(ends), [] { raise(SIGUSR1); });
    EXPECT_EQ(came, SIGUSR1);
    EXPECT_THROW(co_await in_one_round(next(ends), [] {}), timed_out);
  }());
}

TEST(NotLost, AValueAtTheDeadline) {
  run([]() -> task<> {
    async_queue<int> queue(1);
    auto pops = [](async_queue<int> &from) -> task<std::optional<int>> { co_return co_await from.pop(); };
    std::optional<int> value = co_await in_one_round(pops(queue), elsewhere([&] { queue.try_push(7); }));
    EXPECT_EQ(value, 7);
    EXPECT_THROW(co_await in_one_round(pops(queue), [] {}), timed_out);
    EXPECT_TRUE(queue.try_push(8)); // nobody waits any more
    EXPECT_EQ(queue.try_pop(), 8);
  }());
}

TEST(NotLost, APermitALockAndAFutureAtTheDeadline) {
  run([]() -> task<> {
    async_semaphore none(0);
    auto acquires = [](async_semaphore &from) -> task<async_semaphore::permit> { co_return co_await from.acquire(); };
    async_semaphore::permit permit = co_await in_one_round(acquires(none), elsewhere([&] { none.release(); }));
    EXPECT_TRUE(bool(permit));

    async_mutex mutex;
    async_mutex::guard held = mutex.try_lock();
    auto locks = [](async_mutex &from) -> task<async_mutex::guard> { co_return co_await from.lock(); };
    async_mutex::guard next = co_await in_one_round(locks(mutex), elsewhere([&] { held.unlock(); }));
    EXPECT_TRUE(bool(next));

    promise<int> made;
    auto gets = [](future<int> from) -> task<int> { co_return co_await std::move(from); };
    int value = co_await in_one_round(gets(made.get_future()), elsewhere([&] { made.set_value(5); }));
    EXPECT_EQ(value, 5);
  }());
}

// What a task comes to that was told by the deadline.
TEST(NotLost, WhatATaskComesToAfterTheDeadlineDecides) {
  run([]() -> task<> {
    auto in_the_end = [](std::function<int()> gives) -> task<int> {
      try {
        co_await sleep_for(1h);
      } catch (const cancelled &) {
      }
      co_return gives();
    };
    int value = co_await timeout(in_the_end([] { return 3; }), 1ms);
    EXPECT_EQ(value, 3);
    auto fails = []() -> int { throw std::runtime_error("planned"); };
    EXPECT_THROW(co_await timeout(in_the_end(fails), 1ms), std::runtime_error);
    auto ends_so = []() -> int { throw cancelled(); };
    EXPECT_THROW(co_await timeout(in_the_end(ends_so), 1ms), timed_out);
    auto at_once = [](std::function<int()> gives) -> task<int> { co_return gives(); };
    EXPECT_THROW(co_await timeout(at_once(ends_so), 1h), cancelled);
    int &same = co_await timeout([](int &of) -> task<int &> { co_return of; }(value), 1h);
    EXPECT_EQ(&same, &value);
  }());
}

// Awaitables themselves: what waits in line, and what waits for a descriptor.
TEST(Timeout, OfWaitsThatAreNoTasks) {
  run([]() -> task<> {
    async_mutex mutex;
    async_semaphore one(1);
    async_queue<int> queue(1);
    async_event happened;
    async_mutex::guard held = co_await timeout(mutex.lock(), 1h);
    EXPECT_TRUE(bool(held));
    EXPECT_THROW((void)co_await timeout(mutex.lock(), 1ms), timed_out);
    async_semaphore::permit permit = co_await timeout(one.acquire(), 1h);
    EXPECT_TRUE(bool(permit));
    EXPECT_THROW((void)co_await timeout(one.acquire(), 1ms), timed_out);
    co_await timeout(queue.push(3), 1h);
    EXPECT_THROW(co_await timeout(queue.push(4), 1ms), timed_out);
    EXPECT_EQ(co_await timeout(queue.pop(), 1h), 3);
    EXPECT_THROW((void)co_await timeout(queue.pop(), 1ms), timed_out);
    EXPECT_THROW(co_await timeout(happened.wait(), 1ms), timed_out);
    happened.set();
    co_await timeout(happened.wait(), 1h);

    stream listener = stream::listen(endpoint::loopback(), *event_loop::current());
    EXPECT_THROW((void)co_await timeout(listener.accept(), 1ms), timed_out);
    stream client = co_await stream::connect(listener.local_endpoint());
    stream served = co_await timeout(listener.accept(), 10s);
    std::byte bytes[2];
    EXPECT_THROW((void)co_await timeout(served.read_some(bytes), 1ms), timed_out);
    EXPECT_EQ(co_await timeout(client.write_all("x"), 10s), 1u);
    EXPECT_EQ(co_await timeout(served.read_some(bytes), 10s), 1u);

    int pipe[2];
    EXPECT_EQ(::pipe(pipe), 0);
    EXPECT_THROW(co_await timeout(wait_readable(pipe[0]), 1ms), timed_out);
    EXPECT_EQ(write(pipe[1], "x", 1), 1);
    co_await timeout(wait_readable(pipe[0]), 10s);
    close(pipe[0]);
    close(pipe[1]);
    signal_set ends({SIGUSR1});
    raise(SIGUSR1);
    EXPECT_EQ(co_await timeout(ends.next(), 10s), SIGUSR1);
  }());
}

// A task that goes on after whatever goes wrong ends all the same when it is told to.
TEST(Cancelled, IsNotCaughtWithWhatGoesWrong) {
  run([]() -> task<> {
    int wrong = 0;
    auto goes_on = [&]() -> task<> {
      for (;;)
        try {
          co_await sleep_for(wrong == 0 ? 0s : 3600s);
          throw std::runtime_error("planned");
        } catch (const std::exception &) {
          if (++wrong == 100)
            co_return; // spins
        }
    };
    join_handle<void> running = spawn(goes_on());
    while (wrong == 0)
      co_await yield();
    co_await yield();
    running.request_stop();
    EXPECT_THROW(co_await running, cancelled);
    EXPECT_EQ(wrong, 1);
  }());
}

// --- destroyed before it went on: with its loop ---

// Runs it until it waits, has `grants` make it go on, and destroys it before it does.
struct doomed {
  std::optional<event_loop> loop{std::in_place, quiet()};
  explicit doomed(task<> body) {
    loop->spawn(std::move(body)).detach();
    go_on();
  }
  void go_on() {
    loop->call_soon([this] { loop->call_soon([this] { loop->stop(); }); });
    loop->run();
  }
};
task<> pops_for_nobody(async_queue<int> &from) {
  co_await from.pop();
  ADD_FAILURE() << "it was destroyed";
}

TEST(NotLost, ValuesOfDestroyedPoppersComeFirstAndInOrder) {
  async_queue<int> queue(2);
  std::vector<std::unique_ptr<doomed>> poppers;
  for (int i = 0; i != 3; ++i)
    poppers.push_back(std::make_unique<doomed>(pops_for_nobody(queue)));
  for (int i = 0; i != 5; ++i)
    EXPECT_TRUE(queue.try_push(i));
  EXPECT_EQ(queue.size(), 2u);
  int more = 9;
  EXPECT_FALSE(queue.try_push(more));
  for (std::size_t i : {1, 0, 2})
    poppers[i].reset();
  EXPECT_EQ(queue.size(), 5u);
  EXPECT_FALSE(queue.try_push(more)) << "it holds more than it has room for";
  for (int i = 0; i != 5; ++i)
    EXPECT_EQ(queue.try_pop(), i);
  EXPECT_EQ(queue.try_pop(), std::nullopt);
  EXPECT_TRUE(queue.try_push(more));
}

TEST(NotLost, TheValueOfADestroyedPopperGoesToTheNext) {
  async_queue<int> queue(1);
  auto first = std::make_unique<doomed>(pops_for_nobody(queue));
  std::optional<int> got;
  auto pops = [&]() -> task<> { got = co_await queue.pop(); };
  doomed second(pops());
  EXPECT_TRUE(queue.try_push(4));
  first.reset();
  second.go_on();
  EXPECT_EQ(got, 4);
  EXPECT_EQ(queue.size(), 0u);
}

TEST(NotLost, ADestroyedPopperOfAClosedQueueGivesNothingBack) {
  async_queue<int> queue(1);
  auto first = std::make_unique<doomed>(pops_for_nobody(queue));
  queue.close();
  first.reset();
  EXPECT_EQ(queue.size(), 0u);
}

TEST(NotLost, PushersWaitUntilWhatWasGivenBackIsPopped) {
  async_queue<int> queue(1);
  auto first = std::make_unique<doomed>(pops_for_nobody(queue));
  EXPECT_TRUE(queue.try_push(0));
  EXPECT_TRUE(queue.try_push(1));
  bool pushed = false;
  auto pushes = [&]() -> task<> {
    co_await queue.push(2);
    pushed = true;
  };
  doomed second(pushes());
  first.reset();
  EXPECT_EQ(queue.try_pop(), 0);
  second.go_on();
  EXPECT_FALSE(pushed) << "it is full as before";
  EXPECT_EQ(queue.try_pop(), 1);
  second.go_on();
  EXPECT_TRUE(pushed);
  EXPECT_EQ(queue.try_pop(), 2);
}

struct notified {
  async_mutex mutex;
  async_condition_variable changed;
  int woken = 0;
  task<> waits() {
    async_mutex::guard held = co_await mutex.lock();
    co_await changed.wait(held);
    ++woken;
  }
};

TEST(NotLost, TheNotificationOfADestroyedWaiterGoesToTheNext) {
  notified by;
  auto first = std::make_unique<doomed>(by.waits());
  doomed second(by.waits()), third(by.waits());
  by.changed.notify_one();
  first.reset();
  second.go_on();
  third.go_on();
  EXPECT_EQ(by.woken, 1);
}

TEST(NotLost, NorWhenItWasOnItsWayToTheLock) {
  notified by;
  auto first = std::make_unique<doomed>(by.waits());
  doomed second(by.waits());
  async_mutex::guard held = by.mutex.try_lock();
  EXPECT_TRUE(bool(held));
  by.changed.notify_one();
  first->go_on(); // waits for the lock
  first.reset();
  held.unlock();
  second.go_on();
  EXPECT_EQ(by.woken, 1);
}

TEST(NotLost, NotifyAllIsNotHandedOn) {
  notified by;
  auto first = std::make_unique<doomed>(by.waits());
  by.changed.notify_all();
  doomed second(by.waits());
  first.reset();
  second.go_on();
  EXPECT_EQ(by.woken, 0) << "it came later";
  by.changed.notify_all();
  second.go_on();
  EXPECT_EQ(by.woken, 1);
}

TEST(NotLost, ThePermitAndTheLockOfADestroyedWaiterGoToTheNext) {
  async_semaphore one(0);
  async_mutex mutex;
  async_mutex::guard held = mutex.try_lock();
  int got = 0;
  auto acquires = [&]() -> task<> {
    async_semaphore::permit mine = co_await one.acquire();
    ++got;
    std::move(mine).keep();
  };
  auto locks = [&]() -> task<> {
    async_mutex::guard mine = co_await mutex.lock();
    ++got;
  };
  auto first = std::make_unique<doomed>(acquires()), other = std::make_unique<doomed>(locks());
  doomed second(acquires()), third(locks());
  one.release();
  held.unlock();
  first.reset();
  other.reset();
  second.go_on();
  third.go_on();
  EXPECT_EQ(got, 2);
  EXPECT_EQ(one.available(), 0u);
  EXPECT_TRUE(bool(mutex.try_lock()));
}

// --- a number of a descriptor that is another one's by now ---

task<> comes_readable(int fd) { co_await wait_readable(fd); }

// A wait that was told to stop has not gone when its descriptor is closed and the number given away.
void reuse(std::function<task<>(int number, int other)> then) {
  run([](std::function<task<>(int, int)> after_it) -> task<> {
    int pipe[2], pair[2];
    EXPECT_EQ(::pipe(pipe), 0);
    join_handle<void> waits = spawn(comes_readable(pipe[0]));
    co_await yield();
    waits.request_stop(); // goes on after the next await
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK | SOCK_CLOEXEC, 0, pair), 0);
    EXPECT_EQ(dup2(pair[0], pipe[0]), pipe[0]);
    close(pair[0]);
    co_await after_it(pipe[0], pair[1]);
    EXPECT_THROW(co_await waits, cancelled);
    close(pair[1]);
    close(pipe[1]);
  }(std::move(then)));
}

TEST(NotLost, ASocketOnAReusedNumberIsNotMadeDeaf) {
  reuse([](int number, int other) -> task<> {
    stream peer(number, *event_loop::current());
    co_await yield(); // the old wait goes
    co_await yield();
    std::byte one[1];
    event_loop::current()->call_later(1ms, [other] { EXPECT_EQ(write(other, "x", 1), 1); });
    auto reads = [](stream &from, std::span<std::byte> into) -> task<std::size_t> { co_return co_await from.read_some(into); };
    EXPECT_EQ(co_await timeout(reads(peer, one), 10s), 1u);
  });
}

TEST(NotLost, NorIsAWaitOnAReusedNumber) {
  reuse([](int number, int other) -> task<> {
    event_loop::current()->call_later(1ms, [other] { EXPECT_EQ(write(other, "x", 1), 1); });
    co_await timeout(comes_readable(number), 10s); // begins before the old one goes
    char one;
    EXPECT_EQ(read(number, &one, 1), 1);
    close(number);
  });
}

} // namespace
