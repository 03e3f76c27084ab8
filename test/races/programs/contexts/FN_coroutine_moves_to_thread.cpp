// Behind the co_await the coroutine goes on in a new thread, and writes what main reads.
#include <coroutine>
#include <thread>

static std::thread carrier;
static int stage;

struct NewThread {
  bool await_ready() const { return false; }
  void await_suspend(std::coroutine_handle<> handle) {
    carrier = std::thread([handle] { handle.resume(); });
  }
  void await_resume() const {}
};

struct Fire {
  struct promise_type {
    Fire get_return_object() { return {}; }
    std::suspend_never initial_suspend() { return {}; }
    std::suspend_never final_suspend() noexcept { return {}; }
    void return_void() {}
    void unhandled_exception() {}
  };
};

static Fire work() {
  stage = 1;
  co_await NewThread();
  stage = 2; // RACE(stage)
}

int main() {
  work();
  int seen = stage; // RACE(stage)
  carrier.join();
  return seen > 2;
}
