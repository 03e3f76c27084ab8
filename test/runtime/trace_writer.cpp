// The writer within one process: floods are counted to the last event, threads come and go, totals are never lost,
// tables.
#include "own_trace.h"
#include "trace/share.h"
#include "trace/trace.h"

#include <gtest/gtest.h>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <csignal>
#include <cstdlib>
#include <filesystem>
#include <fstream>
#include <pthread.h>
#include <sstream>
#include <string>
#include <thread>
#include <unistd.h>
#include <vector>

namespace trace = tenterhook::trace;
using tenterhook::test::trace_file;
using trace::Kind;

namespace {

class TraceWriter : public testing::Test {
protected:
  void SetUp() override {
    path = std::filesystem::temp_directory_path() /
           ("tenterhook-trace-" + std::to_string(getpid()) + "-" + testing::UnitTest::GetInstance()->current_test_info()->name());
    std::filesystem::remove(path);
    ASSERT_TRUE(trace::start(path.c_str())) << std::strerror(errno);
  }
  void TearDown() override {
    trace::stop();
    std::filesystem::remove(path);
  }
  trace_file stop() {
    trace::stop();
    return trace_file::read(path);
  }
  std::filesystem::path path;
};

TEST(TraceOff, NothingHappens) {
  ASSERT_FALSE(trace::active());
  trace::emit_at(Kind::lock, 1, 2);
  trace::reach({1, false, 1, false, false, 0});
  EXPECT_EQ(trace::stack(), 0u);
  EXPECT_EQ(trace::thread_index(), 0u);
  trace::flush();
  trace::stop();
  EXPECT_FALSE(trace::start("/nonexistent/folder/file"));
  EXPECT_EQ(errno, ENOENT);
  EXPECT_FALSE(trace::active());
}

TEST(TraceOff, AFileThatIsNoTraceStaysAsItIs) {
  auto path = std::filesystem::temp_directory_path() / ("tenterhook-no-trace-" + std::to_string(getpid()));
  auto content = [&] { return (std::stringstream() << std::ifstream(path).rdbuf()).str(); };
  const std::string magic(trace::magic, sizeof trace::magic);
  for (const std::string &text : {std::string("{"), magic.substr(1), magic.substr(0, 7), "{\"runs\": [" + magic + "]}"}) {
    std::ofstream(path) << text;
    EXPECT_FALSE(trace::start(path.c_str()));
    EXPECT_EQ(errno, EEXIST);
    EXPECT_FALSE(trace::active());
    EXPECT_EQ(content(), text);
  }
  for (const std::string &text : {std::string(), magic, magic + std::string(1000, 'x')}) { // an older one, torn even
    std::ofstream(path) << text;
    EXPECT_TRUE(trace::start(path.c_str())) << std::strerror(errno);
    trace::emit_at(Kind::lock, 1, 2);
    trace::stop();
    EXPECT_EQ(trace_file::read(path).count(Kind::lock), 1u);
  }
  std::filesystem::remove(path);
}

TEST_F(TraceWriter, EventsInOrderWithTheirPlaces) {
  auto here = std::source_location::current();
  trace::name_thread("tester");
  trace::set_role(trace::Role::loop);
  for (std::uint64_t i = 0; i < 100; ++i)
    trace::emit(Kind::task_start, i, here);
  trace::emit(Kind::task_new, 7, here, 0, trace::TaskDetail{3, 4, 5, 6, 0});
  trace_file file = stop();
  ASSERT_EQ(file.count(Kind::task_start), 100u);
  for (std::uint64_t i = 0; i < 100; ++i) {
    EXPECT_EQ(file.records[i].second.object, i);
    if (i) {
      EXPECT_GE(file.records[i].second.ticks, file.records[i - 1].second.ticks);
    }
  }
  ASSERT_EQ(file.records[100].second.more, 1);
  trace::TaskDetail detail;
  std::memcpy(&detail, &file.records[101].second, sizeof detail);
  EXPECT_EQ(detail.parent, 3u);
  std::uint64_t key = trace::key(here);
  std::string name = file.files.at(key), function = file.functions.at(key);
  unsigned line = file.lines.at(key);
  EXPECT_EQ(name, here.file_name());
  EXPECT_EQ(line, here.line());
  EXPECT_EQ(function, here.function_name());
  EXPECT_EQ(file.threads.at(file.records[0].first), "tester");
  EXPECT_EQ(file.roles.at(file.records[0].first), trace::Role::loop);
  EXPECT_FALSE(file.modules.empty());
  EXPECT_EQ(file.modules[0], std::filesystem::read_symlink("/proc/self/exe"));
  ASSERT_TRUE(file.end);
  EXPECT_EQ(file.end->how, trace::Ending::stopped);
  EXPECT_GE(file.clocks, 1u);
}

TEST_F(TraceWriter, FloodIsCountedToTheLastEvent) {
  constexpr std::uint64_t each = 300'000;
  constexpr int threads = 4;
  std::vector<std::thread> all;
  for (int t = 0; t < threads; ++t)
    all.emplace_back([] {
      for (std::uint64_t i = 0; i < each; ++i) {
        if (i % 3 == 0)
          trace::emit_at(Kind::block, i, 1, 0, trace::BlockDetail{});
        else
          trace::emit_at(Kind::lock, i, 1);
        if (i % 1000 == 0)
          trace::reach({1, false, 1, true, false, 0});
      }
    });
  for (auto &thread : all)
    thread.join();
  trace_file file = stop();
  EXPECT_EQ(file.count(Kind::block) + file.count(Kind::lock) + file.all_dropped(), each * threads);
  EXPECT_EQ(file.reach.at({1, 1}).inside, each * threads / 1000) << "totals are not dropped";
  // What is there of a thread is in its order.
  std::map<std::uint32_t, std::uint64_t> last;
  for (std::size_t i = 0; i < file.records.size(); i += 1u + file.records[i].second.more) {
    auto &[thread, record] = file.records[i];
    EXPECT_TRUE(last.find(thread) == last.end() || last[thread] < record.object);
    last[thread] = record.object;
  }
}

TEST_F(TraceWriter, ThreadsThatComeAndGo) {
  constexpr int rounds = 150, at_once = 8;
  for (int round = 0; round < rounds; ++round) {
    std::vector<std::thread> all;
    for (int t = 0; t < at_once; ++t)
      all.emplace_back([] {
        for (int i = 0; i < 10; ++i)
          trace::emit_at(Kind::lock, std::uint64_t(i), 1);
      });
    for (auto &thread : all)
      thread.join();
  }
  trace_file file = stop();
  EXPECT_EQ(file.count(Kind::lock), std::size_t(rounds * at_once * 10));
  EXPECT_EQ(file.all_dropped(), 0u);
  std::map<std::uint32_t, int> by_thread;
  for (auto &[thread, record] : file.records)
    ++by_thread[thread];
  EXPECT_EQ(by_thread.size(), std::size_t(rounds * at_once)) << "each thread has an index of its own";
  for (auto [thread, count] : by_thread) {
    EXPECT_EQ(count, 10);
    EXPECT_TRUE(file.threads.count(thread));
  }
}

TEST_F(TraceWriter, EventsOfThreadLocalDestructorsAndKeys) {
  struct Late {
    ~Late() { trace::emit_at(Kind::unlock, 2, 1); }
  };
  // Keys' destructors run in rounds, this one after the one that gives the thread's ring back: the second time too late.
  static pthread_key_t key;
  static constexpr int rounds = 2;
  static int left;
  left = rounds;
  pthread_key_create(&key, [](void *) {
    trace::emit_at(Kind::unlock, 3, 1);
    if (--left)
      pthread_setspecific(key, &key);
  });
  std::thread([] {
    thread_local Late late;
    (void)&late;
    pthread_setspecific(key, &key);
    trace::set_role(trace::Role::worker);
    trace::emit_at(Kind::lock, 1, 1);
  }).join();
  pthread_key_delete(key);
  trace_file file = stop();
  EXPECT_EQ(file.count(Kind::lock), 1u);
  EXPECT_EQ(file.count(Kind::unlock), 1u + (rounds - 1));
  EXPECT_EQ(file.all_dropped(), 1u) << "the last is counted";
  std::map<trace::Role, int> threads; // this one may be among them, from tests before
  for (auto [thread, role] : file.roles)
    ++threads[role];
  EXPECT_EQ(threads[trace::Role::worker], 1);
  EXPECT_EQ(threads[trace::Role::unknown], 0) << "one thread, one entry";
}

// As the recorder does at every lock, that of a destructor in a late round too; the very last is where sanitizers see a
// thread out.
TEST_F(TraceWriter, AskingForTheIndexLateLosesNoEvent) {
  static pthread_key_t key;
  static std::uint32_t last;
  static int left;
  left = PTHREAD_DESTRUCTOR_ITERATIONS - 1;
  pthread_key_create(&key, [](void *) {
    last = trace::thread_index();
    if (--left)
      pthread_setspecific(key, &key);
  });
  std::thread([] {
    pthread_setspecific(key, &key);
    trace::emit_at(Kind::lock, 1, 1);
  }).join();
  pthread_key_delete(key);
  EXPECT_EQ(left, 0);
  EXPECT_EQ(last, 0u) << "there is no thread's entry any more";
  trace_file file = stop();
  EXPECT_EQ(file.count(Kind::lock), 1u);
  for (auto [thread, lost] : file.dropped)
    EXPECT_EQ(lost, 0u) << thread;
}

TEST_F(TraceWriter, TotalsOfReachAndLockOrder) {
  trace::set_thresholds(1'000'000, 5);
  std::uint32_t read = trace::intern("read"), write = trace::intern("write");
  EXPECT_EQ(trace::intern(std::string("read").c_str()), read);
  EXPECT_NE(read, write);
  std::uint64_t slow = trace::block_threshold();
  ASSERT_GT(slow, 0u);
  trace::reach({0x1000, false, read, true, false, slow});
  trace::reach({0x1000, false, read, true, true, slow + 9}); // neither slow nor long: it could not wait
  trace::reach({0x1000, false, read, false, false, slow + 5});
  trace::reach({0x1000, false, write, false, false, 0});
  trace::reach({~0ull, false, read, false, false, 0}); // no address
  trace::LockEdge edge{};
  edge.first = 1, edge.second = 2, edge.first_site = 3, edge.second_site = 4, edge.flags = 8, edge.gate = 77;
  trace::lock_edge(edge);
  trace::lock_edge(edge);
  std::thread([&] { trace::lock_edge(edge); }).join();
  edge.second = 9;
  trace::lock_edge(edge);
  edge.flags = 0;
  trace::lock_edge(edge);
  trace_file file = stop();
  trace::set_thresholds(1'000'000, 0);
  trace::ReachTotal total = file.reach.at({0x1000, read});
  EXPECT_EQ(total.inside, 2u);
  EXPECT_EQ(total.outside, 1u);
  EXPECT_EQ(total.nonblocking, 1u);
  EXPECT_EQ(total.slow, 2u);
  EXPECT_EQ(total.slow_inside, 1u);
  EXPECT_EQ(total.longest, slow + 5);
  EXPECT_EQ(file.reach.at({0x1000, write}).outside, 1u);
  EXPECT_EQ(file.settings.reach_lost, 1u);
  EXPECT_EQ(file.settings.block_threshold, 1'000'000u);
  EXPECT_EQ(file.settings.stall_threshold, 5u);
  EXPECT_EQ(file.strings.at(read), "read");
  trace::LockEdge gated = file.edges.at({1, 2});
  EXPECT_EQ(gated.count, 3u);
  EXPECT_EQ(gated.flags, 4u | 8u) << "two threads, gated";
  EXPECT_EQ(gated.gate, 77u);
  EXPECT_EQ(file.edges.at({1, 9}).gate, 0u) << "once without the gate";
  EXPECT_EQ(file.edges.at({1, 9}).count, 2u);
}

__attribute__((noinline)) std::uint32_t take_stack() {
  std::uint32_t id = trace::stack();
  asm volatile("" : "+r"(id)); // no tail call
  return id;
}

TEST_F(TraceWriter, StacksOnce) {
  std::uint32_t ids[2];
  volatile int rounds = 2; // one call in the code, so one return address
  for (int i = 0; i < rounds; ++i)
    ids[i] = take_stack();
  EXPECT_NE(ids[0], 0u);
  EXPECT_EQ(ids[0], ids[1]);
  std::uint64_t own[] = {10, 20, 30};
  std::uint32_t third = trace::add_stack(own, 3);
  EXPECT_NE(third, ids[0]);
  trace_file file = stop();
  EXPECT_EQ(file.stacks.at(third), std::vector<std::uint64_t>(own, own + 3));
  ASSERT_GE(file.stacks.at(ids[0]).size(), 3u);
  // The innermost frame is the caller of stack(): within take_stack.
  std::uint64_t begin = reinterpret_cast<std::uint64_t>(&take_stack), inner = file.stacks.at(ids[0]).front();
  EXPECT_GE(inner, begin);
  EXPECT_LT(inner, begin + 400);
}

TEST_F(TraceWriter, StartedTwiceAndAgain) {
  EXPECT_FALSE(trace::start(path.c_str()));
  EXPECT_EQ(errno, EBUSY);
  trace::emit_at(Kind::lock, 1, 1);
  trace::stop();
  trace::emit_at(Kind::lock, 2, 1); // off: nowhere
  auto again = path;
  again += ".again";
  ASSERT_TRUE(trace::start(again.c_str()));
  trace::emit_at(Kind::lock, 3, 1);
  trace::stop();
  trace_file first = trace_file::read(path), second = trace_file::read(again);
  EXPECT_EQ(first.count(Kind::lock), 1u);
  ASSERT_EQ(second.count(Kind::lock), 1u);
  EXPECT_EQ(second.records[0].second.object, 3u);
  EXPECT_TRUE(second.threads.count(second.records[0].first)) << "tables are written anew";
  std::filesystem::remove(again);
}

TEST_F(TraceWriter, WhatWasDroppedIsToldInItsOwnFile) {
  auto drop = [] {
    trace::emit_at(Kind::lock, 1, 1);
    trace::detail::ring->writing = true; // as if a signal's handler came in between: its event is dropped
    trace::emit_at(Kind::lock, 2, 1);
    trace::detail::ring->writing = false;
  };
  drop();
  drop();
  trace::stop();
  auto again = path;
  again += ".again";
  ASSERT_TRUE(trace::start(again.c_str()));
  drop();
  trace::stop();
  EXPECT_EQ(trace_file::read(path).all_dropped(), 2u);
  EXPECT_EQ(trace_file::read(again).all_dropped(), 1u);
  std::filesystem::remove(again);
}

TEST_F(TraceWriter, FlushPutsAllIntoTheFile) {
  trace::emit_at(Kind::lock, 1, 1);
  trace::flush();
  trace_file file = trace_file::read(path);
  EXPECT_EQ(file.count(Kind::lock), 1u);
  EXPECT_FALSE(file.end);
}

TEST_F(TraceWriter, DescriptorTakenAwayByTheProgram) {
  trace::emit_at(Kind::lock, 1, 1);
  trace::flush();
  for (int fd = 3; fd < 600; ++fd) { // what daemons do
    std::error_code ignored;
    if (std::filesystem::read_symlink("/proc/self/fd/" + std::to_string(fd), ignored) == path)
      close(fd);
  }
  trace::emit_at(Kind::lock, 2, 1);
  trace_file file = stop();
  EXPECT_EQ(file.count(Kind::lock), 2u);
  EXPECT_TRUE(file.end);
}

TEST_F(TraceWriter, TornFilesAreReadUpToTheTear) {
  for (std::uint64_t i = 0; i < 1000; ++i)
    trace::emit_at(Kind::lock, i, 1);
  trace::stop();
  // Torn here and there, and last of all by one byte: that takes the end alone.
  auto whole = std::filesystem::file_size(path);
  std::size_t before = 0;
  for (std::uintmax_t size = sizeof(trace::FileHeader), last = whole - 1; size < whole;
       size = size < last ? std::min(size + 97, last) : whole) {
    auto torn = path;
    torn += ".torn";
    std::filesystem::copy_file(path, torn, std::filesystem::copy_options::overwrite_existing);
    std::filesystem::resize_file(torn, size);
    trace_file file = trace_file::read(torn);
    EXPECT_GE(file.count(Kind::lock), before) << "more bytes, no fewer events";
    before = file.count(Kind::lock);
    EXPECT_FALSE(file.end);
    std::filesystem::remove(torn);
  }
  EXPECT_EQ(before, 1000u);
}

TEST_F(TraceWriter, EventsOfASignalHandlerAreNotMixedIn) {
  static std::atomic<std::uint64_t> handled{0};
  handled = 0;
  struct sigaction action{}, before{};
  action.sa_handler = [](int) {
    trace::emit_at(Kind::unlock, 0xabcd, 0xabcd, 0xabcd, trace::BlockDetail{0xabcd, 0, 0, 0, 0, 0});
    ++handled;
  };
  sigaction(SIGUSR1, &action, &before);
  std::atomic<bool> done{false};
  pthread_t self = pthread_self();
  std::thread sender([&] {
    auto enough = std::chrono::steady_clock::now() + std::chrono::seconds(2); // where others have the machine
    for (int i = 0; i < 2000 && std::chrono::steady_clock::now() < enough; ++i)
      pthread_kill(self, SIGUSR1), std::this_thread::sleep_for(std::chrono::microseconds(20));
    done = true;
  });
  std::uint64_t sent = 0;
  for (; !done; ++sent)
    trace::emit_at(Kind::block, sent, 1, 0, trace::BlockDetail{sent, 0, 0, 0, 0, 0});
  sender.join();
  sigaction(SIGUSR1, &before, nullptr);
  trace_file file = stop();
  for (std::size_t i = 0; i < file.records.size(); i += 2) {
    const trace::Record &record = file.records[i].second;
    ASSERT_EQ(record.more, 1);
    trace::BlockDetail detail;
    std::memcpy(&detail, &file.records[i + 1].second, sizeof detail);
    ASSERT_EQ(record.object, detail.duration) << "a record and its detail belong together";
  }
  EXPECT_EQ(file.count(Kind::block) + file.count(Kind::unlock) + file.all_dropped(), sent + handled);
}

} // namespace
