// When what a task or a call was given comes to its end: with the task or the call, before who waits for it goes on; not
// when a handle, the other children of a when_all or a whole expression end.
#include "coroutine_test.h"

#include <tenterhook/run_in_executor.h>
#include <tenterhook/socket.h>
#include <tenterhook/task_group.h>
#include <tenterhook/thread_pool.h>
#include <tenterhook/timeout.h>
#include <tenterhook/when_all.h>
#include <tenterhook/when_any.h>

#include <memory>
#include <sys/socket.h>
#include <thread>
#include <unistd.h>

using namespace coroutine_test;
using stream = tenterhook::socket;

namespace {

using shared_count = std::shared_ptr<int>;

task<int> keeps(shared_count, int value = 1) {
  co_await yield();
  co_return value;
}
task<int> fails_with_it(shared_count) {
  co_await yield();
  throw std::runtime_error("planned");
}
task<shared_count> gives_it_back(shared_count given) {
  co_await yield();
  co_return given;
}

// The other end of a socket is at its end when a task that was given it has ended.
TEST(Frames, ASocketIsClosedWithItsTaskAndNotWithTheHandle) {
  run([]() -> task<> {
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    auto serve = [](stream) -> task<> { co_await yield(); };
    join_handle<> kept = spawn(serve(stream(ends[0], *event_loop::current())));
    co_await kept;
    char byte;
    EXPECT_EQ(read(ends[1], &byte, 1), 0);
    close(ends[1]);
  }());
}

TEST(Frames, AHandleKeepsTheResultAlone) {
  event_loop loop(quiet());
  shared_count given = std::make_shared<int>(5);
  join_handle<int> value = loop.spawn(keeps(given)), error = loop.spawn(fails_with_it(given));
  join_handle<shared_count> result = loop.spawn(gives_it_back(given));
  EXPECT_EQ(given.use_count(), 4);
  loop.run_until_complete(after(1ms, 0));
  EXPECT_TRUE(value.is_done() && error.is_done() && result.is_done());
  EXPECT_EQ(given.use_count(), 2) << "that of the result";
  auto take = [&]() -> task<> {
    EXPECT_EQ(co_await value, 1);
    EXPECT_THROW(co_await error, std::runtime_error);
    EXPECT_EQ(*co_await result, 5);
  };
  loop.run_until_complete(take());
}

TEST(Frames, AHandleThatIsDroppedLaterLosesNoException) {
  std::string lost;
  {
    event_loop loop({0ns, {}, [&](const lost_exception &what) {
                       try {
                         std::rethrow_exception(what.error);
                       } catch (const std::exception &error) {
                         lost += error.what();
                       }
                     }});
    auto body = []() -> task<> {
      join_handle<int> dropped = spawn(fails_with_it(nullptr));
      while (!dropped.is_done())
        co_await yield();
    };
    loop.run_until_complete(body());
  }
  EXPECT_EQ(lost, "planned");
}

TEST(Frames, OnAPoolToo) {
  thread_pool pool(2);
  run([](thread_pool &workers) -> task<> {
    shared_count given = std::make_shared<int>(5);
    for (int round = 0; round != 50; ++round) {
      std::vector<join_handle<int>> handles;
      for (int i = 0; i != 4; ++i)
        handles.push_back(spawn(keeps(given, i), workers));
      for (int i = 0; i != 4; ++i) {
        EXPECT_EQ(co_await handles[std::size_t(i)], i);
      }
      EXPECT_EQ(given.use_count(), 1);
    }
  }(pool));
}

// A result whose move throws is an exception, for whoever takes it.
struct stubborn {
  bool moved = false;
  stubborn() = default;
  stubborn(stubborn &&other) : moved(true) {
    if (other.moved)
      throw std::runtime_error("not twice");
  }
};
TEST(Frames, AResultThatCannotBeMovedIsAnException) {
  auto gives = []() -> task<stubborn> {
    co_await yield();
    co_return stubborn(); // the first move
  };
  run([](auto make) -> task<> {
    join_handle<stubborn> handle = spawn(make());
    EXPECT_THROW(co_await handle, std::runtime_error);
    EXPECT_THROW(co_await when_all(make(), make()), std::runtime_error);
  }(gives));
}

// Each of these has two children: one that has ended, and one that looks what is left of it.
task<int> looks(const shared_count &at, long expected) {
  for (int i = 0; i != 10; ++i)
    co_await yield();
  EXPECT_EQ(at.use_count(), expected);
  co_return 2;
}
template <typename T> std::vector<task<T>> two_of(task<T> one, task<T> two) {
  std::vector<task<T>> both;
  both.push_back(std::move(one));
  both.push_back(std::move(two));
  return both;
}

TEST(Frames, AChildThatHasEndedIsGoneBeforeTheOthersAre) {
  run([]() -> task<> {
    shared_count given = std::make_shared<int>(5);
    auto [one, two] = co_await when_all(keeps(given), looks(given, 1));
    EXPECT_EQ(one + two, 3);
    std::vector<int> values = co_await when_all(two_of(keeps(given), looks(given, 1)));
    EXPECT_EQ(values, (std::vector{1, 2}));
    EXPECT_EQ(co_await when_all(keeps(given), keeps(given), looks(given, 1)), std::make_tuple(1, 1, 2));
    EXPECT_THROW(co_await when_all(fails_with_it(given), looks(given, 1)), std::runtime_error);
    auto [kept, looked] = co_await when_all_settled(fails_with_it(given), looks(given, 1));
    EXPECT_FALSE(kept.has_value());
    EXPECT_EQ(looked.get(), 2);
    auto settled = co_await when_all_settled(two_of(keeps(given), looks(given, 1)));
    EXPECT_EQ(settled[0].get() + settled[1].get(), 3);
    auto [back, last] = co_await when_all(gives_it_back(given), looks(given, 2));
    EXPECT_EQ(back, given) << "the result is kept";
  }());
}

TEST(Frames, TheWinnerIsGoneBeforeTheLosersAre) {
  run([]() -> task<> {
    shared_count given = std::make_shared<int>(5);
    auto cleans_up = [](const shared_count &at) -> task<int> {
      try {
        co_await sleep_for(1h);
      } catch (const cancelled &) {
        EXPECT_EQ(at.use_count(), 1);
      }
      co_return 2;
    };
    auto first = co_await when_any(keeps(given), cleans_up(given));
    EXPECT_EQ(first.index, 0u);
    EXPECT_EQ((co_await when_any(two_of(cleans_up(given), keeps(given)))).index, 1u);
  }());
}

// Waiting children of which some have ended are destroyed with their loop.
TEST(Frames, DestroyedWithChildrenThatHaveEnded) {
  shared_count given = std::make_shared<int>(5);
  {
    event_loop loop(quiet());
    auto waits = [](shared_count, int depth, auto self) -> task<> {
      shared_count mine = std::make_shared<int>(depth);
      if (depth == 0)
        co_await sleep_for(1h);
      else
        co_await when_all(keeps(mine), self(mine, depth - 1, self), keeps(mine), timeout(self(mine, depth - 1, self), 1h));
    };
    loop.spawn(waits(given, 4, waits)).detach();
    loop.run_until_complete(after(2ms, 0));
    EXPECT_GT(given.use_count(), 1);
  }
  EXPECT_EQ(given.use_count(), 1);
}

TEST(Frames, ATaskOfAGroupIsGoneBeforeItsResultIsThere) {
  thread_pool pool(1);
  run([](thread_pool &workers) -> task<> {
    for (int round = 0; round != 50; ++round) {
      shared_count given = std::make_shared<int>(5);
      auto body = [&](task_group &group) -> task<> {
        future<int> result = group.submit(keeps(given), workers);
        EXPECT_EQ(co_await std::move(result), 1);
        EXPECT_EQ(given.use_count(), 1);
      };
      co_await with_task_group(body);
    }
  }(pool));
}

// A capture whose destructor takes its time: who does not wait for it is there first.
struct slow_end {
  std::atomic<bool> *over = nullptr;
  explicit slow_end(std::atomic<bool> &told) : over(&told) { told = false; }
  slow_end(slow_end &&other) noexcept : over(std::exchange(other.over, nullptr)) {}
  slow_end(const slow_end &) = delete;
  ~slow_end() {
    if (!over)
      return;
    std::this_thread::sleep_for(20ms);
    *over = true;
  }
};

TEST(Frames, ACallOnAPoolIsGoneBeforeItsResultIsThere) {
  thread_pool pool(1);
  run([](thread_pool &workers) -> task<> {
    std::atomic<bool> over = false;
    auto call = [end = slow_end(over)] { return 3; };
    EXPECT_EQ(co_await run_in_executor(workers, std::move(call)), 3);
    EXPECT_TRUE(over);
    auto job = [end = slow_end(over)] { return 4; };
    EXPECT_EQ(co_await workers.submit(std::move(job)), 4);
    EXPECT_TRUE(over);
    auto throws = [end = slow_end(over)]() -> int { throw std::runtime_error("planned"); };
    EXPECT_THROW(co_await run_in_executor(workers, std::move(throws)), std::runtime_error);
    EXPECT_TRUE(over);
    auto nothing = [end = slow_end(over)] {};
    co_await run_in_executor(workers, std::move(nothing));
    EXPECT_TRUE(over);
  }(pool));
}

TEST(Frames, AContinuationIsGoneBeforeItsResultIsThere) {
  thread_pool pool(2);
  std::atomic<bool> over = false;
  auto one = [] { return 1; };
  EXPECT_EQ(pool.submit(one).then([end = slow_end(over)](int n) { return n + 1; }).get(), 2);
  EXPECT_TRUE(over);
  EXPECT_EQ(pool.submit(one).then(pool, [end = slow_end(over)](int n) { return n + 1; }).get(), 2);
  EXPECT_TRUE(over);
  EXPECT_EQ(pool.submit(one).then([&, end = slow_end(over)](int) { return pool.submit(one); }).get(), 1);
  EXPECT_TRUE(over);
  pool.submit(one).then([end = slow_end(over)](future<int> ready) { (void)ready.get(); }).get();
  EXPECT_TRUE(over);
}

} // namespace
