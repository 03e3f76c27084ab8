// However a process ends, its trace is complete: the test runs itself as a child that ends in that way. Forks, exec and
// processes that are told to write the same file get files of their own.
#include "own_trace.h"
#include "trace/share.h"
#include "trace/trace.h"

#include <gtest/gtest.h>

#include <atomic>
#include <csignal>
#include <cstdio>
#include <cstdlib>
#include <fcntl.h>
#include <filesystem>
#include <fstream>
#include <stdexcept>
#include <string>
#include <sys/resource.h>
#include <sys/wait.h>
#include <thread>
#include <unistd.h>

namespace trace = tenterhook::trace;
using tenterhook::test::trace_file;
using trace::Ending;
using trace::Kind;

#if defined(__SANITIZE_ADDRESS__)
#define ADDRESS_SANITIZER
#endif
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
constexpr bool sanitized = true;
#elif defined(__has_feature)
#if __has_feature(address_sanitizer) || __has_feature(thread_sanitizer)
constexpr bool sanitized = true;
#if __has_feature(address_sanitizer)
#define ADDRESS_SANITIZER
#endif
#else
constexpr bool sanitized = false;
#endif
#else
constexpr bool sanitized = false;
#endif

namespace {

void leave_events(std::uint64_t count) {
  for (std::uint64_t i = 0; i < count; ++i)
    trace::emit_at(Kind::lock, i, 1);
  trace::reach({0x1000, false, trace::intern("read"), true, false, 0});
}

// Until the stack is at its end.
[[gnu::noinline]] int descend(int depth) {
  volatile char room[1000];
  room[depth % 1000] = char(depth);
  return depth < 1'000'000'000 ? descend(depth + 1) + room[depth % 999] : 0;
}

struct AtExit {
  ~AtExit() { trace::emit_at(Kind::unlock, 1, 1); }
};

void wait_for_child(pid_t child) {
  int status;
  waitpid(child, &status, 0);
}

// The child: its way of ending is told by the environment.
TEST(DISABLED_TraceChild, Ends) {
  std::string how = std::getenv("TENTERHOOK_TEST_ENDING");
  rlimit none{0, 0};
  setrlimit(RLIMIT_CORE, &none);
  leave_events(100);
  std::thread other([] { leave_events(50); });
  other.join();
  if (how == "return")
    return;
  if (how == "exit") {
    static AtExit late;
    std::exit(0);
  }
  if (how == "quick_exit")
    std::quick_exit(0);
  if (how == "finish_then_exit") { // what the recorder does for _exit
    trace::finish(Ending::exit, 0);
    _exit(0);
  }
  if (how == "abort")
    std::abort();
  if (how == "exception")
    std::thread([] { throw std::runtime_error("uncaught"); }).join();
  if (how == "overflow")
    std::exit(descend(1) != 0);
  if (how == "overflow_in_thread")
    std::thread([] {
      leave_events(1);
      std::exit(descend(1) != 0);
    }).join();
  if (how == "full") { // no file may become larger than this
    trace::flush();
    rlimit limit{8192, 8192};
    setrlimit(RLIMIT_FSIZE, &limit);
    leave_events(1000);
    trace::flush();
    leave_events(10);
    std::exit(0);
  }
  if (how == "own_stack") { // the program's own alternate stack and handler
    static char memory[1 << 16];
    stack_t before{}, own{};
    own.ss_sp = memory;
    own.ss_size = sizeof memory;
    struct sigaction action{};
    action.sa_flags = SA_ONSTACK;
    action.sa_handler = [](int) {
      char here;
      _exit(&here > memory && &here < memory + sizeof memory ? 3 : 4);
    };
    if (sigaltstack(&own, &before) != 0 || sigaction(SIGSEGV, &action, nullptr) != 0)
      std::exit(5);
    std::thread([] { leave_events(1); }).join();
    std::exit(descend(1) != 0);
  }
#if defined(ADDRESS_SANITIZER)
  if (how == "use_after_free") {
    int *volatile freed = new int(1);
    delete freed;
    *freed = 2;
  }
#endif
  if (how == "segv") {
    volatile int *volatile nowhere = nullptr;
    *nowhere = 1;
  }
  if (how == "term" || how == "int" || how == "kill") {
    std::thread([&] { kill(getpid(), how == "term" ? SIGTERM : how == "int" ? SIGINT : SIGKILL); }).join();
    pause();
  }
  if (how == "own_handler") {
    static volatile std::sig_atomic_t handled = 0;
    std::signal(SIGTERM, [](int) { handled = 1; });
    raise(SIGTERM);
    std::exit(handled ? 0 : 1);
  }
  if (how == "ignored") {
    std::signal(SIGTERM, SIG_IGN);
    raise(SIGTERM);
    leave_events(1);
    std::exit(0);
  }
  if (how == "fork") {
    pid_t child = fork();
    if (child == 0) {
      leave_events(30);
      std::exit(0);
    }
    wait_for_child(child);
    leave_events(7);
    std::exit(0);
  }
  if (how == "fork_quiet") {
    pid_t child = fork();
    if (child == 0)
      std::exit(0);
    wait_for_child(child);
    std::exit(0);
  }
  if (how == "fork_busy") { // other threads are in the middle of events, and of their first
    std::atomic<bool> done{false};
    std::thread busy([&] {
      while (!done)
        trace::emit_at(Kind::unlock, 1, 1);
    });
    std::thread births([&] {
      while (!done)
        std::thread([] { trace::emit_at(Kind::unlock, 1, 1); }).join();
    });
    for (int i = 0; i < 20; ++i) {
      pid_t child = fork();
      if (child == 0) {
        leave_events(30);
        trace::stop();
        _exit(0);
      }
      wait_for_child(child);
    }
    done = true;
    busy.join();
    births.join();
    std::exit(0);
  }
  if (how == "exec") {
    trace::finish(Ending::exec, 0);
    setenv("TENTERHOOK_TEST_ENDING", "return", 1);
    execl("/proc/self/exe", "child", "--gtest_also_run_disabled_tests", "--gtest_filter=DISABLED_TraceChild.Ends",
          "--gtest_brief=1", nullptr);
  }
  FAIL() << "no such ending, or it did not end: " << how;
}

class TraceEndings : public testing::Test {
protected:
  void SetUp() override {
    folder = std::filesystem::temp_directory_path() / ("tenterhook-endings-" + std::to_string(getpid()) + "-" +
                                                       testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove_all(folder);
    std::filesystem::create_directories(folder);
  }
  void TearDown() override { std::filesystem::remove_all(folder); }

  // The status that waitpid gives.
  int run(const std::string &how) {
    std::fflush(nullptr);
    pid_t child = fork();
    if (child == 0) {
      for (int number : {SIGINT, SIGQUIT, SIGTERM}) // a shell starts what runs in the background with two of them ignored
        std::signal(number, SIG_DFL);
      setenv("TENTERHOOK_TRACE", (folder / "trace").c_str(), 1);
      setenv("TENTERHOOK_TEST_ENDING", how.c_str(), 1);
      int null = open("/dev/null", O_WRONLY);
      dup2(null, 1);
      dup2(null, 2);
      execl("/proc/self/exe", "child", "--gtest_also_run_disabled_tests", "--gtest_filter=DISABLED_TraceChild.Ends",
            "--gtest_brief=1", "--gtest_catch_exceptions=0", nullptr);
      _exit(127);
    }
    int status = -1;
    waitpid(child, &status, 0);
    process = std::uint32_t(child);
    return status;
  }
  trace_file file() { return trace_file::read(folder / "trace"); }
  std::vector<trace_file> others() {
    std::vector<trace_file> found;
    for (const auto &entry : std::filesystem::directory_iterator(folder))
      if (entry.path().filename() != "trace")
        found.push_back(trace_file::read(entry.path()));
    return found;
  }

  void expect_complete(const trace_file &file, Ending how, std::uint32_t value = 0) {
    EXPECT_FALSE(file.torn);
    ASSERT_TRUE(file.end);
    EXPECT_EQ(file.end->how, how);
    EXPECT_EQ(file.end->value, value);
    EXPECT_GE(file.count(Kind::lock), 150u);
    ASSERT_EQ(file.reach.size(), 1u);
    EXPECT_EQ(file.reach.begin()->second.inside, 2u);
    EXPECT_EQ(file.header.process, process);
  }

  std::filesystem::path folder;
  std::uint32_t process = 0;
};

TEST_F(TraceEndings, Return) {
  EXPECT_EQ(run("return"), 0);
  expect_complete(file(), Ending::exit);
}
TEST_F(TraceEndings, ExitWithEventsOfStaticDestructors) {
  EXPECT_EQ(run("exit"), 0);
  expect_complete(file(), Ending::exit);
  EXPECT_EQ(file().count(Kind::unlock), 1u);
}
TEST_F(TraceEndings, QuickExit) {
  EXPECT_EQ(run("quick_exit"), 0);
  expect_complete(file(), Ending::quick_exit);
}
TEST_F(TraceEndings, FinishedByTheRecorder) {
  EXPECT_EQ(run("finish_then_exit"), 0);
  expect_complete(file(), Ending::exit);
}
TEST_F(TraceEndings, Abort) {
  int status = run("abort");
  EXPECT_TRUE(sanitized || (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT));
  expect_complete(file(), Ending::signal, SIGABRT);
}
TEST_F(TraceEndings, UncaughtException) {
  int status = run("exception");
  EXPECT_TRUE(sanitized || (WIFSIGNALED(status) && WTERMSIG(status) == SIGABRT));
  expect_complete(file(), Ending::signal, SIGABRT);
}
TEST_F(TraceEndings, SegmentationFault) {
  if (sanitized)
    GTEST_SKIP() << "the sanitizer has a handler of its own, and that is not ours to replace";
  int status = run("segv");
  ASSERT_TRUE(WIFSIGNALED(status)) << "the signal still ends the process";
  EXPECT_EQ(WTERMSIG(status), SIGSEGV);
  expect_complete(file(), Ending::signal, SIGSEGV);
}
TEST_F(TraceEndings, StackOverflow) {
  if (sanitized)
    GTEST_SKIP() << "the sanitizer has a handler of its own, and that is not ours to replace";
  for (std::string how : {"overflow", "overflow_in_thread"}) {
    int status = run(how);
    ASSERT_TRUE(WIFSIGNALED(status)) << how << ": the signal still ends the process";
    EXPECT_EQ(WTERMSIG(status), SIGSEGV);
    trace_file left = file();
    ASSERT_TRUE(left.end) << how;
    EXPECT_EQ(left.end->how, Ending::signal);
    EXPECT_GE(left.count(Kind::lock), 150u);
  }
}
TEST_F(TraceEndings, NoMoreRoom) {
  EXPECT_EQ(run("full"), 0) << "the program goes on";
  trace_file left = file();
  ASSERT_TRUE(left.end);
  EXPECT_EQ(left.end->how, Ending::full);
  EXPECT_EQ(left.end->value, std::uint32_t(EFBIG));
  EXPECT_FALSE(left.torn);
  std::uint64_t told = left.count(Kind::lock) + left.all_dropped();
  EXPECT_GE(left.count(Kind::lock), 150u);
  EXPECT_GT(left.all_dropped(), 0u);
  EXPECT_LE(told, 1150u) << "what came after is not counted";
}
TEST_F(TraceEndings, OwnAlternateStackIsKept) {
  if (sanitized)
    GTEST_SKIP() << "the sanitizer has a handler of its own, and that is not ours to replace";
  int status = run("own_stack");
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) == 3) << status;
}
#if defined(ADDRESS_SANITIZER)
TEST_F(TraceEndings, EndedByAddressSanitizer) {
  int status = run("use_after_free");
  EXPECT_TRUE(WIFEXITED(status) && WEXITSTATUS(status) != 0) << "a report, by which the process ends: " << status;
  trace_file left = file();
  ASSERT_TRUE(left.end);
  EXPECT_EQ(left.end->how, Ending::quick_exit);
  EXPECT_GE(left.count(Kind::lock), 150u);
}
#endif
TEST_F(TraceEndings, Terminated) {
  int status = run("term");
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGTERM);
  expect_complete(file(), Ending::signal, SIGTERM);
}
TEST_F(TraceEndings, Interrupted) {
  int status = run("int");
  ASSERT_TRUE(WIFSIGNALED(status));
  EXPECT_EQ(WTERMSIG(status), SIGINT);
  expect_complete(file(), Ending::signal, SIGINT);
}
TEST_F(TraceEndings, KilledLeavesAFileThatReads) {
  run("kill");
  trace_file left = file();
  EXPECT_FALSE(left.end);
  EXPECT_EQ(left.header.process, process);
}
TEST_F(TraceEndings, OwnHandlerIsKept) {
  EXPECT_EQ(run("own_handler"), 0);
  expect_complete(file(), Ending::exit);
}
TEST_F(TraceEndings, IgnoredStaysIgnored) {
  EXPECT_EQ(run("ignored"), 0);
  EXPECT_EQ(file().count(Kind::lock), 151u);
}
TEST_F(TraceEndings, ForkedChildWritesAFileOfItsOwn) {
  EXPECT_EQ(run("fork"), 0);
  trace_file parent = file();
  EXPECT_EQ(parent.count(Kind::lock), 157u);
  EXPECT_EQ(parent.reach.begin()->second.inside, 3u);
  std::vector<trace_file> children = others();
  ASSERT_EQ(children.size(), 1u);
  EXPECT_EQ(children[0].count(Kind::lock), 30u);
  EXPECT_EQ(children[0].reach.begin()->second.inside, 1u) << "a child counts from zero";
  EXPECT_EQ(children[0].header.parent, process);
  EXPECT_EQ(children[0].strings.size(), 1u) << "names of before the fork are written again";
  ASSERT_TRUE(children[0].end);
}
TEST_F(TraceEndings, ForkedChildWithoutEventsWritesNone) {
  EXPECT_EQ(run("fork_quiet"), 0);
  EXPECT_TRUE(others().empty());
  EXPECT_EQ(file().count(Kind::lock), 150u);
}
TEST_F(TraceEndings, ForkWhileOthersWrite) {
  if (sanitized)
    GTEST_SKIP() << "sanitizers have locks of their own that a fork may catch";
  EXPECT_EQ(run("fork_busy"), 0);
  std::vector<trace_file> children = others();
  ASSERT_EQ(children.size(), 20u);
  for (const trace_file &child : children) {
    EXPECT_EQ(child.count(Kind::lock), 30u);
    EXPECT_EQ(child.count(Kind::unlock), 0u) << "what other threads left in their rings is the parent's";
    EXPECT_TRUE(child.end);
  }
}
TEST_F(TraceEndings, ExecDoesNotOverwriteWhatWasBefore) {
  EXPECT_EQ(run("exec"), 0);
  expect_complete(file(), Ending::exec);
  std::vector<trace_file> next = others();
  ASSERT_EQ(next.size(), 1u);
  expect_complete(next[0], Ending::exit);
}
TEST_F(TraceEndings, AFileThatCannotBeMadeIsSaid) {
  setenv("TENTERHOOK_TEST_ENDING", "return", 1);
  std::string none = "/nonexistent/folder/trace", other = folder / "report.sarif";
  std::ofstream(other) << "{}";
  for (auto [path, why] : {std::pair{none, "No such file or directory"}, {other, "it exists and is no trace"}}) {
    setenv("TENTERHOOK_TRACE", path.c_str(), 1);
    std::string command = "exec /proc/" + std::to_string(getpid()) +
                          "/exe --gtest_also_run_disabled_tests --gtest_filter=DISABLED_TraceChild.Ends 2>&1 >/dev/null";
    FILE *pipe = popen(command.c_str(), "r");
    std::string said(1000, 0);
    said.resize(fread(said.data(), 1, said.size(), pipe));
    EXPECT_EQ(pclose(pipe), 0) << "the program runs all the same";
    EXPECT_NE(said.find(path + ": cannot write the trace: " + why + "; name a file"), std::string::npos) << said;
  }
  unsetenv("TENTERHOOK_TRACE");
  EXPECT_EQ(std::filesystem::file_size(other), 2u);
}

} // namespace
