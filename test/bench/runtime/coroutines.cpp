// co_await of a child, spawn, post, yield, an uncontended async lock: nanoseconds of one, against asio. And main().
#include "bench.h"

#include <tenterhook/async_mutex.h>
#include <tenterhook/spawn.h>

namespace {

using namespace bench;

tenterhook::task<int> child(int value) { co_return value; }
tenterhook::task<> children(benchmark::State &state) {
  int sum = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(sum += co_await child(1));
}
void await_child_tenterhook(benchmark::State &state) {
  traced on(state.range(0));
  tenterhook::event_loop loop({0ns, {}});
  loop.run_until_complete(children(state));
}
BENCHMARK(await_child_tenterhook)->Name("await_child/tenterhook")->Arg(0)->Arg(1);

asio::awaitable<int> asio_child(int value) { co_return value; }
asio::awaitable<void> asio_children(benchmark::State &state) {
  int sum = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(sum += co_await asio_child(1));
}
void await_child_asio(benchmark::State &state) {
  asio::io_context context(1);
  asio::co_spawn(context, asio_children(state), asio::detached);
  context.run();
}
BENCHMARK(await_child_asio)->Name("await_child/asio");

best_awaitable<int> best_child(int value) { co_return value; }
best_awaitable<void> best_children(benchmark::State &state) {
  int sum = 0;
  for (auto _ : state)
    benchmark::DoNotOptimize(sum += co_await best_child(1));
}
void await_child_best(benchmark::State &state) {
  asio::io_context context(unlocked);
  asio::co_spawn(context, best_children(state), asio::detached);
  context.run();
}
BENCHMARK(await_child_best)->Name("await_child/asio_best");

// One is started, runs, and its end is seen, a hundred at a time.
constexpr int spawned_at_once = 100;
tenterhook::task<> nothing() { co_return; }
void spawn_tenterhook(benchmark::State &state) {
  traced on(state.range(0));
  tenterhook::event_loop loop;
  loop.run_until_complete([](benchmark::State &s) -> tenterhook::task<> {
    while (s.KeepRunningBatch(spawned_at_once)) {
      for (int i = 0; i < spawned_at_once; ++i)
        tenterhook::spawn(nothing()).detach();
      co_await tenterhook::yield();
    }
  }(state));
}
BENCHMARK(spawn_tenterhook)->Name("spawn/tenterhook")->Arg(0)->Arg(1);

template <typename Executor> asio::awaitable<void, Executor> asio_nothing() { co_return; }
template <typename Executor> void spawn_asio(benchmark::State &state) {
  asio::io_context context(hint<Executor>);
  while (state.KeepRunningBatch(spawned_at_once)) {
    for (int i = 0; i < spawned_at_once; ++i)
      asio::co_spawn(context, asio_nothing<Executor>(), asio::detached);
    context.run();
    context.restart();
  }
}
BENCHMARK(spawn_asio<asio::any_io_executor>)->Name("spawn/asio");
BENCHMARK(spawn_asio<context_executor>)->Name("spawn/asio_best");

void post_tenterhook(benchmark::State &state) {
  traced on(state.range(0));
  tenterhook::event_loop loop;
  long ran = 0;
  loop.run_until_complete([](tenterhook::event_loop &to, benchmark::State &s, long &count) -> tenterhook::task<> {
    while (s.KeepRunningBatch(spawned_at_once)) {
      for (int i = 0; i < spawned_at_once; ++i)
        to.call_soon([&count] { ++count; });
      co_await tenterhook::yield();
    }
  }(loop, state, ran));
  benchmark::DoNotOptimize(ran);
}
BENCHMARK(post_tenterhook)->Name("post/tenterhook")->Arg(0)->Arg(1);

void post_asio(benchmark::State &state) {
  asio::io_context context(1);
  long ran = 0;
  auto body = [&]() -> asio::awaitable<void> {
    while (state.KeepRunningBatch(spawned_at_once)) {
      for (int i = 0; i < spawned_at_once; ++i)
        asio::post(context, [&ran] { ++ran; });
      co_await asio::post(asio::use_awaitable);
    }
  };
  asio::co_spawn(context, body(), asio::detached);
  context.run();
  benchmark::DoNotOptimize(ran);
}
BENCHMARK(post_asio)->Name("post/asio");

void post_best(benchmark::State &state) {
  asio::io_context context(unlocked);
  long ran = 0;
  auto body = [&]() -> best_awaitable<void> {
    auto to = asio::require(context.get_executor(), asio::execution::blocking.never);
    while (state.KeepRunningBatch(spawned_at_once)) {
      for (int i = 0; i < spawned_at_once; ++i)
        asio::execution::execute(to, [&ran] { ++ran; });
      co_await asio::defer(context, best_token);
    }
  };
  asio::co_spawn(context, body(), asio::detached);
  context.run();
  benchmark::DoNotOptimize(ran);
}
BENCHMARK(post_best)->Name("post/asio_best");

// The coroutine itself goes through the queue.
void yield_tenterhook(benchmark::State &state) {
  traced on(state.range(0));
  tenterhook::event_loop loop;
  loop.run_until_complete([](benchmark::State &s) -> tenterhook::task<> {
    for (auto _ : s)
      co_await tenterhook::yield();
  }(state));
}
BENCHMARK(yield_tenterhook)->Name("yield/tenterhook")->Arg(0)->Arg(1);

void yield_asio(benchmark::State &state) {
  asio::io_context context(1);
  auto body = [&]() -> asio::awaitable<void> {
    for (auto _ : state)
      co_await asio::post(asio::use_awaitable);
  };
  asio::co_spawn(context, body(), asio::detached);
  context.run();
}
BENCHMARK(yield_asio)->Name("yield/asio");

void yield_best(benchmark::State &state) {
  asio::io_context context(unlocked);
  auto body = [&]() -> best_awaitable<void> {
    for (auto _ : state)
      co_await asio::defer(context, best_token);
  };
  asio::co_spawn(context, body(), asio::detached);
  context.run();
}
BENCHMARK(yield_best)->Name("yield/asio_best");

void lock_tenterhook(benchmark::State &state) {
  tenterhook::event_loop loop({0ns, {}}); // the whole benchmark is one slice
  tenterhook::async_mutex mutex;
  loop.run_until_complete([](tenterhook::async_mutex &m, benchmark::State &s) -> tenterhook::task<> {
    for (auto _ : s)
      auto held = co_await m.lock();
  }(mutex, state));
}
BENCHMARK(lock_tenterhook)->Name("async_mutex/tenterhook")->Arg(0);

} // namespace

BENCHMARK_MAIN();
