// A coroutine locks through a pointer that only the run knows, continues on another thread, and unlocks there. Before
// that, the first thread waits in join(), with the lock.
#include "own.h"
#include <dlfcn.h>
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

namespace {
struct on_thread {
  std::thread &thread;
  bool await_ready() const noexcept { return false; }
  void await_suspend(std::coroutine_handle<> waiting) {
    std::thread &into = thread; // this awaiter may be gone once the other thread runs
    into = std::thread([waiting] {
      usleep(5'000);
      waiting.resume();
    });
  }
  void await_resume() const noexcept {}
};
} // namespace

static own::task session(std::thread &helper) {
  auto take = reinterpret_cast<int (*)(pthread_mutex_t *)>(dlsym(RTLD_DEFAULT, "pthread_mutex_lock"));
  take(&mutex); // unpredicted: held-lock
  co_await on_thread{helper};
  pthread_mutex_unlock(&mutex); // unpredicted: foreign-unlock
}

int main() {
  std::thread helper;
  own::task root = session(helper);
  root.handle.resume();
  helper.join();
}
