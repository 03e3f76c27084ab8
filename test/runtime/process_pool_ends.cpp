// process_pool among threads, continuations and processes: who waits for whom, who may end it, and what a process that the
// program forks itself may do to it, to a thread_pool and to a loop. Each test runs in a process of its own.
#include "alone.h"

#include <tenterhook/event_loop.h>
#include <tenterhook/process_pool.h>
#include <tenterhook/socket.h>
#include <tenterhook/thread_pool.h>

#include <atomic>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <memory>
#include <new>
#include <optional>
#include <sys/resource.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;
using namespace tenterhook;
using test::numbers;
using test::tally;

static bool in_a_fork = false;
// LeakSanitizer's question, in a fork too: there, what threads that do not exist held on their stacks looks lost.
extern "C" int __lsan_is_turned_off();
extern "C" int __lsan_is_turned_off() { return in_a_fork; }

namespace {

// Runs `body` in a fork of this process, which ends as a program does, with exit().
int exit_code_of_fork(const std::function<void()> &body) {
  pid_t process = fork();
  if (process == 0) {
    in_a_fork = true;
    body();
    std::exit(testing::Test::HasFailure() ? 1 : 0);
  }
  int status = -1;
  EXPECT_EQ(waitpid(process, &status, 0), process);
  return WIFEXITED(status) ? WEXITSTATUS(status) : -WTERMSIG(status);
}

// A map whose items take long does not hold up another one.
TEST(ProcessPoolEnds, MapsDoNotWaitForEachOther) {
  EXPECT_RUNS_ALONE({
    tally begun;
    tally may_end;
    process_pool<int(int)> pool(2, [&](int n) {
      if (n == 1) {
        begun.add();
        may_end.wait_for();
      }
      return n;
    });
    for (int round = 0; round != 3; ++round) {
      std::jthread slow([&] { EXPECT_EQ(pool.map(std::vector{1, 2}), (std::vector{1, 2})); });
      begun.wait_for();
      EXPECT_EQ(pool.map(numbers(1)), numbers(1)) << "while the other one still waits";
      std::jthread second([&] { EXPECT_EQ(pool.map(std::vector{3, 4}), (std::vector{3, 4})); });
      second.join();
      if (round == 1) {
        EXPECT_EQ(pool.submit(5).get(), 5); // from here on with a thread of the pool
      }
      may_end.add();
    }
  });
}

// The one that works for both leaves first.
TEST(ProcessPoolEnds, AMapGoesOnWhenTheOneThatWorkedForItLeaves) {
  EXPECT_RUNS_ALONE({
    tally begun;
    tally may_end;
    process_pool<int(int)> pool(2, [&](int n) {
      begun.add();
      may_end.wait_for();
      return n;
    });
    for (int round = 0; round != 20; ++round) {
      std::jthread first([&] { EXPECT_EQ(pool.map(std::vector{1}), std::vector{1}); });
      begun.wait_for();
      std::jthread later([&] { EXPECT_EQ(pool.map(numbers(6)), numbers(6)); });
      may_end.add(7);
      begun.wait_for(6);
    }
  });
}

TEST(ProcessPoolEnds, AContinuationMayMapAndSubmit) {
  EXPECT_RUNS_ALONE({
    process_pool<int(int)> pool(2, [](int n) { return n + 1; });
    std::vector<future<int>> all;
    for (int i = 0; i != 20; ++i)
      all.push_back(pool.submit(i).then([&pool](int n) {
        std::vector<int> more = pool.map(std::vector{n, n + 1, n + 2});
        return pool.submit(more[2]).then([&pool](int last) { return pool.map(std::vector{last})[0]; });
      }));
    for (int i = 0; i != 20; ++i)
      EXPECT_EQ(all[std::size_t(i)].get(), i + 6);
  });
}

TEST(ProcessPoolEnds, AContinuationThatShutsDownGetsAnError) {
  EXPECT_RUNS_ALONE({
    process_pool<int(int)> pool(1, [](int n) { return n; });
    auto shuts_down = [&](int n) {
      pool.shutdown();
      return n;
    };
    // What has ended before then() is called goes on here, where the pool may be shut down: not the case that is meant.
    const auto here = std::this_thread::get_id();
    auto shuts_down_elsewhere = [&](int n) {
      if (std::this_thread::get_id() != here)
        pool.shutdown();
      return n;
    };
    for (bool refused = false; !refused;)
      try {
        EXPECT_EQ(pool.submit(1).then(shuts_down_elsewhere).get(), 1);
      } catch (const std::logic_error &error) {
        refused = true;
        EXPECT_NE(std::string(error.what()).find("in a continuation"), std::string::npos) << error.what();
      }
    EXPECT_EQ(pool.submit(2).get(), 2) << "it goes on";
    thread_pool others(1);
    EXPECT_EQ(pool.submit(3).then(others, shuts_down).get(), 3) << "elsewhere it may";
    EXPECT_THROW((void)pool.submit(4), closed);
  });
}

TEST(ProcessPoolEnds, ManyShutDownAtOnce) {
  EXPECT_RUNS_ALONE({
    for (int round = 0; round != 20; ++round) {
      std::vector<future<int>> all;
      std::vector<std::jthread> threads;
      {
        process_pool<int(int)> pool(2, [](int n) { return n; });
        for (int i = 0; i != 10; ++i)
          all.push_back(pool.submit(i));
        for (int t = 0; t != 3; ++t)
          threads.emplace_back([&] { pool.shutdown(); });
        pool.shutdown();
        threads.clear();
      }
      for (int i = 0; i != 10; ++i)
        EXPECT_EQ(all[std::size_t(i)].get(), i) << "done before any of them returned";
    }
  });
}

TEST(ProcessPoolEnds, NumbersThatNobodyMeans) {
  EXPECT_RUNS_ALONE({
    auto make = [](unsigned count) { process_pool<int(int)> pool(count, [](int n) { return n; }); };
    for (unsigned count : {0u, unsigned(-1), 4097u, 1u << 31}) {
      try {
        make(count);
        ADD_FAILURE() << "made";
      } catch (const std::invalid_argument &error) {
        EXPECT_NE(std::string(error.what()).find("a pool of " + std::to_string(count) + " processes; give 1 to 4096"),
                  std::string::npos)
            << error.what();
      }
      if (count) {
        EXPECT_THROW(thread_pool pool(count), std::invalid_argument);
      }
    }
  });
}

// A program that forks, and whose child runs out of the scope of the pool or says exit().
TEST(ProcessPoolEnds, AForkedProcessLeavesItToItsParent) {
  EXPECT_RUNS_ALONE({
    static std::unique_ptr<process_pool<int(int)>> global; // destroyed by exit()
    global = std::make_unique<process_pool<int(int)>>(2, [](int n) { return n; });
    auto local = std::make_unique<process_pool<int(int)>>(1, [](int n) { return getpid() + n; });
    int process = local->map(numbers(1))[0];
    for (bool with_thread : {false, true}) {
      if (with_thread) {
        EXPECT_EQ(global->submit(4).get(), 4);
        EXPECT_EQ(local->submit(0).get(), process);
      }
      EXPECT_EQ(exit_code_of_fork([&] {
                  EXPECT_THROW(local->map(numbers(1)), std::logic_error);
                  EXPECT_THROW((void)local->submit(1), std::logic_error);
                  local->terminate();
                  local->shutdown();
                  EXPECT_EQ(local->size(), 0u);
                  local.reset();
                }),
                0);
      EXPECT_EQ(global->map(numbers(5)), numbers(5));
      EXPECT_EQ(local->map(numbers(1))[0], process) << "the same child as before";
    }
    global.reset();
  });
}

TEST(ProcessPoolEnds, AForkedProcessLeavesAThreadPoolToItsParent) {
  EXPECT_RUNS_ALONE({
    auto pool = std::make_unique<thread_pool>(3);
    std::atomic<bool> end = false;
    std::atomic<int> ran = 0;
    pool->post([&] {
      while (!end)
        std::this_thread::yield();
    });
    for (int i = 0; i != 10; ++i)
      pool->post([&] { ++ran; });
    EXPECT_EQ(exit_code_of_fork([&] { pool.reset(); }), 0);
    end = true;
    pool->shutdown();
    EXPECT_EQ(ran, 10);
  });
}

// Both processes share the epoll: the child's sockets are not to be taken out of it.
TEST(ProcessPoolEnds, AForkedProcessLeavesALoopToItsParent) {
  EXPECT_RUNS_ALONE({
    using stream = tenterhook::socket;
    int ends[2];
    EXPECT_EQ(socketpair(AF_UNIX, SOCK_STREAM | SOCK_NONBLOCK, 0, ends), 0);
    auto loop = std::make_unique<event_loop>();
    auto here = std::make_unique<stream>(ends[0], *loop);
    EXPECT_EQ(exit_code_of_fork([&] {
                here.reset();
                loop.reset();
              }),
              0);
    auto reads = [](stream &from) -> task<char> {
      std::byte byte[1];
      co_await from.read_some(byte);
      co_return char(byte[0]);
    };
    loop->call_soon([&] { EXPECT_EQ(write(ends[1], "x", 1), 1); }); // when it waits
    EXPECT_EQ(loop->run_until_complete(reads(*here)), 'x');
    here.reset();
    close(ends[1]);
  });
}

rlim_t mapped_bytes() {
  rlim_t pages = 0;
  std::ifstream("/proc/self/statm") >> pages;
  return pages * rlim_t(sysconf(_SC_PAGESIZE));
}
// The processes of a pool that is made while this lives have 16 MB left; this one has all.
struct small_children {
  rlimit before{};
  small_children() {
    EXPECT_EQ(getrlimit(RLIMIT_AS, &before), 0);
    rlimit small = before;
    small.rlim_cur = mapped_bytes() + (16 << 20);
    EXPECT_EQ(setrlimit(RLIMIT_AS, &small), 0);
  }
  ~small_children() { EXPECT_EQ(setrlimit(RLIMIT_AS, &before), 0); }
};

// An item that is too large for a child costs itself alone, whether the child dies of it or not.
void give_a_large_one(const std::function<void(const process_result<std::size_t> &)> &check) {
  std::optional<process_pool<std::size_t(std::string)>> pool;
  {
    small_children limit;
    pool.emplace(1, [](const std::string &text) { return text.size(); });
  }
  std::vector<std::string> texts(5, "text");
  texts[1].assign(64 << 20, 'x');
  auto results = pool->try_map(texts);
  check(results[1]);
  for (std::size_t i : {0, 2, 3, 4})
    EXPECT_EQ(results[i].value(), 4u) << i;
}

TEST(ProcessPoolEnds, AChildHasNoMemoryForAnItem) {
  if (mapped_bytes() >> 40)
    GTEST_SKIP() << "a sanitizer, which maps terabytes and does not live with a limit";
  EXPECT_RUNS_ALONE(
      { give_a_large_one([](const process_result<std::size_t> &of) { EXPECT_THROW(of.value(), process_error); }); });
}

TEST(ProcessPoolEnds, AChildDiesWhileItIsGivenAnItem) {
  if (mapped_bytes() >> 40)
    GTEST_SKIP() << "as above";
  EXPECT_RUNS_ALONE({
    std::set_new_handler([] { _exit(9); });
    give_a_large_one([](const process_result<std::size_t> &of) { EXPECT_THROW(of.value(), process_died); });
  });
}

} // namespace
