// thread_pool: results, order, exceptions, nested work, both ways to end, under load.
#include <tenterhook/thread_pool.h>

#include <array>
#include <atomic>
#include <gtest/gtest.h>
#include <list>
#include <numeric>
#include <pthread.h>
#include <thread>

using namespace std::chrono_literals;
using namespace tenterhook;

namespace {

TEST(ThreadPool, SubmitGivesResultsAndExceptions) {
  thread_pool pool(2);
  EXPECT_EQ(pool.size(), 2u);
  EXPECT_EQ(pool.submit([] { return 5; }).get(), 5);
  EXPECT_EQ(*pool.submit([p = std::make_unique<int>(6)]() mutable { return std::move(p); }).get(), 6);
  EXPECT_THROW(pool.submit([]() -> int { throw std::out_of_range("no"); }).get(), std::out_of_range);
  EXPECT_FALSE(pool.runs_here());
  EXPECT_TRUE(pool.submit([&] { return pool.runs_here() && executor::current() == &pool; }).get());
}

TEST(ThreadPool, OneWorkerKeepsTheOrder) {
  thread_pool pool(1);
  std::vector<int> order;
  for (int i = 0; i != 100; ++i)
    pool.post([&, i] { order.push_back(i); });
  pool.shutdown();
  std::vector<int> expected(100);
  std::iota(expected.begin(), expected.end(), 0);
  EXPECT_EQ(order, expected);
}

TEST(ThreadPool, WorkersHaveNames) {
  thread_pool pool(1, "some long name here");
  EXPECT_EQ(pool.submit([] {
                  std::array<char, 16> name{};
                  pthread_getname_np(pthread_self(), name.data(), name.size());
                  return std::string(name.data());
                })
                .get(),
            "some long name ");
}

TEST(ThreadPool, WhatACallableHoldsIsFreedBeforeTheResultIsThere) {
  thread_pool pool(1);
  auto held = std::make_shared<int>(1);
  std::weak_ptr<int> watch = held;
  future<void> done = pool.submit([held = std::move(held)] {});
  done.get();
  EXPECT_TRUE(watch.expired());
}

TEST(ThreadPool, MapKeepsTheOrder) {
  thread_pool pool(4);
  std::vector<int> numbers(1000);
  std::iota(numbers.begin(), numbers.end(), 0);
  std::vector<long> squares = pool.map(numbers, [](int n) { return long(n) * n; });
  for (int i = 0; i != 1000; ++i)
    ASSERT_EQ(squares[i], long(i) * i);
  std::list<std::string> words{"a", "bb", "ccc"};
  EXPECT_EQ(pool.map(words, [](const std::string &word) { return word.size(); }), (std::vector<std::size_t>{1, 2, 3}));
  pool.map(numbers, [](int &n) { ++n; });
  EXPECT_EQ(numbers.back(), 1000);
  EXPECT_EQ(pool.map(numbers, [](int n) { return n % 2 == 0; }).size(), 1000u); // vector<bool> is written by one thread
  EXPECT_TRUE(pool.map(std::vector<int>(), [](int n) { return n; }).empty());
}

TEST(ThreadPool, MapThrowsTheFirstElementsError) {
  thread_pool pool(4);
  std::vector<int> numbers(100);
  std::iota(numbers.begin(), numbers.end(), 0);
  std::atomic<int> calls = 0;
  try {
    pool.map(numbers, [&](int n) {
      ++calls;
      if (n == 3)
        std::this_thread::sleep_for(5ms); // its error comes later than that of 4
      if (n >= 3)
        throw n;
    });
    FAIL();
  } catch (int n) {
    EXPECT_EQ(n, 3);
  }
  EXPECT_LT(calls, 100) << "elements that had not begun are not begun";
}

TEST(ThreadPool, MapStops) {
  thread_pool pool(2);
  std::stop_source stop;
  std::vector<int> numbers(1000);
  std::atomic<int> calls = 0;
  EXPECT_THROW(pool.map(
                   numbers,
                   [&](int) {
                     if (++calls >= 10)
                       stop.request_stop();
                   },
                   stop.get_token()),
               cancelled);
  EXPECT_LT(calls, 20);
}

TEST(ThreadPool, MapWithinMapDoesNotStarve) {
  thread_pool pool(2);
  std::vector<int> outer(8), inner(8, 1);
  std::vector<int> sums = pool.map(outer, [&](int) {
    std::vector<int> same = pool.map(inner, [](int n) { return n; });
    return std::accumulate(same.begin(), same.end(), 0);
  });
  EXPECT_EQ(sums, std::vector<int>(8, 8));
}

TEST(ThreadPool, StopTokenKeepsWorkFromBeginning) {
  thread_pool pool(1);
  std::stop_source stop;
  promise<void> gate;
  future<void> opened = gate.get_future();
  pool.post([&] { opened.wait(); });
  std::atomic<bool> ran = false;
  future<void> never = pool.submit(stop.get_token(), [&] { ran = true; });
  future<bool> told = pool.submit(std::stop_token(), [](std::stop_token given) { return given.stop_possible(); });
  stop.request_stop();
  gate.set_value();
  EXPECT_THROW(never.get(), cancelled);
  EXPECT_FALSE(ran);
  EXPECT_FALSE(told.get()) << "the token that was given, not the pool's";
}

TEST(ThreadPool, ShutdownFinishesWhatIsQueuedAndWhatThatAdds) {
  thread_pool pool(2);
  std::atomic<int> ran = 0;
  for (int i = 0; i != 200; ++i)
    pool.post([&] {
      ++ran;
      (void)pool.submit([&] { ++ran; }).then([&] { ++ran; });
    });
  pool.shutdown();
  EXPECT_EQ(ran, 600);
  EXPECT_THROW((void)pool.submit([] {}), closed);
  EXPECT_THROW(pool.map(std::vector<int>(3), [](int) {}), closed);
  pool.post([&] { ++ran; });
  pool.shutdown(); // again
  EXPECT_EQ(ran, 600);
}

TEST(ThreadPool, StopDropsWhatIsQueuedAndTellsWhatRuns) {
  thread_pool pool(2);
  std::atomic<int> running = 0, ran = 0;
  std::vector<future<void>> futures;
  for (int i = 0; i != 2; ++i)
    futures.push_back(pool.submit([&](std::stop_token stop) {
      ++running;
      while (!stop.stop_requested())
        std::this_thread::sleep_for(1ms);
    }));
  while (running != 2)
    std::this_thread::yield();
  for (int i = 0; i != 10; ++i)
    futures.push_back(pool.submit([&] { ++ran; }));
  EXPECT_EQ(pool.queued(), 10u);
  pool.stop();
  EXPECT_EQ(ran, 0);
  EXPECT_EQ(pool.queued(), 0u);
  for (std::size_t i = 0; i != futures.size(); ++i)
    if (i < 2)
      futures[i].get();
    else
      EXPECT_THROW(futures[i].get(), cancelled);
}

TEST(ThreadPool, AMapOfAPoolThatIsStoppedIsCancelled) {
  thread_pool pool(2);
  std::atomic<int> begun = 0;
  std::jthread stopping([&] {
    while (begun == 0)
      std::this_thread::yield();
    pool.stop();
  });
  std::vector<int> numbers(1000);
  // What is claimed ends; the helpers go on until all is claimed, as running work does.
  try {
    pool.map(numbers, [&](int) {
      ++begun;
      std::this_thread::sleep_for(10us);
    });
    EXPECT_EQ(begun, 1000);
  } catch (const cancelled &) {
    EXPECT_LT(begun, 1000);
  } catch (const closed &) {
    EXPECT_EQ(begun, 0);
  }
}

TEST(ThreadPool, WaitIdle) {
  thread_pool pool(3);
  pool.wait_idle();
  std::atomic<int> ran = 0;
  for (int round = 0; round != 20; ++round) {
    for (int i = 0; i != 50; ++i)
      pool.post([&] {
        std::this_thread::yield();
        pool.post([&] { ++ran; });
      });
    pool.wait_idle();
    EXPECT_EQ(ran, (round + 1) * 50);
  }
}

TEST(ThreadPool, AWorkerCannotWaitForItself) {
  thread_pool pool(1);
  EXPECT_THROW(pool.submit([&] { pool.wait_idle(); }).get(), std::logic_error);
  EXPECT_THROW(pool.submit([&] { pool.shutdown(); }).get(), std::logic_error);
  EXPECT_EQ(pool.submit([] { return 1; }).get(), 1) << "it goes on";
}

TEST(ThreadPoolDeathTest, AnExceptionOfPostedWorkEndsTheProgram) {
  GTEST_FLAG_SET(death_test_style, "threadsafe");
  EXPECT_DEATH(
      {
        thread_pool pool(1);
        pool.post([] { throw 1; });
        pool.wait_idle();
      },
      "");
}

// Producers and workers post and submit while another thread ends the pool: each future gets its result or cancelled.
template <typename End> void end_under_load(End end) {
  for (int round = 0; round != 30; ++round) {
    thread_pool pool(3);
    std::atomic<int> ran = 0, results = 0, dropped = 0, refused = 0, submitted = 0;
    {
      std::vector<std::jthread> producers;
      for (int p = 0; p != 3; ++p)
        producers.emplace_back([&] {
          std::vector<future<int>> futures;
          for (int i = 0; i != 300; ++i) {
            try {
              futures.push_back(pool.submit([&, i] {
                ++ran;
                return i;
              }));
              ++submitted;
            } catch (const closed &) {
              ++refused;
            }
          }
          for (future<int> &each : futures) {
            try {
              each.get();
              ++results;
            } catch (const cancelled &) {
              ++dropped;
            }
          }
        });
      while (ran < 50)
        std::this_thread::yield();
      end(pool);
    }
    EXPECT_EQ(submitted + refused, 900);
    EXPECT_EQ(results, ran);
    EXPECT_EQ(results + dropped, submitted);
  }
}
TEST(ThreadPool, ShutdownUnderLoad) {
  end_under_load([](thread_pool &pool) { pool.shutdown(); });
}
TEST(ThreadPool, StopUnderLoad) {
  end_under_load([](thread_pool &pool) { pool.stop(); });
}
TEST(ThreadPool, TwoThreadsEndIt) {
  end_under_load([](thread_pool &pool) {
    std::jthread other([&] { pool.stop(); });
    pool.shutdown();
  });
}

TEST(ThreadPool, ThePoolMayGoAsSoonAsItsWorkIsSeen) {
  for (int round = 0; round != 300; ++round) {
    auto pool = std::make_unique<thread_pool>(2);
    promise<void> seen;
    future<void> ran = seen.get_future();
    std::jthread poster([&] { pool->post([&] { seen.set_value(); }); });
    ran.get();
    poster.join();
    pool.reset();
  }
}

} // namespace
