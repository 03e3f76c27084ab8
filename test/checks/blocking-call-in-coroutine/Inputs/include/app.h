// A project's pool, loop and client, whose bodies are not seen; Inputs/app.yaml describes them.
#pragma once
#include "../../../Inputs/task.h"
#include <functional>

namespace app {
template <typename F> awaitable<> run_in_executor(F) { return {}; }
struct Pool {
  void submit(std::function<void()> work);
  awaitable<int> run(std::function<int()> work);
  awaitable<> schedule();
};
struct Loop {
  void post(std::function<void()> callback);
  awaitable<> schedule();
};
struct Client {
  void fetch();
  void peek();
  void read(int timeout);
};
template <typename T> void spawn_on(Pool &, task<T>) {}
template <typename T> void spawn_on(Loop &, task<T>) {}
} // namespace app
