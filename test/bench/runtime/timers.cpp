// Timers while 100,000 and 1,000,000 are pending: insert and cancel (one is replaced by another), and firing all of them.
#include "bench.h"

#include <tenterhook/timer_wheel.h>

#include <random>

namespace {

using namespace bench;

std::vector<std::chrono::microseconds> delays(std::size_t count) {
  std::mt19937_64 random(1);
  std::vector<std::chrono::microseconds> result(count);
  for (auto &each : result)
    each = std::chrono::microseconds(1'000'000 + random() % 60'000'000);
  return result;
}

// One operation: a pending timer, chosen at random, is cancelled and a new one is set, as a server does with its timeouts.
void replace_tenterhook(benchmark::State &state) {
  traced on(state.range(1));
  auto count = std::size_t(state.range(0));
  tenterhook::event_loop loop;
  std::vector<tenterhook::timer_handle> timers(count);
  auto delay = delays(count);
  for (std::size_t i = 0; i < count; ++i)
    timers[i] = loop.call_later(delay[i], [] {});
  std::minstd_rand random(2);
  std::size_t next = 0;
  for (auto _ : state) {
    std::size_t at = random() % count;
    timers[at].cancel();
    timers[at] = loop.call_later(delay[next], [] {});
    next = next + 1 == count ? 0 : next + 1;
  }
}
BENCHMARK(replace_tenterhook)->Name("timer_replace/tenterhook")->ArgsProduct({{100'000, 1'000'000}, {0, 1}});

template <typename Executor>
using asio_timer = asio::basic_waitable_timer<std::chrono::steady_clock, asio::wait_traits<std::chrono::steady_clock>, Executor>;
template <typename Executor> void replace_asio(benchmark::State &state) {
  auto count = std::size_t(state.range(0));
  asio::io_context context(hint<Executor>);
  std::vector<asio_timer<Executor>> timers;
  timers.reserve(count);
  auto delay = delays(count);
  for (std::size_t i = 0; i < count; ++i) {
    timers.emplace_back(context, delay[i]);
    timers.back().async_wait([](asio::error_code) {});
  }
  std::minstd_rand random(2);
  std::size_t next = 0;
  for (auto _ : state) {
    std::size_t at = random() % count;
    timers[at].expires_after(delay[next]); // cancels what waits
    timers[at].async_wait([](asio::error_code) {});
    next = next + 1 == count ? 0 : next + 1;
    if ((next & 1023) == 0)
      context.poll(); // the cancelled handlers run, else they pile up
  }
}
BENCHMARK(replace_asio<asio::any_io_executor>)->Name("timer_replace/asio")->ArgsProduct({{100'000, 1'000'000}, {0}});
BENCHMARK(replace_asio<context_executor>)->Name("timer_replace/asio_best")->ArgsProduct({{100'000, 1'000'000}, {0}});

// Set, and then let all fire: time of one timer for both together. They are due within 50 ms.
void fire_tenterhook(benchmark::State &state) {
  traced on(state.range(1));
  auto count = std::size_t(state.range(0));
  std::size_t fired = 0;
  for (auto _ : state) {
    tenterhook::event_loop loop;
    fired = 0;
    auto start = tenterhook::event_loop::clock::now();
    for (std::size_t i = 0; i < count; ++i)
      loop.call_at(start + std::chrono::nanoseconds(i * 7919 % 1'000'003 * 50), [&] {
        if (++fired == count)
          loop.stop();
      });
    loop.run();
  }
  state.SetItemsProcessed(std::int64_t(count) * std::int64_t(state.iterations()));
}
BENCHMARK(fire_tenterhook)
    ->Name("timer_fire/tenterhook")
    ->ArgsProduct({{100'000, 1'000'000}, {0, 1}})
    ->Unit(benchmark::kMillisecond);

template <typename Executor> void fire_asio(benchmark::State &state) {
  auto count = std::size_t(state.range(0));
  std::size_t fired = 0;
  for (auto _ : state) {
    asio::io_context context(hint<Executor>);
    fired = 0;
    std::vector<asio_timer<Executor>> timers;
    timers.reserve(count);
    auto start = std::chrono::steady_clock::now();
    for (std::size_t i = 0; i < count; ++i) {
      timers.emplace_back(context, start + std::chrono::nanoseconds(i * 7919 % 1'000'003 * 50));
      timers.back().async_wait([&](asio::error_code) { ++fired; });
    }
    context.run();
  }
  state.SetItemsProcessed(std::int64_t(count) * std::int64_t(state.iterations()));
}
BENCHMARK(fire_asio<asio::any_io_executor>)
    ->Name("timer_fire/asio")
    ->ArgsProduct({{100'000, 1'000'000}, {0}})
    ->Unit(benchmark::kMillisecond);
BENCHMARK(fire_asio<context_executor>)
    ->Name("timer_fire/asio_best")
    ->ArgsProduct({{100'000, 1'000'000}, {0}})
    ->Unit(benchmark::kMillisecond);

// The wheel alone, without a clock: insert, then cancel.
void wheel_insert_cancel(benchmark::State &state) {
  auto count = std::size_t(state.range(0));
  tenterhook::timer_wheel wheel;
  std::vector<tenterhook::timer_node> nodes(count);
  auto delay = delays(count);
  for (std::size_t i = 0; i < count; ++i)
    wheel.insert(nodes[i], std::uint64_t(delay[i].count()) / 65);
  std::size_t next = 0;
  for (auto _ : state) {
    tenterhook::timer_wheel::cancel(nodes[next]);
    wheel.insert(nodes[next], std::uint64_t(delay[next].count()) / 65);
    next = next + 1 == count ? 0 : next + 1;
  }
}
BENCHMARK(wheel_insert_cancel)->Name("wheel_alone/tenterhook")->ArgsProduct({{100'000, 1'000'000}, {0}});

} // namespace
