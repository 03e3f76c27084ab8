// The thread half of the runtime against asio::thread_pool, std::mutex and std::promise.
#include "bench.h"

#include <tenterhook/future.h>
#include <tenterhook/mutex.h>
#include <tenterhook/thread_pool.h>

#include <asio/post.hpp>
#include <asio/thread_pool.hpp>
#include <asio/use_future.hpp>
#include <future>
#include <mutex>

namespace {

using namespace bench;

constexpr int batch = 10'000;

// A thread outside posts a batch, the workers run it.
template <typename Post> void post_batches(benchmark::State &state, Post post) {
  awake cores;
  for (auto _ : state) {
    std::atomic<int> left = batch;
    for (int i = 0; i != batch; ++i)
      post([&left] {
        if (left.fetch_sub(1, std::memory_order_acq_rel) == 1)
          left.notify_one();
      });
    for (int now = left; now != 0; now = left)
      left.wait(now);
  }
  state.SetItemsProcessed(state.iterations() * batch);
}
void post_tenterhook(benchmark::State &state) {
  tenterhook::thread_pool pool(unsigned(state.range(0)));
  post_batches(state, [&](auto f) { pool.post(std::move(f)); });
}
void post_asio(benchmark::State &state) {
  asio::thread_pool pool(std::size_t(state.range(0)));
  post_batches(state, [&](auto f) { asio::post(pool, std::move(f)); });
}
// Without what asio::post() asks its arguments for.
class best_pool {
public:
  explicit best_pool(std::size_t threads) : pool(threads) {}
  template <typename F> void post(F f) { asio::execution::execute(to, std::move(f)); }

private:
  asio::thread_pool pool;
  using executor = decltype(asio::require(pool.get_executor(), asio::execution::blocking.never));
  executor to = asio::require(pool.get_executor(), asio::execution::blocking.never);
};
void post_best(benchmark::State &state) {
  best_pool pool(std::size_t(state.range(0)));
  post_batches(state, [&](auto f) { pool.post(std::move(f)); });
}
BENCHMARK(post_tenterhook)->Name("pool_post/tenterhook")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(post_best)->Name("pool_post/asio_best")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(post_asio)->Name("pool_post/asio")->Arg(1)->Arg(2)->UseRealTime();

// A worker posts its own successor, many times: a chain.
template <typename Post> struct chain {
  Post &post;
  int left;
  std::atomic<bool> &done;
  void operator()() {
    if (left == 0) {
      done = true;
      done.notify_one();
    } else {
      post(chain{post, left - 1, done});
    }
  }
};
template <typename Post> void post_chains(benchmark::State &state, Post post) {
  awake cores;
  for (auto _ : state) {
    std::atomic<bool> done = false;
    post(chain<Post>{post, batch, done});
    done.wait(false);
  }
  state.SetItemsProcessed(state.iterations() * batch);
}
void chain_tenterhook(benchmark::State &state) {
  tenterhook::thread_pool pool(unsigned(state.range(0)));
  post_chains(state, [&](auto f) { pool.post(std::move(f)); });
}
void chain_asio(benchmark::State &state) {
  asio::thread_pool pool(std::size_t(state.range(0)));
  post_chains(state, [&](auto f) { asio::post(pool, std::move(f)); });
}
void chain_best(benchmark::State &state) {
  best_pool pool(std::size_t(state.range(0)));
  post_chains(state, [&](auto f) { pool.post(std::move(f)); });
}
BENCHMARK(chain_best)->Name("pool_chain/asio_best")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(chain_tenterhook)->Name("pool_chain/tenterhook")->Arg(1)->Arg(2)->UseRealTime();
BENCHMARK(chain_asio)->Name("pool_chain/asio")->Arg(1)->Arg(2)->UseRealTime();

// One piece of work, and waiting for it: there and back between threads.
void round_trip_tenterhook(benchmark::State &state) {
  awake cores;
  tenterhook::thread_pool pool(1);
  for (auto _ : state)
    benchmark::DoNotOptimize(pool.submit([] { return 1; }).get());
}
void round_trip_asio(benchmark::State &state) {
  awake cores;
  asio::thread_pool pool(1);
  for (auto _ : state)
    benchmark::DoNotOptimize(asio::post(pool, asio::use_future([] { return 1; })).get());
}
// A future without use_future, whose result is made for any handler.
template <typename F> auto best_submit(best_pool &pool, F f) {
  std::packaged_task<decltype(f())()> task(std::move(f));
  auto result = task.get_future();
  pool.post(std::move(task));
  return result;
}
void round_trip_best(benchmark::State &state) {
  awake cores;
  best_pool pool(1);
  for (auto _ : state)
    benchmark::DoNotOptimize(best_submit(pool, [] { return 1; }).get());
}
BENCHMARK(round_trip_best)->Name("submit_get/asio_best")->UseRealTime();
BENCHMARK(round_trip_tenterhook)->Name("submit_get/tenterhook")->UseRealTime();
BENCHMARK(round_trip_asio)->Name("submit_get/asio")->UseRealTime();

// Submitting a batch with results.
void submit_tenterhook(benchmark::State &state) {
  tenterhook::thread_pool pool(2);
  std::vector<tenterhook::future<int>> futures(batch);
  for (auto _ : state) {
    for (int i = 0; i != batch; ++i)
      futures[i] = pool.submit([i] { return i; });
    for (auto &each : futures)
      benchmark::DoNotOptimize(each.get());
  }
  state.SetItemsProcessed(state.iterations() * batch);
}
void submit_asio(benchmark::State &state) {
  asio::thread_pool pool(2);
  std::vector<std::future<int>> futures(batch);
  for (auto _ : state) {
    for (int i = 0; i != batch; ++i)
      futures[i] = asio::post(pool, asio::use_future([i] { return i; }));
    for (auto &each : futures)
      benchmark::DoNotOptimize(each.get());
  }
  state.SetItemsProcessed(state.iterations() * batch);
}
void submit_best(benchmark::State &state) {
  best_pool pool(2);
  std::vector<std::future<int>> futures(batch);
  for (auto _ : state) {
    for (int i = 0; i != batch; ++i)
      futures[i] = best_submit(pool, [i] { return i; });
    for (auto &each : futures)
      benchmark::DoNotOptimize(each.get());
  }
  state.SetItemsProcessed(state.iterations() * batch);
}
BENCHMARK(submit_best)->Name("pool_submit/asio_best")->UseRealTime();
BENCHMARK(submit_tenterhook)->Name("pool_submit/tenterhook")->UseRealTime();
BENCHMARK(submit_asio)->Name("pool_submit/asio")->UseRealTime();

void promise_tenterhook(benchmark::State &state) {
  for (auto _ : state) {
    tenterhook::promise<int> made;
    auto got = made.get_future();
    made.set_value(1);
    benchmark::DoNotOptimize(got.get());
  }
}
void promise_std(benchmark::State &state) {
  for (auto _ : state) {
    std::promise<int> made;
    auto got = made.get_future();
    made.set_value(1);
    benchmark::DoNotOptimize(got.get());
  }
}
BENCHMARK(promise_tenterhook)->Name("promise/tenterhook");
BENCHMARK(promise_std)->Name("promise/std");

// In bursts of a quarter of a ring, as trace.cpp: a loop without end measures how events are dropped (mutex_flood). glibc takes
// locks without locked instructions as long as there has been one thread; a mutex is for several.
template <typename Mutex> void lock_unlock(benchmark::State &state) {
  constexpr int pairs = tenterhook::trace::Ring::capacity / 8;
  static const bool several = (std::thread([] {}).join(), true);
  benchmark::DoNotOptimize(several);
  traced on(state.range(0));
  Mutex m;
  for (auto _ : state) {
    double begin = cpu_seconds(CLOCK_THREAD_CPUTIME_ID);
    for (int i = 0; i != pairs; ++i) {
      std::lock_guard guard(m);
      benchmark::ClobberMemory();
    }
    state.SetIterationTime((cpu_seconds(CLOCK_THREAD_CPUTIME_ID) - begin) / pairs);
    if (state.range(0))
      tenterhook::trace::flush();
  }
}
BENCHMARK(lock_unlock<tenterhook::mutex>)->Name("mutex/tenterhook")->Arg(0)->Arg(1)->UseManualTime()->Iterations(400);
BENCHMARK(lock_unlock<std::mutex>)->Name("mutex/std")->Arg(0)->UseManualTime()->Iterations(400);

void lock_flood(benchmark::State &state) {
  traced on(true);
  tenterhook::mutex m;
  for (auto _ : state) {
    std::lock_guard guard(m);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(lock_flood)->Name("mutex_flood/tenterhook/1");

template <typename Mutex> void contended(benchmark::State &state) {
  alignas(64) static Mutex m; // not by chance on two lines
  for (auto _ : state) {
    std::lock_guard guard(m);
    benchmark::ClobberMemory();
  }
}
BENCHMARK(contended<tenterhook::mutex>)->Name("mutex_contended/tenterhook")->Threads(2)->UseRealTime();
BENCHMARK(contended<std::mutex>)->Name("mutex_contended/std")->Threads(2)->UseRealTime();

} // namespace
