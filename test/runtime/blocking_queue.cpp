// blocking_queue: order, bounds, deadlines, task_done and join, stopping and closing while others wait.
#include <tenterhook/blocking_queue.h>

#include <atomic>
#include <gtest/gtest.h>
#include <memory>
#include <thread>
#include <vector>

using namespace std::chrono_literals;
using tenterhook::blocking_queue;

namespace {

TEST(BlockingQueue, FirstInFirstOut) {
  blocking_queue<int> q;
  for (int i = 0; i != 100; ++i)
    q.put(i);
  EXPECT_EQ(q.size(), 100u);
  for (int i = 0; i != 100; ++i)
    EXPECT_EQ(q.get(), i);
  EXPECT_TRUE(q.empty());
  EXPECT_EQ(q.try_get(), std::nullopt);
}

TEST(BlockingQueue, MoveOnlyValues) {
  blocking_queue<std::unique_ptr<int>> q(1);
  q.put(std::make_unique<int>(7));
  auto kept = std::make_unique<int>(8);
  EXPECT_FALSE(q.try_put(std::move(kept)));
  EXPECT_NE(kept, nullptr) << "a refused value stays with its owner";
  EXPECT_EQ(**q.get(), 7);
}

TEST(BlockingQueue, PutWaitsForRoom) {
  blocking_queue<int> q(2);
  q.put(1);
  q.put(2);
  EXPECT_FALSE(q.try_put(3));
  EXPECT_FALSE(q.put_for(3, 10ms));
  std::atomic<bool> put = false;
  std::jthread putting([&] {
    q.put(3);
    put = true;
  });
  std::this_thread::sleep_for(20ms);
  EXPECT_FALSE(put);
  EXPECT_EQ(q.get(), 1);
  putting.join();
  EXPECT_EQ(q.get(), 2);
  EXPECT_EQ(q.get(), 3);
}

TEST(BlockingQueue, GetGivesUpAtItsDeadline) {
  blocking_queue<int> q;
  auto begin = std::chrono::steady_clock::now();
  EXPECT_EQ(q.get_for(20ms), std::nullopt);
  EXPECT_GE(std::chrono::steady_clock::now() - begin, 20ms);
  std::jthread late([&] {
    std::this_thread::sleep_for(5ms);
    q.put(9);
  });
  EXPECT_EQ(q.get_for(30s), 9);
}

TEST(BlockingQueue, JoinWaitsForTaskDone) {
  blocking_queue<int> q;
  q.join(); // nothing was put
  std::atomic<int> done = 0;
  for (int i = 0; i != 50; ++i)
    q.put(i);
  EXPECT_FALSE(q.join_for(5ms));
  std::vector<std::jthread> workers;
  for (int w = 0; w != 4; ++w)
    workers.emplace_back([&] {
      while (q.get()) {
        ++done;
        q.task_done();
      }
    });
  q.join();
  EXPECT_EQ(done, 50);
  EXPECT_THROW(q.task_done(), std::logic_error);
  q.close();
}

TEST(BlockingQueue, CloseLetsOutWhatIsIn) {
  blocking_queue<int> q;
  q.put(1);
  q.put(2);
  q.close();
  EXPECT_TRUE(q.is_closed());
  EXPECT_THROW(q.put(3), tenterhook::closed);
  EXPECT_THROW((void)q.try_put(3), tenterhook::closed);
  EXPECT_EQ(q.get(), 1);
  EXPECT_EQ(q.get(), 2);
  EXPECT_EQ(q.get(), std::nullopt);
}

TEST(BlockingQueue, CloseWakesGettersAndPutters) {
  blocking_queue<int> empty, full(1);
  full.put(1);
  std::vector<std::jthread> threads;
  for (int i = 0; i != 3; ++i) {
    threads.emplace_back([&] { EXPECT_EQ(empty.get(), std::nullopt); });
    threads.emplace_back([&] { EXPECT_THROW(full.put(2), tenterhook::closed); });
  }
  std::this_thread::sleep_for(10ms);
  empty.close();
  full.close();
}

TEST(BlockingQueue, StopEndsOneWaitAlone) {
  blocking_queue<int> q, full(1);
  full.put(1);
  std::stop_source stop;
  std::jthread stopped([&] { EXPECT_EQ(q.get(stop.get_token()), std::nullopt); });
  std::jthread stopped_put([&] { EXPECT_FALSE(full.put(2, stop.get_token())); });
  std::jthread goes_on([&] { EXPECT_EQ(q.get(), 5); });
  std::this_thread::sleep_for(10ms);
  stop.request_stop();
  stopped.join();
  stopped_put.join();
  EXPECT_EQ(q.get(stop.get_token()), std::nullopt);
  q.put(5);
  goes_on.join();
  q.put(6);
  EXPECT_EQ(q.get(stop.get_token()), 6) << "what is there is given even to who was stopped";
}

// Each value arrives once, in the order of its producer, whatever stops and closes meanwhile.
TEST(BlockingQueue, UnderLoadNothingIsLostOrDoubled) {
  constexpr int producers = 4, each = 5000;
  blocking_queue<std::pair<int, int>> q(16);
  std::vector<std::atomic<int>> seen(producers * each);
  {
    std::vector<std::jthread> consumers;
    for (int c = 0; c != 4; ++c)
      consumers.emplace_back([&, c] {
        std::vector<int> last(producers, -1);
        for (;;) {
          std::optional<std::pair<int, int>> got;
          if (c == 0) {
            got = q.get_for(1ms);
            if (!got && !q.is_closed())
              continue;
          } else {
            got = q.get();
          }
          if (!got)
            return;
          EXPECT_LT(last[got->first], got->second);
          last[got->first] = got->second;
          ++seen[got->first * each + got->second];
          q.task_done();
        }
      });
    {
      std::vector<std::jthread> threads;
      for (int p = 0; p != producers; ++p)
        threads.emplace_back([&, p] {
          for (int i = 0; i != each; ++i)
            q.put({p, i});
        });
    }
    q.join();
    q.close();
  }
  for (auto &count : seen)
    ASSERT_EQ(count, 1);
}

} // namespace
