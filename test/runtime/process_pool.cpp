// process_pool: results, errors, children that die, cancellation, and that nothing is left behind. Each test runs in a
// child of its own, since the test program has threads by then.
#include "alone.h"

#include <tenterhook/event_loop.h>
#include <tenterhook/process_pool.h>

#include <atomic>
#include <cerrno>
#include <chrono>
#include <csignal>
#include <cstdio>
#include <filesystem>
#include <fstream>
#include <gtest/gtest.h>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

using namespace std::chrono_literals;
using namespace tenterhook;
using test::numbers;
using test::tally;

namespace tenterhook {
struct word_count {
  std::string word;
  int count = 0;
};
template <> struct process_codec<word_count> {
  static std::string write(const word_count &value) { return std::to_string(value.count) + ' ' + value.word; }
  static word_count read(std::string_view bytes) {
    std::size_t space = bytes.find(' ');
    return {std::string(bytes.substr(space + 1)), std::stoi(std::string(bytes.substr(0, space)))};
  }
};
} // namespace tenterhook

namespace {

bool has_children() { return waitpid(-1, nullptr, WNOHANG) == 0 || errno != ECHILD; }

template <typename Error> std::string message_of(const std::exception_ptr &error) {
  try {
    std::rethrow_exception(error);
  } catch (const Error &caught) {
    return caught.what();
  } catch (...) {
    return "another exception";
  }
}

TEST(ProcessPool, MapKeepsTheOrder) {
  EXPECT_RUNS_ALONE({
    pid_t here = getpid();
    {
      process_pool<long(int)> pool(3, [here](int n) {
        if (getpid() == here)
          throw std::logic_error("not in a child");
        return long(n) * n;
      });
      EXPECT_EQ(pool.size(), 3u);
      std::vector<long> squares = pool.map(numbers(200));
      for (int i = 0; i != 200; ++i)
        EXPECT_EQ(squares[i], long(i) * i);
      EXPECT_TRUE(pool.map(std::vector<int>()).empty());
      EXPECT_EQ(pool.map(numbers(3)), (std::vector<long>{0, 1, 4})) << "again";
    }
    EXPECT_FALSE(has_children());
  });
}

TEST(ProcessPool, CarriesTextsVectorsOwnTypesAndNothing) {
  EXPECT_RUNS_ALONE({
    process_pool<std::string(const std::string &)> twice(2, [](const std::string &text) { return text + text; });
    std::string large(3'000'000, 'x'); // more than a socket holds
    EXPECT_EQ(twice.map(std::vector<std::string>{"a", "", large}), (std::vector<std::string>{"aa", "", large + large}));
    process_pool<std::vector<int>(int)> count(1, [](int n) { return numbers(n); });
    EXPECT_EQ(count.map(std::vector{2, 0}), (std::vector<std::vector<int>>{{0, 1}, {}}));
    process_pool<word_count(word_count)> own(1, [](word_count given) { return word_count{given.word + "!", given.count + 1}; });
    auto counted = own.map(std::vector<word_count>{{"so", 1}});
    EXPECT_EQ(counted[0].word, "so!");
    EXPECT_EQ(counted[0].count, 2);
    process_pool<void(int)> nothing(1, [](int n) {
      if (n == 2)
        throw std::runtime_error("two");
    });
    nothing.map(std::vector{1});
    EXPECT_THROW(nothing.map(std::vector{1, 2}), process_error);
  });
}

TEST(ProcessPool, ExceptionsAreTheItems) {
  EXPECT_RUNS_ALONE({
    process_pool<int(int)> pool(2, [](int n) {
      if (n == 1)
        throw std::runtime_error("one is wrong");
      if (n == 2)
        throw 2;
      return n;
    });
    auto results = pool.try_map(numbers(4));
    EXPECT_EQ(results[0].value(), 0);
    EXPECT_EQ(message_of<process_error>(results[1].error()), "one is wrong");
    EXPECT_EQ(message_of<process_error>(results[2].error()), "an exception that is no std::exception");
    EXPECT_EQ(results[3].value(), 3);
    EXPECT_EQ(pool.size(), 2u);
    EXPECT_THROW(pool.map(numbers(4)), process_error);
  });
}

TEST(ProcessPool, AChildThatDiesIsAnErrorOfItsItem) {
  EXPECT_RUNS_ALONE({
    process_pool<int(int)> pool(3, [](int n) {
      if (n == 5)
        raise(SIGKILL);
      if (n == 7)
        _exit(9);
      return n;
    });
    auto results = pool.try_map(numbers(20));
    for (int i = 0; i != 20; ++i) {
      if (i == 5)
        EXPECT_NE(
            message_of<process_died>(results[5].error()).find("was ended by signal 9 (Killed) while it worked on this item"),
            std::string::npos);
      else if (i == 7)
        EXPECT_NE(message_of<process_died>(results[7].error()).find("exited with 9"), std::string::npos);
      else
        EXPECT_EQ(results[i].value(), i);
    }
    EXPECT_EQ(pool.size(), 3u) << "others took their places";
    EXPECT_EQ(pool.map(std::vector{1}), std::vector{1});
    EXPECT_THROW(pool.map(std::vector{5}), process_died);
    EXPECT_EQ(pool.map(numbers(5)), numbers(5));
  });
}

// Whether it has ended, though nobody has waited for it. A sanitizer's thread in it may outlive the first one, and keep its
// descriptors open.
bool is_dead(pid_t process) {
  std::error_code gone;
  int threads = 0;
  for (std::filesystem::directory_iterator each("/proc/" + std::to_string(process) + "/task", gone), end; !gone && each != end;
       each.increment(gone))
    ++threads;
  if (threads > 1)
    return false;
  std::ifstream file("/proc/" + std::to_string(process) + "/stat");
  std::string all((std::istreambuf_iterator<char>(file)), {});
  return all.empty() || all[all.rfind(')') + 2] == 'Z';
}
void await_death(pid_t process) {
  while (!is_dead(process))
    std::this_thread::sleep_for(1ms);
}

TEST(ProcessPool, AChildThatDiedBetweenMapsCostsNoItem) {
  EXPECT_RUNS_ALONE({
    process_pool<int(int)> pool(2, [](int) { return getpid(); });
    std::vector<int> processes = pool.map(numbers(1));
    kill(processes[0], SIGKILL);
    await_death(processes[0]);
    for (int each : pool.map(numbers(4)))
      EXPECT_NE(each, processes[0]);
    EXPECT_EQ(pool.size(), 2u);
  });
}

TEST(ProcessPool, SubmitGivesFutures) {
  EXPECT_RUNS_ALONE({
    {
      process_pool<long(int)> pool(3, [](int n) {
        if (n == 13)
          throw std::runtime_error("unlucky");
        if (n == 17)
          raise(SIGSEGV);
        return long(n) * n;
      });
      std::vector<future<long>> all;
      for (int i = 0; i != 60; ++i)
        all.push_back(pool.submit(i));
      for (int i = 0; i != 60; ++i) {
        if (i == 13) {
          EXPECT_THROW(all[i].get(), process_error);
        } else if (i == 17) {
          EXPECT_THROW(all[i].get(), process_died);
        } else {
          EXPECT_EQ(all[i].get(), long(i) * i);
        }
      }
      EXPECT_EQ(pool.size(), 3u);
      future<long> next = pool.submit(3).then([](long n) { return n + 1; });
      EXPECT_EQ(next.get(), 10);
      event_loop loop;
      EXPECT_EQ(loop.run_until_complete([](process_pool<long(int)> &on) -> task<long> { co_return co_await on.submit(7); }(pool)),
                49);
      EXPECT_EQ(pool.map(numbers(3)), (std::vector<long>{0, 1, 4})) << "the pool's thread does it";
      process_pool<void(int)> *nothing = nullptr;
      EXPECT_THROW(nothing = new process_pool<void(int)>(1, [](int) {}), std::logic_error) << "there is a thread now";
      delete nothing;
    }
    EXPECT_FALSE(has_children());
  });
}

TEST(ProcessPool, SubmitsAreDoneBeforeTheEnd) {
  EXPECT_RUNS_ALONE({
    std::vector<future<int>> all;
    {
      process_pool<int(int)> pool(2, [](int n) {
        usleep(1000);
        return n;
      });
      for (int i = 0; i != 20; ++i)
        all.push_back(pool.submit(i));
      pool.shutdown();
      EXPECT_THROW((void)pool.submit(1), closed);
      EXPECT_THROW(pool.map(numbers(1)), closed);
    }
    for (int i = 0; i != 20; ++i)
      EXPECT_EQ(all[i].get(), i);
    EXPECT_FALSE(has_children());
  });
}

TEST(ProcessPool, MapsAndSubmitsOfManyThreads) {
  EXPECT_RUNS_ALONE({
    process_pool<int(int)> pool(2, [](int n) {
      if (n % 50 == 49)
        _exit(1);
      return n + 1;
    });
    std::vector<std::jthread> threads;
    for (int t = 0; t != 4; ++t)
      threads.emplace_back([&pool, t] {
        for (int round = 0; round != 10; ++round) {
          if (t % 2) {
            EXPECT_EQ(pool.map(numbers(5)), (std::vector{1, 2, 3, 4, 5}));
          } else {
            future<int> good = pool.submit(3);
            future<int> dies = pool.submit(49);
            EXPECT_EQ(good.get(), 4);
            EXPECT_THROW(dies.get(), process_died);
          }
        }
      });
    threads.clear();
    EXPECT_EQ(pool.size(), 2u);
  });
}

TEST(ProcessPool, StopCancelsWhatHasNotBegun) {
  EXPECT_RUNS_ALONE({
    tally begun;
    tally may_end;
    process_pool<int(int)> pool(2, [&](int n) {
      begun.add();
      may_end.wait_for();
      return n;
    });
    std::stop_source stop;
    std::jthread stopping([&] {
      begun.wait_for(2);
      stop.request_stop();
      may_end.add(3);
    });
    auto results = pool.try_map(numbers(10), stop.get_token());
    EXPECT_EQ(results[0].value(), 0);
    EXPECT_EQ(results[1].value(), 1);
    for (int i = 2; i != 10; ++i)
      EXPECT_EQ(message_of<cancelled>(results[i].error()), "cancelled");
    EXPECT_THROW(pool.map(numbers(1), stop.get_token()), cancelled);
    EXPECT_EQ(pool.map(std::vector{4}), std::vector{4}) << "it goes on";
  });
}

TEST(ProcessPool, StopCancelsSubmitsThatHaveNotBegun) {
  EXPECT_RUNS_ALONE({
    tally begun;
    tally may_end;
    process_pool<int(int)> pool(1, [&](int n) {
      begun.add();
      may_end.wait_for();
      return n;
    });
    std::stop_source stop;
    future<int> runs = pool.submit(1, stop.get_token());
    begun.wait_for();
    future<int> waits = pool.submit(2, stop.get_token());
    future<int> other = pool.submit(3);
    stop.request_stop();
    EXPECT_THROW(waits.get(), cancelled) << "before the one that runs has ended";
    may_end.add(2);
    EXPECT_EQ(runs.get(), 1);
    EXPECT_EQ(other.get(), 3);
  });
}

TEST(ProcessPool, WhatIsStoppedBeforeItIsSubmittedNeverRuns) {
  EXPECT_RUNS_ALONE({
    process_pool<int(int)> pool(1, [](int n) { return n; });
    pool.submit(0).get();
    std::stop_source stop;
    stop.request_stop();
    int ran = 0;
    for (int i = 0; i != 300; ++i)
      try {
        pool.submit(i, stop.get_token()).get();
        ++ran;
      } catch (const cancelled &) {
      }
    EXPECT_EQ(ran, 0);
  });
}

// What the program does with its children's ends, and with a signal to all its processes, is not for the pool's.
TEST(ProcessPool, SignalsOfTheProgramDoNotReachIt) {
  for (auto handler : {SIG_IGN, sighandler_t([](int) {
                         const int error = errno;
                         while (waitpid(-1, nullptr, WNOHANG) > 0) {
                         }
                         errno = error;
                       })}) {
    EXPECT_RUNS_ALONE({
      std::signal(SIGCHLD, handler);
      process_pool<int(int)> pool(1, [](int n) {
        if (n == 1)
          _exit(3);
        return n;
      });
      try {
        pool.submit(1).get();
        ADD_FAILURE() << "a result";
      } catch (const process_died &error) {
        EXPECT_NE(std::string(error.what()).find("exited with 3"), std::string::npos) << error.what();
      }
    });
  }
  for (int number : {SIGTERM, SIGHUP, SIGQUIT}) {
    EXPECT_RUNS_ALONE({
      setpgid(0, 0);
      process_pool<int(int)> pool(1, [](int n) { return n; });
      std::signal(number, SIG_IGN);
      kill(0, number); // the idle child dies, and another one takes its place
      std::this_thread::sleep_for(100ms);
      EXPECT_EQ(pool.map(std::vector{5}), std::vector{5});
    });
  }
}

TEST(ProcessPool, WithoutDescriptorsForAnotherChildTheReasonIsTold) {
  EXPECT_RUNS_ALONE({
    process_pool<int(int)> pool(1, [](int n) {
      if (n == 1)
        _exit(1);
      return n;
    });
    // As many as are there now; the child's socket goes when it dies, and another one needs two.
    rlimit limit;
    getrlimit(RLIMIT_NOFILE, &limit);
    rlim_t before = limit.rlim_cur;
    int next = dup(0);
    close(next);
    limit.rlim_cur = rlim_t(next);
    setrlimit(RLIMIT_NOFILE, &limit);
    auto results = pool.try_map(std::vector{0, 1, 0});
    limit.rlim_cur = before;
    setrlimit(RLIMIT_NOFILE, &limit);
    EXPECT_EQ(results[0].value(), 0);
    EXPECT_NE(message_of<process_died>(results[1].error()).find("exited with 1"), std::string::npos);
    std::string told = message_of<process_died>(results[2].error());
    EXPECT_NE(told.find("no child process is left to work on this item: process_pool: socketpair"), std::string::npos) << told;
    EXPECT_EQ(pool.map(std::vector{5}), std::vector{5}) << "now it can be made";
    EXPECT_EQ(pool.size(), 1u);
  });
}

TEST(ProcessPool, TerminateEndsAMapThatHangs) {
  EXPECT_RUNS_ALONE({
    tally begun;
    process_pool<int(int)> pool(2, [&](int n) {
      begun.add();
      pause();
      return n;
    });
    std::jthread ending([&] {
      begun.wait_for(2);
      pool.terminate();
    });
    for (auto &each : pool.try_map(numbers(5)))
      EXPECT_NE(message_of<process_died>(each.error()), "another exception");
    EXPECT_EQ(pool.size(), 0u);
    EXPECT_EQ(message_of<process_died>(pool.try_map(numbers(1))[0].error()),
              "process_pool: no child process is left to work on this item: the pool was terminated");
    EXPECT_THROW(pool.submit(1).get(), process_died);
    pool.shutdown();
    EXPECT_FALSE(has_children());
  });
}

TEST(ProcessPool, ManyThreadsMapAndOneShutsDown) {
  EXPECT_RUNS_ALONE({
    process_pool<int(int)> pool(2, [](int n) { return n + 1; });
    std::atomic<int> mapped = 0;
    std::vector<std::jthread> threads;
    for (int t = 0; t != 3; ++t)
      threads.emplace_back([&] {
        try {
          for (;; ++mapped)
            EXPECT_EQ(pool.map(numbers(3)), (std::vector{1, 2, 3}));
        } catch (const closed &) {
        }
      });
    while (mapped < 20)
      std::this_thread::yield();
    pool.shutdown();
    pool.shutdown();
    EXPECT_FALSE(has_children());
  });
}

TEST(ProcessPool, WhatIsBufferedIsWrittenOnce) {
  EXPECT_RUNS_ALONE({
    std::FILE *file = std::tmpfile();
    std::fputs("once ", file);
    {
      process_pool<int(int)> pool(2, [file](int n) {
        std::fprintf(file, "%d ", n);
        return n;
      });
      pool.map(std::vector{7});
    }
    std::rewind(file);
    char text[100] = {};
    EXPECT_EQ(std::fread(text, 1, sizeof text, file), 7u);
    EXPECT_STREQ(text, "once 7 ");
    std::fclose(file);
  });
}

TEST(ProcessPool, RefusesAProcessWithThreads) {
  EXPECT_RUNS_ALONE({
    std::atomic<bool> end = false;
    std::thread other([&] {
      while (!end)
        std::this_thread::sleep_for(1ms);
    });
    try {
      process_pool<int(int)> pool(1, [](int n) { return n; });
      ADD_FAILURE() << "made";
    } catch (const std::logic_error &error) {
      EXPECT_NE(std::string(error.what()).find("made in a process with 2 threads; make it before the first thread"),
                std::string::npos)
          << error.what();
    }
    end = true;
    other.join();
    process_pool<int(int)> pool(1, [](int n) { return n; });
    EXPECT_EQ(pool.map(std::vector{1}), std::vector{1}) << "the thread is gone";
    EXPECT_THROW((process_pool<int(int)>(0, [](int n) { return n; })), std::invalid_argument);
  });
}

} // namespace
