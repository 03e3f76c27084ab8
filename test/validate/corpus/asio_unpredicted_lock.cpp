// The lock is taken through a pointer that only the run knows.
#include "asio.h"
#include <dlfcn.h>
#include <pthread.h>

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;

static asio::awaitable<void> session() {
  auto take = reinterpret_cast<int (*)(pthread_mutex_t *)>(dlsym(RTLD_DEFAULT, "pthread_mutex_lock"));
  take(&mutex); // unpredicted: held-lock
  co_await pause_for(3ms);
  pthread_mutex_unlock(&mutex);
}

int main() {
  asio::io_context io;
  asio::co_spawn(io, session(), asio::detached);
  io.run();
}
