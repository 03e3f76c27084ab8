// The queues of thread_pool's workers: what order is kept, that nothing waits for ever, and that who waits sleeps.
#include <tenterhook/detail/test_window.h>
#include <tenterhook/thread_pool.h>

#include <atomic>
#include <ctime>
#include <gtest/gtest.h>
#include <mutex>
#include <string>
#include <string_view>
#include <thread>

using namespace std::chrono_literals;
using namespace tenterhook;

namespace {

// Work that leaves a note, in the order in which it began.
struct notes {
  std::mutex mutex;
  std::string text;
  std::atomic<std::size_t> count = 0;
  auto of(char note) {
    return [this, note] {
      std::lock_guard lock(mutex);
      text += note;
      count.fetch_add(1);
      count.notify_all();
    };
  }
  std::string after(std::size_t wanted) {
    for (std::size_t now = count; now < wanted; now = count)
      count.wait(now);
    std::lock_guard lock(mutex);
    return text;
  }
};
// Holds workers until it is opened; await() until so many are held.
struct gate {
  std::atomic<unsigned> inside = 0;
  std::atomic<bool> open = false;
  void pass() {
    ++inside;
    inside.notify_all();
    open.wait(false);
  }
  void await(unsigned wanted) {
    for (unsigned now = inside; now < wanted; now = inside)
      inside.wait(now);
  }
  void release() {
    open = true;
    open.notify_all();
  }
};
// Keeps one worker busy with its own posts.
struct chained {
  thread_pool &pool;
  std::atomic<bool> &over;
  void operator()() {
    if (!over)
      pool.post(chained{pool, over});
  }
};
struct tree {
  thread_pool &pool;
  std::atomic<int> &left;
  int depth;
  void operator()() {
    for (int i = 0; i != 2 && depth != 0; ++i)
      pool.post(tree{pool, left, depth - 1});
    if (left.fetch_sub(1) == 1)
      left.notify_all();
  }
};

// What one worker, the others being busy, and a thread outside post in turns begins as it was posted.
void posts_begin_in_order(unsigned busy) {
  for (int round = 0; round != 100; ++round) {
    notes seen;
    gate blocked;
    std::atomic<char> asked = 0;
    thread_pool pool(1 + busy);
    for (unsigned i = 0; i != busy; ++i)
      pool.post([&blocked] { blocked.pass(); });
    blocked.await(busy);
    auto outside = [&](char note) {
      asked = note;
      asked.notify_all();
      for (char now = asked; now != 0; now = asked)
        asked.wait(now);
    };
    pool.post([&] {
      pool.post(seen.of('a'));
      pool.post(seen.of('b'));
      outside('c');
      pool.post(seen.of('d'));
      pool.post(seen.of('e'));
      outside('f');
      pool.post([&] {
        seen.of('g')();
        pool.post(seen.of('h'));
        outside('i');
        pool.post(seen.of('j'));
      });
    });
    for (int i = 0; i != 3; ++i) {
      asked.wait(0);
      pool.post(seen.of(asked));
      asked = 0;
      asked.notify_all();
    }
    EXPECT_EQ(seen.after(10), "abcdefghij");
    blocked.release();
  }
}
TEST(ThreadPoolQueues, OneWorkerKeepsTheOrderOfAllPosts) { posts_begin_in_order(0); }
TEST(ThreadPoolQueues, TheOrderIsThatOfOneQueueIfOneOfTwoWorkersIsBusy) { posts_begin_in_order(1); }
TEST(ThreadPoolQueues, TheOrderIsThatOfOneQueueIfAllButOneAreBusy) { posts_begin_in_order(3); }

TEST(ThreadPoolQueues, WhatABusyWorkerPostedGoesBeforeWhatIsPostedLater) {
  for (int round = 0; round != 100; ++round) {
    notes seen;
    gate first, second;
    thread_pool pool(2);
    pool.post([&] { second.pass(); });
    second.await(1);
    pool.post([&] {
      pool.post(seen.of('a'));
      pool.post(seen.of('b'));
      first.pass();
    });
    first.await(1);
    pool.post(seen.of('c'));
    second.release();
    EXPECT_EQ(seen.after(3), "abc");
    first.release();
  }
}

// A worker that waits for what it has posted needs another to take it, whatever that one does at the moment.
TEST(ThreadPoolQueues, WhatAWorkerDoesNotComeToIsTakenFromIt) {
  thread_pool pool(2);
  for (int round = 0; round != 2000; ++round)
    pool.submit([&] {
          if (round % 3 == 1) // the other looks, and may watch
            for (int i = 0; i != 20; ++i)
              pool.post([] {});
          pool.submit([] {}).get();
        })
        .get();
}

TEST(ThreadPoolQueues, AWorkerThatIsNeverIdleTakesWhatAnotherDoesNotComeTo) {
  std::atomic<bool> over = false;
  thread_pool pool(2);
  pool.post(chained{pool, over});
  for (int round = 0; round != 300; ++round)
    pool.submit([&] { pool.submit([] {}).get(); }).get();
  over = true;
}

TEST(ThreadPoolQueues, OutsideIsHeardWhileAllWorkersPostForThemselves) {
  std::atomic<bool> over = false;
  thread_pool pool(2);
  for (int i = 0; i != 4; ++i)
    pool.post(chained{pool, over});
  for (int round = 0; round != 300; ++round)
    EXPECT_EQ(pool.submit([round] { return round; }).get(), round);
  over = true;
}

// Trees of posts from workers; a lost wake-up hangs.
void grow_trees(int rounds) {
  for (unsigned threads : {1u, 2u, 5u}) {
    std::atomic<int> left;
    thread_pool pool(threads);
    auto plant = [&](int depth) {
      left = 2 * ((2 << depth) - 1);
      for (int i = 0; i != 2; ++i)
        pool.post(tree{pool, left, depth});
    };
    for (int round = 0; round != rounds; ++round) {
      plant(round % 6);
      for (int now = left; now != 0; now = left)
        left.wait(now);
    }
    for (int round = 0; round != rounds / 2; ++round) {
      plant(round % 4);
      pool.wait_idle();
      EXPECT_EQ(left, 0);
      EXPECT_EQ(pool.queued(), 0u);
    }
  }
}

TEST(ThreadPoolQueues, NoWakeUpIsLost) { grow_trees(200); }
TEST(ThreadPoolQueues, NoWakeUpIsLostWhereItsWindowIsWide) {
  detail::test_window = [](const char *place) noexcept {
    if (std::string_view(place).starts_with("thread_pool"))
      std::this_thread::sleep_for(100us);
  };
  grow_trees(12);
  detail::test_window = nullptr;
}

TEST(ThreadPoolQueues, ShutdownFinishesWhatWorkersPostForThemselves) {
  for (int round = 0; round != 200; ++round) {
    std::atomic<int> left = 2 * 15;
    thread_pool pool(2);
    for (int i = 0; i != 2; ++i)
      pool.post(tree{pool, left, 3});
    pool.shutdown();
    EXPECT_EQ(left, 0);
  }
}

TEST(ThreadPoolQueues, StopDropsWhatAWorkerPostedForItself) {
  for (int round = 0; round != 50; ++round) {
    std::atomic<int> ran = 0;
    std::vector<future<void>> futures;
    thread_pool pool(1);
    gate blocked;
    pool.post([&] {
      for (int i = 0; i != 5; ++i)
        futures.push_back(pool.submit([&] { ++ran; }));
      blocked.pass();
      for (int i = 0; i != 50; ++i) // before the pool is stopped, or after
        pool.post([&] { ++ran; });
      while (!pool.stop_token().stop_requested())
        std::this_thread::yield();
      while (pool.queued() != 0)
        std::this_thread::yield();
      pool.post([&] { ++ran; });
    });
    blocked.await(1);
    EXPECT_EQ(pool.queued(), 5u);
    pool.post([&] { ++ran; });
    std::jthread stopping([&] { pool.stop(); });
    blocked.release();
    stopping.join();
    for (future<void> &each : futures)
      EXPECT_THROW(each.get(), cancelled);
    EXPECT_EQ(ran, 0);
  }
}

// Time of the processor, not of the clock: nothing that others do counts.
TEST(ThreadPoolQueues, AnIdlePoolTakesNoProcessorTime) {
  auto used = [] {
    timespec t;
    clock_gettime(CLOCK_PROCESS_CPUTIME_ID, &t);
    return t.tv_sec * 1'000'000'000 + t.tv_nsec;
  };
  std::atomic<bool> over = false;
  thread_pool pool(4);
  pool.post(chained{pool, over}); // the others watch
  std::this_thread::sleep_for(20ms);
  over = true;
  pool.wait_idle();
  auto before = used();
  std::this_thread::sleep_for(300ms);
  EXPECT_LT(used() - before, 30'000'000);
}

TEST(WorkList, FindsAnItemFromEitherEnd) {
  for (int count = 0; count != 7; ++count) {
    std::vector<work_item> items(std::size_t(count + 1));
    for (work_item &each : items)
      each.act = [](work_item *, bool) noexcept {};
    work_list list;
    for (int i = 0; i != count; ++i)
      list.push(work(&items[std::size_t(i)]));
    EXPECT_FALSE(list.contains(items.back())) << count;
    for (int i = 0; i != count; ++i)
      EXPECT_TRUE(list.contains(items[std::size_t(i)])) << i << " of " << count;
    for (int i = count / 2; i != count; ++i) {
      list.remove(items[std::size_t(i)]);
      EXPECT_FALSE(list.contains(items[std::size_t(i)]));
    }
  }
}

} // namespace
