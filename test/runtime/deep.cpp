// Chains of a million: futures, tasks that wait or have not begun, handles, stop scopes. What completes, cancels or
// destroys them needs no stack that grows with them.
#include "coroutine_test.h"

#include <tenterhook/future.h>
#include <tenterhook/thread_pool.h>
#include <tenterhook/timeout.h>
#include <tenterhook/when_all.h>
#include <tenterhook/when_any.h>

#include <algorithm>
#include <pthread.h>

using namespace coroutine_test;

namespace {

// A frame a link would need many times the stack that there is; a million is for what is cheap.
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
#define SANITIZED 1
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
#define SANITIZED 1
#endif
#endif
#if defined(SANITIZED)
constexpr int links = 20'000, million = 50'000;
#else
constexpr int links = 100'000, million = 1'000'000;
#endif

// g++-12 without optimization makes the way into and out of a coroutine a call (task.h): deep chains cannot even begin.
#if defined(__clang__)
constexpr int begun = million;
#else
constexpr int begun = 1000;
#endif

// On a stack of 1 MiB, where a frame a link does not fit.
template <typename F> void on_a_small_stack(F call) {
  pthread_attr_t attributes;
  pthread_attr_init(&attributes);
  pthread_attr_setstacksize(&attributes, 1 << 20);
  pthread_t thread;
  auto entry = [](void *with) -> void * {
    (*static_cast<F *>(with))();
    return nullptr;
  };
  ASSERT_EQ(pthread_create(&thread, &attributes, entry, &call), 0);
  pthread_join(thread, nullptr);
  pthread_attr_destroy(&attributes);
}

future<int> chain(future<int> first, int length = links) {
  for (int i = 0; i != length; ++i)
    first = std::move(first).then([](int n) { return n + 1; });
  return first;
}

TEST(Deep, AChainOfContinuationsCompletes) {
  on_a_small_stack([] {
    promise<int> made;
    future<int> last = chain(made.get_future(), million);
    made.set_value(0);
    EXPECT_EQ(last.get(), million);
  });
}

TEST(Deep, AChainOfContinuationsIsBroken) {
  on_a_small_stack([] {
    future<int> last;
    {
      promise<int> made;
      last = chain(made.get_future());
    }
    EXPECT_THROW(last.get(), broken_promise);
  });
}

TEST(Deep, AChainWhoseEndNobodyKeeps) {
  on_a_small_stack([] {
    promise<int> made;
    (void)chain(made.get_future());
  });
}

TEST(Deep, AChainOnAPoolThatStops) {
  on_a_small_stack([] {
    thread_pool pool(1);
    promise<int> made;
    future<int> last = made.get_future();
    for (int i = 0; i != links; ++i)
      last = std::move(last).then(pool, [](int n) { return n + 1; });
    pool.stop();
    made.set_value(0); // each is discarded where it is posted
    EXPECT_THROW(last.get(), cancelled);
  });
}

TEST(Deep, ContinuationsThatAreLinkedByPromises) {
  on_a_small_stack([] {
    promise<int> first;
    future<int> last = first.get_future();
    for (int i = 0; i != links; ++i) {
      promise<int> next;
      future<int> after = next.get_future();
      (void)std::move(last).then([to = std::move(next)](int n) mutable { to.set_value(n + 1); });
      last = std::move(after);
    }
    first.set_value(0);
    EXPECT_EQ(last.get(), links);
  });
}

TEST(Deep, ContinuationsThatGiveFutures) {
  on_a_small_stack([] {
    promise<int> first;
    future<int> last = first.get_future();
    for (int i = 0; i != links / 2; ++i)
      last = std::move(last).then([](int n) { return make_ready(n + 1); });
    first.set_value(0);
    EXPECT_EQ(last.get(), links / 2);
  });
}

task<int> nest(int left, int &stopped) {
  if (left == 0)
    co_return co_await forever(stopped);
  co_return co_await nest(left - 1, stopped);
}

// Of an outer frame's variable an inner one may know.
struct counts_itself {
  int &alive;
  explicit counts_itself(int &of) noexcept : alive(of) { ++alive; }
  counts_itself(const counts_itself &other) noexcept : alive(other.alive) { ++alive; }
  ~counts_itself() { --alive; }
};
task<> outlived_by(counts_itself *outer, int left, int &alive, int &wrong) {
  struct looks {
    counts_itself *at, mine;
    int &wrong;
    ~looks() { wrong += at && at->alive < 1; }
  } here{outer, counts_itself(alive), wrong};
  if (left == 0)
    co_await sleep_for(1h);
  else
    co_await outlived_by(&here.mine, left - 1, alive, wrong);
}

TEST(Deep, NestedTasksThatWaitAreDestroyed) {
  on_a_small_stack([] {
    int stopped = 0;
    event_loop loop(quiet());
    loop.spawn(nest(begun, stopped)).detach();
    loop.run_until_complete(after(1ms, 0));
  });
}

TEST(Deep, TheInnermostIsDestroyedFirst) {
  int alive = 0, wrong = 0;
  {
    event_loop loop(quiet());
    loop.spawn(outlived_by(nullptr, 100, alive, wrong)).detach();
    loop.run_until_complete(after(1ms, 0));
    EXPECT_EQ(alive, 101);
  }
  EXPECT_EQ(alive, 0);
  EXPECT_EQ(wrong, 0);
}

TEST(Deep, NestedTasksThatWaitAreCancelled) {
  constexpr int depth = std::min(begun, links); // an exception is thrown on at each level
  on_a_small_stack([] {
    int stopped = 0;
    event_loop loop(quiet());
    loop.spawn(nest(depth, stopped)).detach();
    loop.run_until_complete(after(1ms, 0));
    loop.shutdown();
    EXPECT_EQ(stopped, 1);
  });
}

TEST(Deep, TasksThatHaveNotBegun) {
  on_a_small_stack([] {
    auto twice = [](task<int> of) -> task<int> { co_return 2 * co_await std::move(of); };
    task<int> all = after(1ms, 1);
    for (int i = 0; i != links; ++i)
      all = twice(std::move(all));
    task<int> many = after(1ms, 1);
    for (int i = 0; i != links; ++i)
      many = [](std::vector<task<int>> of) -> task<int> { co_return int((co_await when_all(std::move(of))).size()); }([&] {
        std::vector<task<int>> one;
        one.push_back(std::move(many));
        return one;
      }());
  });
}

TEST(Deep, TasksThatWerePassedAsParametersAndWait) {
  on_a_small_stack([] {
    event_loop loop(quiet());
    int stopped = 0;
    auto twice = [](task<int> of) -> task<int> { co_return 2 * co_await std::move(of); };
    task<int> all = forever(stopped);
    for (int i = 0; i != begun; ++i)
      all = twice(std::move(all));
    loop.spawn(std::move(all)).detach();
    loop.run_until_complete(after(1ms, 0));
  });
}

// Each begins its children where it begins to wait: nested a thousand deep, wide a thousand times.
TEST(Deep, NestsOfWhenAllAreDestroyed) {
  event_loop loop(quiet());
  int stopped = 0;
  struct nests {
    static task<> of(int left, int &stopped) {
      if (left == 0)
        co_await forever(stopped);
      else
        co_await when_all(of(left - 1, stopped), timeout(forever(stopped), 1h));
    }
  };
  for (int i = 0; i != 20; ++i)
    loop.spawn(nests::of(100, stopped)).detach();
  std::vector<task<int>> wide;
  for (int i = 0; i != links / 10; ++i)
    wide.push_back(forever(stopped));
  loop.spawn([](std::vector<task<int>> all) -> task<> { co_await when_all(std::move(all)); }(std::move(wide))).detach();
  loop.run_until_complete(after(1ms, 0));
}

// A parent that starts its children where it begins to wait, one within the other.
enum class nest_of { all, any, limit };
constexpr int levels = begun < 20'000 ? begun : 20'000;
template <nest_of Kind> task<int> starts(int left, bool waits) {
  if (left == 0) {
    if (waits)
      co_await yield();
    co_return 0;
  }
  if constexpr (Kind == nest_of::all) {
    auto [deeper, beside] = co_await when_all(starts<Kind>(left - 1, waits), starts<Kind>(0, waits));
    co_return 1 + deeper + beside;
  } else if constexpr (Kind == nest_of::any) {
    auto first = co_await when_any(starts<Kind>(left - 1, waits));
    co_return 1 + std::get<0>(first.value);
  } else {
    co_return 1 + co_await timeout(starts<Kind>(left - 1, waits), 1h);
  }
}
TEST(Deep, ChildrenThatStartChildren) {
  for (bool waits : {false, true})
    on_a_small_stack([&] {
      EXPECT_EQ(run(starts<nest_of::all>(levels, waits)), levels);
      EXPECT_EQ(run(starts<nest_of::any>(levels, waits)), levels);
      EXPECT_EQ(run(starts<nest_of::limit>(levels, waits)), levels);
    });
}

TEST(Deep, ChildrenThatStartedChildrenAreCancelledAndDestroyed) {
  struct nests {
    static task<> of(int left, int &stopped) {
      if (left == 0)
        co_await forever(stopped);
      else
        co_await when_all(of(left - 1, stopped));
    }
  };
  for (bool stops : {false, true})
    on_a_small_stack([&] {
      int stopped = 0;
      {
        event_loop loop(quiet());
        loop.spawn(nests::of(levels, stopped)).detach();
        loop.run_until_complete(after(1ms, 0));
        if (stops)
          loop.shutdown();
      }
      EXPECT_EQ(stopped, stops ? 1 : 0);
    });
}

// What was put off begins before the one that starts it goes on, and knows of a stop that came in between.
TEST(Deep, StartsThatWerePutOffSeeAStop) {
  struct nests {
    static task<int> of(int left, int &stopped) {
      if (left == 0)
        co_return co_await forever(stopped);
      auto first = co_await when_any(of(left - 1, stopped), at_once());
      co_return first.index == 1 ? 1 : 0;
    }
    static task<int> at_once() { co_return 0; }
  };
  int stopped = 0;
  EXPECT_EQ(run(nests::of(300, stopped)), 1);
  EXPECT_EQ(stopped, 1);
}

TEST(Deep, HandlesInTheParametersOfWhoJoins) {
  on_a_small_stack([] {
    event_loop loop(quiet());
    auto link = [](join_handle<int> previous) -> task<int> { co_return 1 + co_await previous; };
    join_handle<int> last = loop.spawn(after(0ms, 0));
    for (int i = 0; i != links / 2; ++i)
      last = loop.spawn(link(std::move(last)));
    auto joins = [](join_handle<int> all) -> task<int> { co_return co_await all; };
    EXPECT_EQ(loop.run_until_complete(joins(std::move(last))), links / 2);
  });
}

TEST(Deep, StopScopesThatForwardARequest) {
  on_a_small_stack([] {
    std::vector<std::unique_ptr<stop_scope>> scopes;
    std::vector<std::unique_ptr<detail::scope_link>> forwards;
    scopes.push_back(std::make_unique<stop_scope>());
    for (int i = 0; i != links / 10; ++i) {
      scopes.push_back(std::make_unique<stop_scope>());
      forwards.push_back(std::make_unique<detail::scope_link>());
      forwards.back()->connect(scopes[std::size_t(i)].get(), *scopes.back());
    }
    int told = 0;
    std::stop_callback last(scopes.back()->token(), [&] { ++told; });
    scopes.front()->request_stop();
    EXPECT_EQ(told, 1);
  });
}

} // namespace
