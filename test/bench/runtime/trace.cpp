// What an event costs its thread: off, on, beside the clock reading that is most of it; totals, stacks. Bursts of half
// a ring are timed and the drain works in between, as in a program that does other things as well. trace_flood is the
// opposite: a thread that does nothing but write, and what is dropped then. Goal: at most 12 ns for an event.
#include "trace/trace.h"

#include <benchmark/benchmark.h>
#include <cstdlib>
#include <ctime>
#include <filesystem>
#include <string>
#include <unistd.h>

namespace trace = tenterhook::trace;
using trace::Kind;

namespace {

constexpr int burst = trace::Ring::capacity / 2 - 64;

double thread_seconds() {
  timespec t;
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &t);
  return double(t.tv_sec) + double(t.tv_nsec) * 1e-9;
}

std::string path() { return std::filesystem::temp_directory_path() / ("tenterhook-bench-" + std::to_string(getpid())); }

// Times `one`, `per_event` units of the ring each, on the thread's CPU clock.
template <typename One> void bursts(benchmark::State &state, bool on, int per_event, One one) {
  if (on && !trace::start(path().c_str())) {
    state.SkipWithError("cannot start the trace");
    return;
  }
  const int count = burst / per_event;
  for (auto _ : state) {
    double begin = thread_seconds();
    for (int i = 0; i != count; ++i)
      one(std::uint64_t(i));
    state.SetIterationTime((thread_seconds() - begin) / count);
    trace::flush();
  }
  trace::stop();
  std::filesystem::remove(path());
}

void clock_reading(benchmark::State &state) {
  bursts(state, false, 1, [](std::uint64_t) { benchmark::DoNotOptimize(trace::now()); });
}
void event_off(benchmark::State &state) {
  bursts(state, false, 1, [](std::uint64_t i) { trace::emit(Kind::lock, i, std::source_location::current()); });
}
void event(benchmark::State &state) {
  bursts(state, true, 1, [](std::uint64_t i) { trace::emit(Kind::lock, i, std::source_location::current()); });
}
void event_with_detail(benchmark::State &state) {
  bursts(state, true, 2, [](std::uint64_t i) {
    trace::emit(Kind::task_new, i, std::source_location::current(), 0, trace::TaskDetail{i, 0, 0, 0, 0});
  });
}
void reach(benchmark::State &state) {
  bursts(state, true, 1, [](std::uint64_t i) { trace::reach({0x1000 + i % 64, false, 1, true, false, 0}); });
}
void stack(benchmark::State &state) {
  bursts(state, true, 64, [](std::uint64_t) { benchmark::DoNotOptimize(trace::stack()); });
}

void flood(benchmark::State &state) {
  if (!trace::start(path().c_str())) {
    state.SkipWithError("cannot start the trace");
    return;
  }
  std::uint64_t i = 0;
  for (auto _ : state)
    trace::emit_at(Kind::lock, ++i, 0);
  trace::flush();
  auto there = double(std::filesystem::file_size(path())) / sizeof(trace::Record);
  state.counters["dropped"] = there < double(i) ? 1 - there / double(i) : 0;
  trace::stop();
  std::filesystem::remove(path());
}

BENCHMARK(clock_reading)->Name("clock_reading/tenterhook/0")->UseManualTime()->Iterations(200);
BENCHMARK(event_off)->Name("trace_event/tenterhook/0")->UseManualTime()->Iterations(200);
BENCHMARK(event)->Name("trace_event/tenterhook/1")->UseManualTime()->Iterations(200);
BENCHMARK(event_with_detail)->Name("trace_event_with_detail/tenterhook/1")->UseManualTime()->Iterations(200);
BENCHMARK(reach)->Name("trace_reach/tenterhook/1")->UseManualTime()->Iterations(200);
BENCHMARK(stack)->Name("trace_stack/tenterhook/1")->UseManualTime()->Iterations(200);
BENCHMARK(flood)->Name("trace_flood/tenterhook/1");

} // namespace
