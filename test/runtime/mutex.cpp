// The traced locks behave as std's with all of std's guards. What they leave in the trace is tested in held_locks.cpp.
#include <tenterhook/condition_variable.h>
#include <tenterhook/mutex.h>
#include <tenterhook/shared_mutex.h>

#include <gtest/gtest.h>
#include <thread>
#include <vector>

using namespace std::chrono_literals;

namespace {

template <typename Mutex> class TracedMutex : public testing::Test {};
using Mutexes = testing::Types<tenterhook::mutex, tenterhook::timed_mutex, tenterhook::recursive_mutex, tenterhook::shared_mutex>;
TYPED_TEST_SUITE(TracedMutex, Mutexes);

TYPED_TEST(TracedMutex, ExcludesUnderEachGuard) {
  TypeParam m;
  long count = 0;
  auto add = [&](int how) {
    for (int i = 0; i != 2000; ++i) {
      if (how == 0) {
        std::lock_guard guard(m);
        ++count;
      } else if (how == 1) {
        std::unique_lock guard(m);
        ++count;
      } else if (how == 2) {
        std::scoped_lock guard(m);
        ++count;
      } else {
        while (!m.try_lock())
          std::this_thread::yield();
        std::lock_guard guard(m, std::adopt_lock);
        ++count;
      }
    }
  };
  {
    std::vector<std::jthread> threads;
    for (int how = 0; how != 4; ++how)
      threads.emplace_back(add, how);
  }
  EXPECT_EQ(count, 8000);
}

TYPED_TEST(TracedMutex, TryLockFailsWhileAnotherThreadHolds) {
  TypeParam m;
  std::unique_lock held(m);
  std::jthread([&] {
    EXPECT_FALSE(m.try_lock());
    std::unique_lock tried(m, std::try_to_lock);
    EXPECT_FALSE(tried.owns_lock());
  }).join();
  held.unlock();
  std::jthread([&] {
    std::unique_lock tried(m, std::try_to_lock);
    EXPECT_TRUE(tried.owns_lock());
  }).join();
}

TYPED_TEST(TracedMutex, SeveralAtOnceDoNotDeadlock) {
  TypeParam first;
  tenterhook::mutex second;
  int count = 0;
  {
    std::jthread one([&] {
      for (int i = 0; i != 2000; ++i) {
        std::scoped_lock both(first, second);
        ++count;
      }
    });
    for (int i = 0; i != 2000; ++i) {
      std::unique_lock a(first, std::defer_lock);
      std::unique_lock b(second, std::defer_lock);
      std::lock(b, a);
      ++count;
    }
  }
  EXPECT_EQ(count, 4000);
}

TYPED_TEST(TracedMutex, UniqueLockKeepsStdsRules) {
  TypeParam m;
  std::unique_lock<TypeParam> empty;
  EXPECT_THROW(empty.lock(), std::system_error);
  std::unique_lock lock(m);
  EXPECT_THROW(lock.lock(), std::system_error);
  std::unique_lock moved = std::move(lock);
  EXPECT_FALSE(lock.owns_lock());
  EXPECT_EQ(lock.mutex(), nullptr);
  EXPECT_TRUE(moved.owns_lock());
  moved.unlock();
  EXPECT_THROW(moved.unlock(), std::system_error);
  moved.lock();
  EXPECT_EQ(moved.release(), &m);
  m.unlock();
  EXPECT_TRUE(m.try_lock());
  m.unlock();
}

TEST(TimedMutex, GivesUpAtItsDeadline) {
  tenterhook::timed_mutex m;
  std::unique_lock held(m);
  std::jthread([&] {
    auto begin = std::chrono::steady_clock::now();
    std::unique_lock tried(m, 20ms);
    EXPECT_FALSE(tried.owns_lock());
    EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
  }).join();
  std::jthread waiting([&] {
    EXPECT_TRUE(m.try_lock_for(10s));
    m.unlock();
  });
  held.unlock();
}

TEST(RecursiveMutex, IsFreeAfterAsManyUnlocks) {
  tenterhook::recursive_mutex m;
  auto free_for_others = [&] {
    bool got = false;
    std::jthread([&] {
      got = m.try_lock();
      if (got)
        m.unlock();
    }).join();
    return got;
  };
  m.lock();
  m.lock();
  EXPECT_TRUE(m.try_lock());
  m.unlock();
  m.unlock();
  EXPECT_FALSE(free_for_others());
  m.unlock();
  EXPECT_TRUE(free_for_others());
}

TEST(SharedMutex, ReadersShareWritersDoNot) {
  tenterhook::shared_mutex m;
  {
    std::shared_lock reader(m);
    std::jthread([&] {
      std::shared_lock another(m, std::try_to_lock);
      EXPECT_TRUE(another.owns_lock());
      EXPECT_FALSE(m.try_lock());
    }).join();
  }
  std::unique_lock writer(m);
  std::jthread([&] { EXPECT_FALSE(m.try_lock_shared()); }).join();
}

TEST(ConditionVariable, WakesOnNotification) {
  tenterhook::mutex m;
  tenterhook::condition_variable changed;
  int turn = 0;
  auto play = [&](int mine) {
    for (int i = 0; i != 500; ++i) {
      std::unique_lock lock(m);
      changed.wait(lock, [&] { return turn % 2 == mine; });
      ++turn;
      changed.notify_one();
    }
  };
  {
    std::jthread a(play, 0), b(play, 1);
  }
  EXPECT_EQ(turn, 1000);
}

TEST(ConditionVariable, TimesOut) {
  tenterhook::mutex m;
  tenterhook::condition_variable never;
  std::unique_lock lock(m);
  auto begin = std::chrono::steady_clock::now();
  EXPECT_FALSE(never.wait_for(lock, 20ms, [] { return false; }));
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
  EXPECT_TRUE(lock.owns_lock());
  while (never.wait_until(lock, std::chrono::steady_clock::now() + 1ms) != std::cv_status::timeout) {
  }
}

TEST(ConditionVariable, StopEndsTheWait) {
  tenterhook::mutex m;
  tenterhook::condition_variable changed;
  std::stop_source stop;
  bool ready = false;
  std::jthread waiting([&] {
    std::unique_lock lock(m);
    EXPECT_FALSE(changed.wait(lock, stop.get_token(), [&] { return ready; }));
    EXPECT_TRUE(lock.owns_lock());
    // Stopped already, and the predicate holds: that is what it says.
    ready = true;
    EXPECT_TRUE(changed.wait(lock, stop.get_token(), [&] { return ready; }));
  });
  stop.request_stop();
}

TEST(ConditionVariable, NotificationReachesWaitersWithAToken) {
  tenterhook::mutex m;
  tenterhook::condition_variable changed;
  std::stop_source stop;
  for (int round = 0; round != 200; ++round) {
    bool ready = false;
    std::jthread waiting([&] {
      std::unique_lock lock(m);
      EXPECT_TRUE(changed.wait(lock, stop.get_token(), [&] { return ready; }));
    });
    {
      std::lock_guard guard(m);
      ready = true;
    }
    changed.notify_one();
  }
}

TEST(ConditionVariable, StopRacesWithNotification) {
  tenterhook::mutex m;
  tenterhook::condition_variable changed;
  for (int round = 0; round != 300; ++round) {
    std::stop_source stop;
    bool ready = false;
    std::jthread waiting([&] {
      std::unique_lock lock(m);
      changed.wait(lock, stop.get_token(), [&] { return ready; });
    });
    std::jthread stopping([&] { stop.request_stop(); });
    {
      std::lock_guard guard(m);
      ready = true;
    }
    changed.notify_all();
  }
}

} // namespace
