// walk_stack() against the compiler's unwinder, frame by frame: from ordinary calls, from callbacks, from a catch block, from
// functions that align their stack or take room on it, on other stacks, and from wherever a signal comes in.
#include "trace/unwind.h"

#include <algorithm>
#include <alloca.h>
#include <array>
#include <csignal>
#include <fcntl.h>
#include <gtest/gtest.h>
#include <map>
#include <numeric>
#include <pthread.h>
#include <regex>
#include <sys/mman.h>
#include <sys/time.h>
#include <ucontext.h>
#include <unistd.h>
#include <unwind.h>

#if defined(__x86_64__)

namespace {

using tenterhook::trace::detail::walk_stack;

struct Frames {
  std::array<void *, 200> at;
  unsigned count = 0;
};

// Both walks, from the same function. The first address of each is in that function itself.
struct Pair {
  Frames ours, theirs;
  bool same() const {
    return ours.count > 1 && ours.count == theirs.count &&
           std::equal(ours.at.begin() + 1, ours.at.begin() + ours.count, theirs.at.begin() + 1);
  }
};
#define WALK_BOTH(pair)                                                                                                          \
  do {                                                                                                                           \
    (pair).ours.count = walk_stack((pair).ours.at.data(), 200);                                                                  \
    (pair).theirs.count = 0;                                                                                                     \
    _Unwind_Backtrace(                                                                                                           \
        [](_Unwind_Context *context, void *given) {                                                                              \
          auto &to = *static_cast<Frames *>(given);                                                                              \
          auto address = _Unwind_GetIP(context);                                                                                 \
          if (address == 0 || to.count == 200)                                                                                   \
            return _URC_END_OF_STACK;                                                                                            \
          to.at[to.count++] = reinterpret_cast<void *>(address);                                                                 \
          return _URC_NO_REASON;                                                                                                 \
        },                                                                                                                       \
        &(pair).theirs);                                                                                                         \
  } while (false)

void expect_same(const Pair &pair, const char *where) {
  EXPECT_TRUE(pair.same()) << where << ": " << pair.ours.count << " frames against " << pair.theirs.count;
}
[[gnu::noinline]] void compare(const char *where) {
  static thread_local Pair pair;
  WALK_BOTH(pair);
  expect_same(pair, where);
}

[[gnu::noinline]] int aligned(int depth) {
  alignas(256) volatile char room[300] = {};
  room[depth % 300] = char(depth);
  if (depth)
    return aligned(depth - 1) + room[0];
  compare("aligned");
  return room[0];
}
[[gnu::noinline]] int with_room(int size) {
  auto *room = static_cast<volatile char *>(alloca(std::size_t(size)));
  room[0] = 1;
  compare("alloca");
  return room[0];
}
[[gnu::noinline]] void throws(int depth) {
  if (depth == 0)
    throw depth;
  throws(depth - 1);
}

TEST(walk_stack, finds_the_frames_that_the_compilers_unwinder_finds) {
  compare("plain");
  aligned(20);
  with_room(1000);
  std::array<int, 40> numbers;
  std::iota(numbers.begin(), numbers.end(), 0);
  bool done = false;
  std::sort(numbers.begin(), numbers.end(), [&](int a, int b) {
    if (!done)
      compare("callback");
    done = true;
    return a > b;
  });
  try {
    throws(5);
  } catch (int) {
    compare("catch");
  }
}

TEST(walk_stack, is_the_same_when_it_is_asked_again) {
  for (int i = 0; i < 3; ++i)
    aligned(3);
}

TEST(walk_stack, in_threads_of_any_stack_size) {
#if defined(__SANITIZE_ADDRESS__) || defined(__SANITIZE_THREAD__)
  constexpr std::size_t smallest = 1 << 20; // the sanitizers want room of their own
#else
  const auto smallest = std::size_t(PTHREAD_STACK_MIN) + (1 << 14); // gtest's failures, and the two lists
#endif
  for (std::size_t size : {smallest, std::size_t(1) << 23}) {
    pthread_attr_t attributes;
    pthread_attr_init(&attributes);
    pthread_attr_setstacksize(&attributes, size);
    pthread_t thread;
    ASSERT_EQ(pthread_create(&thread, &attributes, [](void *) -> void * { return compare("thread"), nullptr; }, nullptr), 0);
    pthread_join(thread, nullptr);
  }
}

TEST(walk_stack, opens_no_descriptor) {
  int before = open("/dev/null", O_RDONLY);
  compare("descriptors");
  int after = open("/dev/null", O_RDONLY);
  EXPECT_EQ(after, before + 1);
  close(after);
  close(before);
}

// The sanitizers put signals off to a better moment, and know nothing of contexts.
#if !defined(__SANITIZE_ADDRESS__) && !defined(__SANITIZE_THREAD__)

ucontext_t main_context, other_context;
void on_another_stack() {
  aligned(5);
  swapcontext(&other_context, &main_context);
}
TEST(walk_stack, on_a_stack_that_the_program_made) {
  constexpr std::size_t size = 1 << 16;
  auto *stack = static_cast<char *>(mmap(nullptr, size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0));
  getcontext(&other_context);
  other_context.uc_stack.ss_sp = stack;
  other_context.uc_stack.ss_size = size;
  other_context.uc_link = nullptr;
  makecontext(&other_context, on_another_stack, 0);
  swapcontext(&main_context, &other_context);
  munmap(stack, size);
  compare("back again");
}

Pair pair_of_handler;
unsigned samples = 0, different = 0;
void on_signal(int) {
  WALK_BOTH(pair_of_handler);
  ++samples;
  // The compiler's stops where code has no tables, as that of the system's libraries in places; that is a beginning.
  Pair &pair = pair_of_handler;
  unsigned common = std::min(pair.ours.count, pair.theirs.count);
  if (common < 3 || pair.ours.count < pair.theirs.count ||
      !std::equal(pair.ours.at.begin() + 1, pair.ours.at.begin() + common, pair.theirs.at.begin() + 1))
    ++different;
}

TEST(walk_stack, through_a_handler_on_an_alternate_stack) {
  alignas(16) static char stack[1 << 16];
  stack_t given{}, before{};
  given.ss_sp = stack;
  given.ss_size = sizeof stack;
  sigaltstack(&given, &before);
  struct sigaction action{}, old{};
  action.sa_handler = on_signal;
  action.sa_flags = SA_ONSTACK;
  sigaction(SIGUSR1, &action, &old);
  samples = different = 0;
  for (int i = 0; i < 3; ++i)
    raise(SIGUSR1);
  EXPECT_EQ(samples, 3u);
  EXPECT_EQ(different, 0u);
  sigaction(SIGUSR1, &old, nullptr);
  sigaltstack(&before, nullptr);
}

TEST(walk_stack, from_wherever_a_signal_comes_in) {
  compare("what it sets up once");
  struct sigaction action{}, old{};
  action.sa_handler = on_signal;
  action.sa_flags = SA_RESTART;
  sigaction(SIGPROF, &action, &old);
  samples = different = 0;
  itimerval often{{0, 1000}, {0, 1000}}, never{};
  std::regex pattern("(a|b)*c");
  std::map<std::string, int> counts;
  for (int i = 0; samples < 200 && i < 1'000'000; ++i) {
    if (i == 100) // by then all functions are bound; the binder's frame is one that is not followed
      setitimer(ITIMER_PROF, &often, nullptr);
    counts[std::to_string(i % 5003)] += std::regex_search("abab" + std::to_string(i) + "ababc", pattern);
    try {
      throws(i % 3);
    } catch (int) {
    }
    aligned(1);
  }
  setitimer(ITIMER_PROF, &never, nullptr);
  sigaction(SIGPROF, &old, nullptr);
  EXPECT_GE(samples, 200u);
  EXPECT_EQ(different, 0u) << "of " << samples;
}

#endif

} // namespace

#endif
