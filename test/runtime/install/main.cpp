// Something of every room of the runtime, so that its headers are instantiated with a user's warnings and its library is
// linked: coroutines, sockets, threads, locks, processes.
#include <tenterhook/as_completed.h>
#include <tenterhook/async_queue.h>
#include <tenterhook/blocking_queue.h>
#include <tenterhook/condition_variable.h>
#include <tenterhook/event_loop.h>
#include <tenterhook/process_pool.h>
#include <tenterhook/run_in_executor.h>
#include <tenterhook/shared_mutex.h>
#include <tenterhook/sleep.h>
#include <tenterhook/socket.h>
#include <tenterhook/thread_pool.h>
#include <tenterhook/timeout.h>
#include <tenterhook/when_any.h>

#include <array>
#include <cstdio>

using namespace std::chrono_literals;
using namespace tenterhook;
using stream = tenterhook::socket;

namespace {

task<int> measure(std::chrono::milliseconds duration, int result) {
  co_await sleep_for(duration);
  co_return result;
}

task<> answer(stream &listener) {
  stream peer = co_await listener.accept();
  std::array<std::byte, 16> buffer;
  std::size_t got = co_await peer.read_some(buffer);
  co_await peer.write_all(std::span(buffer).first(got));
}

task<int> program(event_loop &loop, thread_pool &pool) {
  stream listener = stream::listen(endpoint::loopback(), loop);
  join_handle<void> server = spawn(answer(listener));
  stream client = co_await stream::connect(listener.local_endpoint());
  co_await client.write_all("four");
  std::array<std::byte, 16> buffer;
  std::size_t echoed = co_await timeout(
      [](stream &from, std::span<std::byte> into) -> task<std::size_t> { co_return co_await from.read_some(into); }(client,
                                                                                                                    buffer),
      60s);
  co_await server;
  auto [one, two] = co_await when_all(measure(1ms, 1), measure(1ms, 2));
  auto first = co_await when_any(measure(1ms, 3), measure(1h, 0));
  int ten = co_await pool.submit([] { return 10; });
  int twenty = co_await run_in_executor(pool, [] { return 20; });
  co_return int(echoed) + one + two + std::get<0>(first.value) + ten + twenty;
}

} // namespace

int main() {
  process_pool<int(int)> processes(1, [](int n) { return n + 1; });
  int from_process = processes.map(std::vector{1})[0];
  thread_pool pool(2);
  event_loop loop;
  int sum = loop.run_until_complete(program(loop, pool));
  std::vector<future<int>> squares;
  for (int i = 1; i <= 3; ++i)
    squares.push_back(pool.submit([i] { return i * i; }));
  for (auto [index, done] : as_completed(std::move(squares)))
    sum += done.get();
  tenterhook::mutex guard;
  condition_variable changed;
  bool set = false;
  pool.post([&] {
    std::lock_guard lock(guard);
    set = true;
    changed.notify_all();
  });
  {
    std::unique_lock lock(guard);
    changed.wait(lock, [&] { return set; });
  }
  std::printf("%d %d\n", sum, from_process);
  return sum == 54 && from_process == 2 ? 0 : 1;
}
