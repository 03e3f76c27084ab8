// All that is written before the co_await is written by main itself, and main joins before it reads the rest: no race.
#include <coroutine>
#include <thread>

static std::thread carrier;
static int stage, result;

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
  result = 2;
}

int main() {
  work();
  int seen = stage;
  carrier.join();
  return seen + result == 3 ? 0 : 1;
}
