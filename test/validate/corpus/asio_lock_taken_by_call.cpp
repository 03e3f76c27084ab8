// A function that the coroutine calls takes the lock and leaves it locked.
#include "asio.h"

class store {
public:
  asio::awaitable<void> session() {
    begin();
    co_await commit(); // verdict: lock-across-await confirmed "went back to its loop"
  }

private:
  void begin() { lock_.lock(); }
  asio::awaitable<void> commit() {
    co_await pause_for(2ms);
    lock_.unlock();
  }

  std::mutex mutex_;
  std::unique_lock<std::mutex> lock_{mutex_, std::defer_lock};
};

int main() {
  store store;
  asio::io_context io;
  asio::co_spawn(io, store.session(), asio::detached);
  io.run();
}
