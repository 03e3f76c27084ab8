// The list of threads. See thread.h.
#include "recorder/thread.h"
#include "recorder/code.h"
#include "recorder/reach.h"
#include "trace/system.h"

#include <pthread.h>
#include <sys/mman.h>

namespace tenterhook::recorder {

thread_local Thread *current __attribute__((tls_model("initial-exec"))) = nullptr;
TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<Thread *> all_threads{nullptr};

namespace {

using namespace trace::detail;

void forget_paths(Thread &thread) {
  thread.loop_place_count = 0;
  for (Path &path : thread.paths) {
    path.address = nullptr;
    path.counts = nullptr;
    for (auto *count : {&path.counted, &path.counted_nonblocking, &path.in_table, &path.in_table_nonblocking})
      count->store(0, std::memory_order_relaxed);
  }
}

TENTERHOOK_WRITTEN_BY_FORK constinit pthread_key_t key = 0;
TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<int> key_state{0}; // 0 none, 1 being made, 2 made

// The thread ends. Destructors that run after this one may call hooks and adopt the thread again; pthread then calls
// this again. What it holds stays with nobody: a mutex of a dead thread is no evidence about a loop.
void leave(void *pointer) {
  auto *thread = static_cast<Thread *>(pointer);
  for (Path &path : thread->paths)
    flush_reach(path);
  if (current == thread)
    thread->signal_stack.take_back(); // not of a thread that a forked child has not
  current = nullptr;
  thread->held_count.store(0, std::memory_order_relaxed);
  thread->trace_index.store(0, std::memory_order_relaxed);
  thread->out_since.store(0, std::memory_order_relaxed);
  thread->loop = 0;
  thread->runtimes_loop = false;
  thread->waits = 0;
  thread->call_frame = nullptr;
  thread->waiting.store(Waiting::no, std::memory_order_relaxed);
  forget_paths(*thread);
  thread->system_id.store(0, std::memory_order_release);
}

void make_key() {
  int expected = 0;
  if (key_state.compare_exchange_strong(expected, 1) && pthread_key_create(&key, leave) == 0)
    key_state.store(2);
}

Thread *take_unused(std::uint32_t id) {
  for (Thread *thread = all_threads.load(std::memory_order_acquire); thread; thread = thread->next) {
    std::uint32_t nobody = 0;
    if (thread->system_id.compare_exchange_strong(nobody, id, std::memory_order_acquire))
      return thread;
  }
  return nullptr;
}

Thread *make(std::uint32_t id) {
  long memory = system_call(SYS_mmap, 0, sizeof(Thread), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  if (memory < 0 && memory > -4096)
    return nullptr;
  auto *thread = reinterpret_cast<Thread *>(memory); // all of it begins as zero, and few of its pages are used by most
  thread->system_id.store(id, std::memory_order_relaxed);
  thread->next = all_threads.load(std::memory_order_relaxed);
  while (!all_threads.compare_exchange_weak(thread->next, thread, std::memory_order_release)) {
  }
  return thread;
}

} // namespace

Thread *adopt_thread() noexcept {
  std::uint32_t id = thread_id();
  Thread *thread = take_unused(id);
  if (!thread)
    thread = make(id);
  if (!thread)
    return nullptr;
  current = thread;
  Busy busy(*thread);
  make_key();
  if (key_state.load() == 2)
    pthread_setspecific(key, thread);
  if (id != process_id())
    thread->signal_stack.give(); // the first thread's: trace/endings.cpp
  return thread;
}

void forget_other_threads() noexcept {
  Thread *mine = current;
  generation_of_code.fetch_add(1, std::memory_order_relaxed); // counts of paths are the parent's
  for (Thread *thread = all_threads.load(std::memory_order_acquire); thread; thread = thread->next) {
    if (thread == mine) {
      thread->system_id.store(thread_id(), std::memory_order_relaxed);
      thread->trace_index.store(0, std::memory_order_relaxed);
    } else if (thread->system_id.load(std::memory_order_relaxed) != 0) {
      forget_paths(*thread);
      leave(thread);
    }
  }
  current = mine; // leave() takes it for the ending thread's
}

} // namespace tenterhook::recorder
