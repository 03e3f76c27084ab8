// What ends, or is asked to end, where its author did not think of it: on a thread of somebody's own, by a signal handler,
// twice, or outside of all executors.
#include "coroutine_test.h"
#include "window.h"

#include <tenterhook/async_mutex.h>
#include <tenterhook/async_queue.h>
#include <tenterhook/async_semaphore.h>
#include <tenterhook/run_in_executor.h>
#include <tenterhook/shield.h>
#include <tenterhook/thread_pool.h>
#include <tenterhook/timeout.h>
#include <tenterhook/when_all.h>

#include <csignal>
#include <memory>
#include <optional>
#include <thread>

using namespace coroutine_test;

namespace {

// An awaitable as tutorials have it: the coroutine goes on on a thread of its own, on no executor.
using threads = std::vector<std::jthread>;
struct on_new_thread {
  threads &made;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> self) {
    made.emplace_back([self] { self.resume(); });
  }
  void await_resume() const noexcept {}
};

task<int> ends_elsewhere(threads &made, std::atomic<int> &ended) {
  co_await on_new_thread{made};
  co_return ++ended;
}
task<int> awaits(task<int> child) { co_return co_await std::move(child); }
task<int> all_of(task<int> child) { co_return std::get<0>(co_await when_all(std::move(child))); }

// It has ended, and the loop was never told: the item lies in its queue when the loop goes.
class EndedElsewhere : public testing::TestWithParam<bool> {
protected:
  void run_with(task<int> (*around)(task<int>)) {
    threads made;
    std::atomic<int> ended{0};
    std::optional<join_handle<int>> handle;
    {
      event_loop loop(quiet());
      task<int> body = ends_elsewhere(made, ended);
      handle = loop.spawn(around ? around(std::move(body)) : std::move(body));
      if (!GetParam())
        handle.reset();
      loop.call_soon([&] { loop.stop(); });
      loop.run();
      made.clear(); // joined
      EXPECT_EQ(ended, 1);
    }
    if (handle) {
      EXPECT_TRUE(handle->is_done());
    }
  }
};
INSTANTIATE_TEST_SUITE_P(, EndedElsewhere, testing::Bool(),
                         [](const auto &info) { return info.param ? "HandleKept" : "HandleDropped"; });
TEST_P(EndedElsewhere, TheLoopGoes) { run_with(nullptr); }
TEST_P(EndedElsewhere, TheLoopOfItsParentGoes) { run_with(awaits); }
TEST_P(EndedElsewhere, TheLoopOfWhoStartedItGoes) { run_with(all_of); }

TEST(Elsewhere, ATaskEndsAndItsParentGoesOn) {
  threads made;
  std::atomic<int> ended{0};
  EXPECT_EQ(run(awaits(ends_elsewhere(made, ended))), 1);
}

// --- stop() ---

task<> cleans_up(int &cleaned, bool stops_loop) {
  auto clean_up = [&]() -> task<> {
    if (stops_loop)
      event_loop::current()->stop();
    co_await sleep_for(1ms);
    ++cleaned;
  };
  int stopped = 0;
  (void)co_await finally(forever(stopped), clean_up);
}

TEST(Stop, BeforeShutdownDoesNotEndIt) {
  event_loop loop(quiet());
  int cleaned = 0;
  join_handle<void> handle = loop.spawn(cleans_up(cleaned, false));
  loop.call_soon([&] { loop.stop(); });
  loop.run();
  std::jthread([&] { loop.stop(); }).join(); // once more, too late
  loop.shutdown();
  EXPECT_TRUE(handle.is_done());
  EXPECT_EQ(cleaned, 1);
}

TEST(Stop, WithinShutdownDoesNotEndIt) {
  event_loop loop(quiet());
  int cleaned = 0;
  for (int i = 0; i != 3; ++i)
    loop.spawn(cleans_up(cleaned, true)).detach();
  loop.run_until_complete(after(1ms, 0));
  loop.shutdown();
  EXPECT_EQ(cleaned, 3);
}

TEST(Stop, AfterShutdownTheLoopCanRun) {
  event_loop loop(quiet());
  int cleaned = 0;
  loop.spawn(cleans_up(cleaned, true)).detach();
  loop.run_until_complete(after(1ms, 0));
  loop.shutdown();
  EXPECT_EQ(loop.run_until_complete(after(1ms, 7)), 7);
}

// A handler that stops the loop comes just before the loop sleeps, on the loop's own thread.
event_loop *handled = nullptr;
const char *raises_at = nullptr;
void stop_when_it_is_at(const char *place) {
  event_loop loop(quiet());
  handled = &loop;
  raises_at = place;
  auto before = std::signal(SIGUSR1, [](int) { handled->stop(); });
  detail::test_window = [](const char *here) noexcept {
    if (raises_at && std::string_view(here) == raises_at) {
      raises_at = nullptr;
      std::raise(SIGUSR1);
    }
  };
  bool slept = false;
  timer_handle fallback = loop.call_later(30s, [&] {
    slept = true;
    loop.stop();
  });
  loop.run();
  detail::test_window = nullptr;
  std::signal(SIGUSR1, before);
  EXPECT_EQ(raises_at, nullptr) << "the place was not come by";
  EXPECT_FALSE(slept);
}
TEST(Stop, ByASignalHandlerBeforeTheLoopSleeps) { stop_when_it_is_at("event_loop::wait: awake"); }
TEST(Stop, ByASignalHandlerWhenTheLoopIsAboutToSleep) { stop_when_it_is_at("event_loop::wait: asleep"); }

