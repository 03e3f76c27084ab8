// as_completed: the order is that of completion, in plain loops and in coroutines; it can be left early.
#include <tenterhook/as_completed.h>
#include <tenterhook/thread_pool.h>

#include <algorithm>
#include <coroutine>
#include <gtest/gtest.h>
#include <thread>

using namespace tenterhook;

namespace {

template <typename T> std::vector<future<T>> futures_of(std::vector<promise<T>> &promises) {
  std::vector<future<T>> futures;
  for (promise<T> &each : promises)
    futures.push_back(each.get_future());
  return futures;
}

TEST(AsCompleted, OrderOfCompletion) {
  std::vector<promise<int>> promises(4);
  auto results = as_completed(futures_of(promises));
  EXPECT_EQ(results.left(), 4u);
  for (std::size_t index : {2u, 0u, 3u, 1u}) {
    promises[index].set_value(int(index) * 10);
    auto next = results.next();
    ASSERT_TRUE(next);
    EXPECT_EQ(next->index, index);
    EXPECT_EQ(next->done.get(), int(index) * 10);
  }
  EXPECT_FALSE(results.next());
  EXPECT_EQ(results.left(), 0u);
}

TEST(AsCompleted, ExceptionsAreTheFutures) {
  std::vector<promise<int>> promises(2);
  auto futures = futures_of(promises);
  promises[1].set_exception(std::make_exception_ptr(std::runtime_error("no")));
  promises.clear(); // breaks the other
  int failed = 0, broken = 0;
  for (auto [index, done] : as_completed(std::move(futures))) {
    try {
      done.get();
    } catch (const std::runtime_error &) {
      EXPECT_EQ(index, 1u);
      ++failed;
    } catch (const broken_promise &) {
      EXPECT_EQ(index, 0u);
      ++broken;
    }
  }
  EXPECT_EQ(failed, 1);
  EXPECT_EQ(broken, 1);
}

TEST(AsCompleted, OfNothing) {
  for (auto each : as_completed(std::vector<future<int>>()))
    FAIL() << each.index;
}

TEST(AsCompleted, CanBeLeftEarly) {
  std::vector<promise<std::string>> promises(3);
  {
    auto results = as_completed(futures_of(promises));
    promises[1].set_value("long enough to live on the heap, so that a leak shows");
    EXPECT_EQ(results.next()->index, 1u);
  }
  promises[0].set_value("long enough to live on the heap, so that a leak shows");
  promises.clear();
}

TEST(AsCompleted, UnderLoadEachComesOnce) {
  thread_pool pool(4);
  for (int round = 0; round != 50; ++round) {
    std::vector<future<int>> futures;
    for (int i = 0; i != 100; ++i)
      futures.push_back(pool.submit([i] {
        if (i % 7 == 0)
          std::this_thread::yield();
        return i;
      }));
    std::vector<int> seen(100);
    std::size_t left = 100;
    for (auto [index, done] : as_completed(std::move(futures))) {
      EXPECT_EQ(done.get(), int(index));
      ++seen[index];
      if (--left == 10 && round % 2)
        break;
    }
    for (int count : seen)
      EXPECT_LE(count, 1);
    EXPECT_EQ(std::count(seen.begin(), seen.end(), 1), round % 2 ? 90 : 100);
  }
}

struct runs_by_itself {
  struct promise_type {
    runs_by_itself get_return_object() const noexcept { return {}; }
    std::suspend_never initial_suspend() const noexcept { return {}; }
    std::suspend_never final_suspend() const noexcept { return {}; }
    void return_void() const noexcept {}
    void unhandled_exception() const noexcept { std::terminate(); }
  };
};

TEST(AsCompleted, Awaited) {
  thread_pool pool(1), elsewhere(2);
  std::vector<future<int>> futures;
  for (int i = 0; i != 50; ++i)
    futures.push_back(elsewhere.submit([i] { return i; }));
  promise<int> sum;
  future<int> result = sum.get_future();
  pool.post([&, sum = std::move(sum)]() mutable {
    [](thread_pool &pool, std::vector<future<int>> futures, promise<int> sum) -> runs_by_itself {
      int total = 0;
      auto results = as_completed(std::move(futures));
      while (auto next = co_await results.next_async()) {
        EXPECT_TRUE(pool.runs_here());
        total += next->done.get();
      }
      sum.set_value(total);
    }(pool, std::move(futures), std::move(sum));
  });
  EXPECT_EQ(result.get(), 49 * 50 / 2);
}

} // namespace
