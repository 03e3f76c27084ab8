// What may be destroyed while another thread is on its way out of a call: loops, queues, locks. Each test widens the
// window (window.h); the sanitizers say what was touched too late, and a descriptor that was reused says it without
// them.
#include "coroutine_test.h"
#include "window.h"

#include <tenterhook/async_mutex.h>
#include <tenterhook/async_queue.h>
#include <tenterhook/async_semaphore.h>
#include <tenterhook/blocking_queue.h>
#include <tenterhook/future.h>

#include <fcntl.h>
#include <functional>
#include <memory>
#include <sys/eventfd.h>
#include <unistd.h>

using namespace coroutine_test;

namespace {

constexpr int rounds = 8;

// Runs a loop until `from_elsewhere`, called on another thread, has ended it, and destroys it while that thread is
// still in its call. Then nothing may be written into descriptors that have taken the place of the loop's.
void destroy_while(std::string_view place, const std::function<void(event_loop &, promise<void> &)> &from_elsewhere,
                   bool sleeping) {
  test::widened window(place);
  for (int round = 0; round < rounds; ++round) {
    window.again();
    int before = window.visits();
    auto loop = std::make_unique<event_loop>(quiet());
    promise<void> ended;
    future<void> end = ended.get_future();
    std::atomic<bool> goes = false;
    std::thread other([&, done = std::move(ended)]() mutable {
      while (!goes)
        std::this_thread::yield();
      if (sleeping)
        std::this_thread::sleep_for(1ms);
      from_elsewhere(*loop, done);
    });
    auto body = [&](future<void> awaited) -> task<> {
      loop->call_soon([&, before] { // when the body waits
        goes = true;
        while (!sleeping && window.visits() == before)
          std::this_thread::yield();
      });
      co_await std::move(awaited);
    };
    // A loop that sleeps is woken by a timer, so that it sees what was posted before it is told.
    timer_handle tick = loop->call_later(5ms, [] {});
    try {
      loop->run_until_complete(body(std::move(end)));
    } catch (const std::logic_error &) { // stop()
    } catch (const broken_promise &) {
    }
    tick.cancel();
    loop.reset();
    int reused[4];
    for (int &each : reused)
      each = eventfd(0, EFD_NONBLOCK | EFD_CLOEXEC);
    window.taken_away();
    other.join();
    for (int each : reused) {
      std::uint64_t count = 0;
      EXPECT_LT(read(each, &count, sizeof count), 0) << "something was written into a descriptor of somebody else";
      close(each);
    }
  }
  EXPECT_GE(window.visits(), rounds);
}

TEST(Lifetime, ALoopMayGoWhileAPromiseIsBeingSet) {
  for (bool sleeping : {true, false})
    destroy_while("event_loop::post", [](event_loop &, promise<void> &done) { done.set_value(); }, sleeping);
}

TEST(Lifetime, ALoopMayGoWhileACallIsBeingPosted) {
  for (bool sleeping : {true, false})
    destroy_while(
        "event_loop::post",
        [](event_loop &loop, promise<void> &done) { loop.call_soon([done = std::move(done)]() mutable { done.set_value(); }); },
        sleeping);
}

TEST(Lifetime, ALoopMayGoWhileATaskIsBeingSpawned) {
  for (bool sleeping : {true, false})
    destroy_while(
        "event_loop::post",
        [](event_loop &loop, promise<void> &done) {
          auto body = [](promise<void> set) -> task<> {
            set.set_value();
            co_return;
          };
          loop.spawn(body(std::move(done))).detach();
        },
        sleeping);
}

TEST(Lifetime, ALoopMayGoWhileAContinuationIsBeingPosted) {
  for (bool sleeping : {true, false})
    destroy_while(
        "event_loop::post",
        [](event_loop &loop, promise<void> &done) {
          promise<void> first;
          (void)first.get_future().then(loop, [done = std::move(done)]() mutable { done.set_value(); });
          first.set_value();
        },
        sleeping);
}

TEST(Lifetime, ALoopMayGoWhileItIsBeingStopped) {
  for (bool sleeping : {true, false})
    destroy_while(
        "event_loop::stop",
        [](event_loop &loop, promise<void> &done) {
          loop.stop();
          promise<void> kept = std::move(done);
        },
        sleeping);
}

TEST(Lifetime, ALoopMayGoWhileAStopIsBeingRequested) {
  test::widened window("event_loop::post");
  for (int round = 0; round < rounds; ++round) {
    window.again();
    auto loop = std::make_unique<event_loop>(quiet());
    std::stop_source stop;
    std::atomic<bool> runs = false;
    std::thread other([&] {
      while (!runs)
        std::this_thread::yield();
      stop.request_stop();
    });
    timer_handle tick = loop->call_later(5ms, [] {});
    loop->call_soon([&] { runs = true; });
    EXPECT_THROW(loop->run_until_complete(with_stop(stop.get_token(), after(1h, 1))), cancelled);
    tick.cancel();
    loop.reset();
    window.taken_away();
    other.join();
  }
}

// Who was granted something destroys what granted it, while that is on its way out.
TEST(Lifetime, ALineMayGoWhileItGrants) {
  test::widened window("async_wait::grant");
  for (int round = 0; round < rounds; ++round) {
    auto mutex = std::make_unique<async_mutex>();
    auto queue = std::make_unique<async_queue<int>>(1);
    auto semaphore = std::make_unique<async_semaphore>(0);
    async_mutex::guard held = mutex->try_lock();
    std::atomic<int> waits = 0;
    auto body = [&]() -> task<> {
      ++waits;
      {
        auto taken = co_await mutex->lock();
      }
      mutex.reset();
      window.taken_away();
      ++waits;
      EXPECT_EQ(co_await queue->pop(), 1);
      queue.reset();
      window.taken_away();
      ++waits;
      auto permit = co_await semaphore->acquire();
      std::move(permit).keep();
      semaphore.reset();
      window.taken_away();
    };
    std::thread other([&] {
      auto next = [&](int wanted) {
        while (waits < wanted)
          std::this_thread::yield();
        std::this_thread::sleep_for(1ms); // it stands in line
        window.again();
      };
      next(1);
      held.unlock();
      next(2);
      queue->try_push(1);
      next(3);
      semaphore->release();
    });
    run(body());
    other.join();
  }
}

TEST(Lifetime, ABlockingQueueMayGoWhileItWakes) {
  test::widened window("blocking_queue::notify");
  for (int round = 0; round < rounds; ++round) {
    window.again();
    auto queue = std::make_unique<blocking_queue<int>>(1);
    std::atomic<bool> gets = false;
    std::thread other([&] {
      while (!gets)
        std::this_thread::yield();
      std::this_thread::sleep_for(1ms);
      queue->put(5);
    });
    gets = true;
    std::optional<int> got = queue->get_for(1ms); // wakes by itself: sees it before it is woken
    while (!got)
      got = queue->get_for(1ms);
    EXPECT_EQ(got, 5);
    queue.reset();
    window.taken_away();
    other.join();
  }
}

} // namespace