// --- a timeout and its parent's stop ---

task<> cleans_for(std::chrono::milliseconds time) {
  int stopped = 0;
  (void)co_await finally(forever(stopped), [time]() -> task<> { co_await sleep_for(time); });
}
template <typename T> task<std::string> says(task<T> body) {
  try {
    co_await std::move(body);
  } catch (const cancelled &) {
    co_return "cancelled";
  } catch (const timed_out &) {
    co_return "timed out";
  }
  co_return "nothing";
}

TEST(TimeoutEnds, WithCancelledWhenTheParentWasFirst) {
  auto program = []() -> task<std::string> {
    join_handle<std::string> handle = spawn(says(timeout(cleans_for(5ms), 0ms)));
    handle.request_stop();
    co_return co_await handle;
  };
  EXPECT_EQ(run(program()), "cancelled");
}

TEST(TimeoutEnds, WithTimedOutWhenTheParentCameInTheCleanUp) {
  auto program = []() -> task<std::string> {
    bool cleans = false, told = false;
    auto clean_up = [&]() -> task<> {
      cleans = true;
      while (!told)
        co_await yield();
    };
    int stopped = 0;
    join_handle<std::string> handle = spawn(says(timeout(finally(forever(stopped), clean_up), 0ms)));
    while (!cleans)
      co_await yield();
    handle.request_stop();
    told = true;
    co_return co_await handle;
  };
  EXPECT_EQ(run(program()), "timed out");
}

// --- a thread that has no executor waits for a task of one ---

TEST(Get, TakesTheResultOfATaskElsewhere) {
  auto loop = std::make_unique<event_loop>(quiet());
  std::thread runner([&] { loop->run(); });
  thread_pool pool(2);
  for (executor *where : {static_cast<executor *>(loop.get()), static_cast<executor *>(&pool)}) {
    auto yields = [](int value) -> task<int> {
      co_await yield();
      co_return value;
    };
    for (int i = 0; i != 20; ++i)
      EXPECT_EQ(spawn(yields(i), *where).get(), i);
    auto ended = spawn(yields(4), *where);
    while (!ended.is_done())
      std::this_thread::yield();
    EXPECT_EQ(ended.get(), 4);
    auto fails = []() -> task<> {
      co_await yield();
      throw std::runtime_error("planned");
    };
    EXPECT_THROW(spawn(fails(), *where).get(), std::runtime_error);
    auto gets = [&](executor &on) -> task<> {
      join_handle<int> other = spawn(yields(7), on);
      EXPECT_THROW(other.get(), std::logic_error) << "it would block who is to run it";
      EXPECT_EQ(co_await other, 7);
    };
    spawn(gets(*where), *where).get();
  }
  int stopped = 0;
  join_handle<int> waits = loop->spawn(forever(stopped)), destroyed = loop->spawn(forever(stopped));
  waits.request_stop();
  EXPECT_THROW(waits.get(), cancelled);
  std::jthread ends([&] {
    loop->stop();
    runner.join();
    loop.reset();
  });
  EXPECT_THROW(destroyed.get(), cancelled);
}

TEST(TimeoutEnds, OfFuturesAndHandles) {
  thread_pool pool(1);
  auto program = [](thread_pool &workers) -> task<> {
    EXPECT_EQ(co_await timeout(workers.submit([] { return 3; }), 1h), 3);
    promise<int> late;
    EXPECT_THROW(co_await timeout(late.get_future(), 1ms), timed_out);
    late.set_value(1); // for nobody
    EXPECT_EQ(co_await timeout(spawn(after(1ms, 4)), 1h), 4);
    int stopped = 0;
    EXPECT_THROW(co_await timeout(spawn(forever(stopped)), 1ms), timed_out);
    EXPECT_EQ(stopped, 1);
    EXPECT_EQ(co_await timeout_at(make_ready(5), event_loop::clock::time_point::max()), 5);
    co_await timeout(make_ready(), std::chrono::hours::max());
  };
  run(program(pool));
}

// --- waits outside of all executors ---

TEST(NoExecutor, IsAnErrorAndNoCrash) {
  threads made;
  made.reserve(1);
  thread_pool pool(1);
  async_mutex mutex;
  async_semaphore none(0);
  async_queue<int> empty(1);
  int refused = 0;
  auto program = [&]() -> task<> {
    async_mutex::guard held = co_await mutex.lock();
    co_await on_new_thread{made};
    try {
      (void)co_await mutex.lock();
    } catch (const std::logic_error &) {
      ++refused;
    }
    try {
      (void)co_await none.acquire();
    } catch (const std::logic_error &) {
      ++refused;
    }
    try {
      (void)co_await empty.pop();
    } catch (const std::logic_error &) {
      ++refused;
    }
    auto call = [] { return 1; };
    try {
      (void)co_await run_in_executor(pool, call);
    } catch (const std::logic_error &) {
      ++refused;
    }
    try {
      spawn(after(0ms, 1)).detach();
    } catch (const std::logic_error &) {
      ++refused;
    }
  };
  run(program());
  EXPECT_EQ(refused, 5);
  EXPECT_EQ(run([&]() -> task<int> {
              async_mutex::guard held = co_await mutex.lock(); // nothing was left behind
              none.release();
              (void)co_await none.acquire();
              co_await empty.push(4);
              co_return *co_await empty.pop();
            }()),
            4);
}

} // namespace
