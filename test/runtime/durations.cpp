// Durations and times at the ends of their types, in each function that takes one: too long means for ever, past and
// negative mean at once, and nothing overflows (UndefinedBehaviorSanitizer).
#include "coroutine_test.h"

#include <tenterhook/blocking_queue.h>
#include <tenterhook/condition_variable.h>
#include <tenterhook/future.h>
#include <tenterhook/mutex.h>
#include <tenterhook/timeout.h>
#include <tenterhook/when_any.h>

#include <cmath>
#include <limits>
#include <thread>

using namespace coroutine_test;

namespace {

using detail::saturated;
using std::chrono::duration;
using std::chrono::nanoseconds;
using days = duration<double, std::ratio<86400>>;
using thirds = duration<int, std::ratio<1, 3>>;
using picoseconds = duration<std::int64_t, std::pico>;

TEST(Durations, SaturateAndRoundUp) {
  EXPECT_EQ(saturated(std::chrono::hours::max()), nanoseconds::max());
  EXPECT_EQ(saturated(std::chrono::hours::min()), nanoseconds::min());
  EXPECT_EQ(saturated(std::chrono::seconds(9'223'372'036)), nanoseconds(9'223'372'036'000'000'000));
  EXPECT_EQ(saturated(std::chrono::seconds(9'223'372'037)), nanoseconds::max());
  EXPECT_EQ(saturated(std::chrono::seconds(-9'223'372'037)), nanoseconds::min());
  EXPECT_EQ(saturated(nanoseconds::min()), nanoseconds::min());
  EXPECT_EQ(saturated(duration<std::uint64_t, std::nano>(~std::uint64_t(0))), nanoseconds::max());
  EXPECT_EQ(saturated(duration<std::uint64_t>(2)), nanoseconds(2'000'000'000));
  EXPECT_EQ(saturated(duration<signed char, std::milli>(-128)), nanoseconds(-128'000'000));
  EXPECT_EQ(saturated(picoseconds(1001)), nanoseconds(2));
  EXPECT_EQ(saturated(picoseconds(-1001)), nanoseconds(-1));
  EXPECT_EQ(saturated(thirds(1)), nanoseconds(333'333'334));
  EXPECT_EQ(saturated(thirds(-1)), nanoseconds(-333'333'333));
  EXPECT_EQ(saturated(days(1e300)), nanoseconds::max());
  EXPECT_EQ(saturated(days(-std::numeric_limits<double>::infinity())), nanoseconds::min());
  EXPECT_EQ(saturated(days(std::nan(""))), nanoseconds(0));
  EXPECT_EQ(saturated(duration<double>(0.25)), nanoseconds(250'000'000));
  EXPECT_EQ(saturated(duration<double, std::nano>(0.1)), nanoseconds(1));
  using seconds_point = std::chrono::time_point<std::chrono::system_clock, std::chrono::seconds>;
  EXPECT_EQ(detail::time_left(seconds_point::min()), nanoseconds::min());
  EXPECT_GT(detail::time_left(seconds_point::max()), std::chrono::hours(24 * 365 * 200));
  EXPECT_EQ(detail::time_after(std::chrono::hours::max()), std::chrono::steady_clock::time_point::max());
}

// Calls `wait` with durations that are too long, and with ones that are over.
template <typename F> void for_long(F wait) {
  wait(std::chrono::hours::max());
  wait(std::chrono::seconds::max());
  wait(nanoseconds::max());
  wait(days(1e300));
  wait(duration<double>(std::numeric_limits<double>::infinity()));
  wait(duration<std::uint64_t, std::ratio<3600>>(~std::uint64_t(0)));
}
template <typename F> void for_past(F wait) {
  wait(std::chrono::hours::min());
  wait(std::chrono::seconds(-1));
  wait(nanoseconds::min());
  wait(nanoseconds(0));
  wait(days(-1e300));
  wait(days(std::nan("")));
}

template <typename Duration> task<int> sleeps(Duration time) {
  co_await sleep_for(time);
  co_return 1;
}
template <typename When> task<int> sleeps_until(When time) {
  co_await sleep_until(time);
  co_return 1;
}

TEST(Durations, Sleep) {
  using hours_point = std::chrono::time_point<std::chrono::steady_clock, std::chrono::hours>;
  for_long([](auto time) { EXPECT_EQ(run(when_any(sleeps(time), after(2ms, 2))).index, 1u); });
  EXPECT_EQ(run(when_any(sleeps_until(event_loop::clock::time_point::max()), after(2ms, 2))).index, 1u);
  EXPECT_EQ(run(when_any(sleeps_until(hours_point::max()), after(2ms, 2))).index, 1u);
  for_past([](auto time) { EXPECT_EQ(run(sleeps(time)), 1); });
  EXPECT_EQ(run(sleeps_until(event_loop::clock::time_point::min())), 1);
  EXPECT_EQ(run(sleeps_until(hours_point::min())), 1);
  EXPECT_EQ(run(sleeps_until(event_loop::clock::time_point())), 1);
}

TEST(Durations, Timeout) {
  for_long([](auto time) { EXPECT_EQ(run(timeout(after(2ms, 7), time)), 7); });
  EXPECT_EQ(run(timeout_at(after(2ms, 7), event_loop::clock::time_point::max())), 7);
  for_past([](auto time) { EXPECT_THROW(run(timeout(after(1h, 7), time)), timed_out); });
  EXPECT_THROW(run(timeout_at(after(1h, 7), event_loop::clock::time_point::min())), timed_out);
}

TEST(Durations, Timers) {
  event_loop loop(quiet());
  int past = 0;
  for_long([&](auto time) { loop.call_later(time, [] { ADD_FAILURE(); }); });
  loop.call_at(event_loop::clock::time_point::max(), [] { ADD_FAILURE(); });
  for_past([&](auto time) { loop.call_later(time, [&] { ++past; }); });
  loop.call_at(event_loop::clock::time_point::min(), [&] { ++past; });
  loop.run_until_complete(after(3ms, 0)); // sleeps while the far timers are the only others
  EXPECT_EQ(past, 7);
}

// Runs `waiting`, which waits for what `then` does some milliseconds later on another thread.
template <typename Waits, typename Then> void meanwhile(Waits waiting, Then then) {
  std::jthread other([&] {
    std::this_thread::sleep_for(3ms);
    then();
  });
  waiting();
}

TEST(Durations, Futures) {
  for_long([](auto time) {
    promise<int> made;
    future<int> result = made.get_future();
    meanwhile([&] { EXPECT_TRUE(result.wait_for(time)); }, [&] { made.set_value(1); });
  });
  for_past([](auto time) {
    promise<int> made;
    future<int> result = made.get_future();
    EXPECT_FALSE(result.wait_for(time));
  });
  using system_hours = std::chrono::time_point<std::chrono::system_clock, std::chrono::hours>;
  promise<int> made;
  future<int> result = made.get_future();
  EXPECT_FALSE(result.wait_until(system_hours::min()));
  EXPECT_FALSE(result.wait_until(std::chrono::steady_clock::time_point::min()));
  meanwhile([&] { EXPECT_TRUE(result.wait_until(system_hours::max())); }, [&] { made.set_value(1); });
  EXPECT_TRUE(result.wait_until(system_hours::min())) << "it is ready";
}

TEST(Durations, Locks) {
  tenterhook::timed_mutex locked;
  std::atomic<bool> holds = false;
  auto hold = [&](auto wait) {
    holds = false;
    std::jthread holder([&] {
      std::lock_guard guard(locked);
      holds = true;
      std::this_thread::sleep_for(3ms);
    });
    while (!holds)
      std::this_thread::yield();
    wait();
  };
  for_long([&](auto time) {
    hold([&] {
      EXPECT_TRUE(locked.try_lock_for(time));
      locked.unlock();
    });
    hold([&] {
      std::unique_lock guard(locked, time);
      EXPECT_TRUE(guard.owns_lock());
    });
  });
  hold([&] {
    EXPECT_TRUE(locked.try_lock_until(std::chrono::system_clock::time_point::max()));
    locked.unlock();
  });
  std::lock_guard mine(locked);
  std::jthread([&] {
    for_past([&](auto time) { EXPECT_FALSE(locked.try_lock_for(time)); });
    EXPECT_FALSE(locked.try_lock_until(std::chrono::system_clock::time_point::min()));
    EXPECT_FALSE(locked.try_lock_until(std::chrono::steady_clock::time_point::min()));
  }).join();
}

TEST(Durations, ConditionVariables) {
  tenterhook::mutex m;
  tenterhook::condition_variable changed;
  for_long([&](auto time) {
    bool done = false;
    meanwhile(
        [&] {
          std::unique_lock lock(m);
          EXPECT_TRUE(changed.wait_for(lock, time, [&] { return done; }));
        },
        [&] {
          std::lock_guard lock(m);
          done = true;
          changed.notify_all();
        });
  });
  std::unique_lock lock(m);
  for_past([&](auto time) {
    EXPECT_EQ(changed.wait_for(lock, time), std::cv_status::timeout);
    EXPECT_FALSE(changed.wait_for(lock, time, [] { return false; }));
  });
  EXPECT_EQ(changed.wait_until(lock, std::chrono::system_clock::time_point::min()), std::cv_status::timeout);
}

TEST(Durations, Queues) {
  for_long([](auto time) {
    blocking_queue<int> queue(1);
    meanwhile([&] { EXPECT_EQ(queue.get_for(time), 5); }, [&] { queue.put(5); });
    EXPECT_TRUE(queue.try_put(6));
    meanwhile([&] { EXPECT_TRUE(queue.put_for(7, time)); }, [&] { EXPECT_EQ(queue.get(), 6); });
    meanwhile([&] { EXPECT_TRUE(queue.join_for(time)); },
              [&] {
                for (int i = 0; i != 3; ++i)
                  queue.task_done();
              });
  });
  for_past([](auto time) {
    blocking_queue<int> queue(1);
    EXPECT_EQ(queue.get_for(time), std::nullopt);
    EXPECT_TRUE(queue.put_for(1, time)) << "there is room";
    EXPECT_FALSE(queue.put_for(2, time));
    EXPECT_FALSE(queue.join_for(time));
  });
}

TEST(Durations, Thresholds) {
  EXPECT_EQ(event_loop_options{.slow_threshold = std::chrono::hours::max()}.slow_threshold, nanoseconds::max());
  EXPECT_EQ(event_loop_options{.slow_threshold = std::chrono::seconds::min()}.slow_threshold, nanoseconds::min());
  EXPECT_EQ(event_loop_options{.slow_threshold = duration<double>(0.25)}.slow_threshold, 250ms);
  event_loop_options options;
  options.slow_threshold = std::chrono::minutes::max();
  bool slow = false;
  options.on_slow = [&](const slow_callback &) { slow = true; };
  event_loop loop(options);
  loop.call_soon([&] { loop.stop(); });
  loop.run();
  EXPECT_FALSE(slow);
}

} // namespace
