// Asio: an io_context that one thread runs is a loop, one that several run is a pool: counted for the object that work is
// given to, whatever handle of it that is. Where it is not known how many they are, it is not certain.
// REQUIRES: asio
// RUN: %verify %s -- -DASIO_HAS_CO_AWAIT -DASIO_HAS_STD_COROUTINE
#include <asio.hpp>
#include <functional>
#include <memory>
#include <optional>
#include <thread>
#include <vector>
using asio::awaitable;
using namespace std::chrono_literals;

#define COROUTINE(name)                            \
  awaitable<void> name() {                         \
    std::this_thread::sleep_for(1s);               \
    co_await asio::post(asio::use_awaitable);      \
  }

// Two members: one thread each, and four.
COROUTINE(on_the_apps_loop) // finding: blocking-call-in-coroutine certain
COROUTINE(on_the_apps_workers)
COROUTINE(on_a_workers_strand)
COROUTINE(on_the_workers_executor)
COROUTINE(on_a_kept_strand)
COROUTINE(on_an_erased_executor)
class App {
public:
  App() : guard_(work_.get_executor()), strand_(asio::make_strand(work_)), erased_(work_.get_executor()) {
    for (int i = 0; i < 4; ++i)
      threads_.emplace_back([this] { work_.run(); });
  }
  void run() {
    asio::co_spawn(io_, on_the_apps_loop(), asio::detached);
    asio::co_spawn(work_, on_the_apps_workers(), asio::detached);
    asio::co_spawn(asio::make_strand(work_), on_a_workers_strand(), asio::detached);
    asio::co_spawn(guard_.get_executor(), on_the_workers_executor(), asio::detached);
    asio::co_spawn(strand_, on_a_kept_strand(), asio::detached);
    asio::co_spawn(erased_, on_an_erased_executor(), asio::detached);
    asio::post(work_, [] { std::this_thread::sleep_for(2s); });
    asio::post(strand_, [] { std::this_thread::sleep_for(2s); });
    asio::post(io_, [] {
      std::this_thread::sleep_for(3s); // finding: blocking-call-in-coroutine certain
    });
    io_.run();
  }

private:
  asio::io_context io_, work_;
  asio::executor_work_guard<asio::io_context::executor_type> guard_;
  asio::strand<asio::io_context::executor_type> strand_;
  asio::any_io_executor erased_;
  std::vector<std::jthread> threads_;
};

// A local, by reference: main and others.
COROUTINE(on_mains_pool)
void main_and_more() {
  asio::io_context io;
  asio::co_spawn(io, on_mains_pool(), asio::detached);
  std::vector<std::thread> others;
  for (int i = 1; i < 4; ++i)
    others.emplace_back([&io] { io.run(); });
  io.run();
  for (auto &other : others)
    other.join();
}
// … one thread and nobody else.
COROUTINE(on_one_thread) // finding: blocking-call-in-coroutine certain
void one_thread() {
  asio::io_context io;
  asio::co_spawn(io, on_one_thread(), asio::detached);
  std::thread runner([&] { io.run(); });
  runner.join();
}

// A server that is given one by reference.
COROUTINE(on_the_servers_pool)
COROUTINE(on_the_servers_loop) // finding: blocking-call-in-coroutine certain
struct Server {
  asio::io_context &io_;
  explicit Server(asio::io_context &io) : io_(io) {}
  void start() { asio::co_spawn(io_, on_the_servers_pool(), asio::detached); }
};
struct Control {
  asio::io_context &io_;
  explicit Control(asio::io_context &io) : io_(io) {}
  void start() { asio::co_spawn(io_, on_the_servers_loop(), asio::detached); }
};
void servers() {
  asio::io_context many, one;
  Server server(many);
  Control control(one);
  server.start();
  control.start();
  std::jthread a([&] { many.run(); }), b([&] { many.run(); });
  std::jthread c([&] { one.run(); });
}

// A helper runs it; a class that is its pool.
COROUTINE(on_a_helpers_pool)
void run_on(asio::io_context &io, unsigned threads) {
  std::vector<std::thread> all;
  for (unsigned i = 0; i < threads; ++i)
    all.emplace_back([&io] { io.run(); });
  for (auto &t : all)
    t.join();
}
void by_helper() {
  asio::io_context io;
  asio::co_spawn(io.get_executor(), on_a_helpers_pool(), asio::detached);
  run_on(io, 4);
}
COROUTINE(in_a_pool_class)
class Pool {
  asio::io_context io_;
  std::vector<std::thread> threads_;

public:
  explicit Pool(std::size_t n) {
    for (std::size_t i = 0; i < n; ++i)
      threads_.push_back(std::thread(std::bind(&Pool::work, this)));
  }
  void work() { io_.run(); }
  asio::any_io_executor executor() { return io_.get_executor(); }
};
void with_pool_class() {
  Pool pool(4);
  asio::co_spawn(pool.executor(), in_a_pool_class(), asio::detached);
}
// Each object its own: a loop, however many there are.
COROUTINE(on_a_shard) // finding: blocking-call-in-coroutine certain
struct Shard {
  asio::io_context io_;
  std::thread thread_{[this] { io_.run(); }};
  void serve() { asio::co_spawn(io_, on_a_shard(), asio::detached); }
};
void shards() {
  Shard a, b;
  a.serve();
  b.serve();
}

// Owned by pointers: shared with the closures of the threads, and a member.
COROUTINE(on_a_shared_pool)
void shared() {
  auto io = std::make_shared<asio::io_context>();
  asio::co_spawn(*io, on_a_shared_pool(), asio::detached);
  for (int i = 0; i < 3; ++i)
    std::thread([io] { io->run(); }).detach();
}
COROUTINE(on_an_owned_loop) // finding: blocking-call-in-coroutine certain
struct Owner {
  std::unique_ptr<asio::io_context> io_ = std::make_unique<asio::io_context>();
  std::jthread thread_;
  void start() {
    thread_ = std::jthread([this] { io_->run(); });
    asio::co_spawn(*io_, on_an_owned_loop(), asio::detached);
  }
};

// Global ones.
COROUTINE(on_a_global_pool)
COROUTINE(on_a_global_loop) // finding: blocking-call-in-coroutine certain
static asio::io_context pool_of_all, loop_of_all;
void globals() {
  asio::co_spawn(pool_of_all, on_a_global_pool(), asio::detached);
  asio::co_spawn(loop_of_all, on_a_global_loop(), asio::detached);
  std::thread a([] { pool_of_all.run(); }), b([] { pool_of_all.run(); });
  loop_of_all.run();
  a.join();
  b.join();
}

// A timer's and a socket's handlers run where they were made for.
void timers() {
  asio::io_context many, one;
  asio::steady_timer slow(many), fast(one);
  slow.async_wait([](auto) { std::this_thread::sleep_for(4s); });
  fast.async_wait([](auto) {
    std::this_thread::sleep_for(5s); // finding: blocking-call-in-coroutine certain
  });
  std::jthread a([&] { many.run(); }), b([&] { many.run(); });
  one.run();
}
// Bound to another executor than its own.
void bound() {
  asio::io_context many, one;
  asio::steady_timer timer(one);
  timer.async_wait(asio::bind_executor(many, [](auto) { std::this_thread::sleep_for(6s); }));
  std::jthread a([&] { many.run(); }), b([&] { many.run(); });
  one.run();
}

// A coroutine goes to the pool for its blocking work, and comes back.
awaitable<int> computes() {
  std::this_thread::sleep_for(7s);
  co_return 1;
}
awaitable<void> offloads(asio::io_context &work) {
  co_await asio::co_spawn(work, computes(), asio::use_awaitable);
  std::this_thread::sleep_for(8s); // finding: blocking-call-in-coroutine certain
}
void offloading() {
  asio::io_context io, work;
  auto guard = asio::make_work_guard(work);
  asio::co_spawn(io, offloads(work), asio::detached);
  std::jthread a([&] { work.run(); }), b([&] { work.run(); });
  io.run();
}

// Contexts in a container, a thread for each: nobody sees that it is not several for one.
COROUTINE(on_one_of_many) // finding: blocking-call-in-coroutine likely
void reactors() {
  std::vector<std::unique_ptr<asio::io_context>> contexts;
  std::vector<std::jthread> threads;
  for (int i = 0; i < 4; ++i)
    contexts.push_back(std::make_unique<asio::io_context>(1));
  for (auto &context : contexts)
    threads.emplace_back([&context] { context->run(); });
  asio::co_spawn(*contexts[0], on_one_of_many(), asio::detached);
}

// One or the other: not known.
COROUTINE(on_either) // finding: blocking-call-in-coroutine likely
void either(bool fast) {
  asio::io_context many, one;
  asio::co_spawn(fast ? one.get_executor() : many.get_executor(), on_either(), asio::detached);
  std::jthread a([&] { many.run(); }), b([&] { many.run(); });
  one.run();
}

// Run again after it was stopped: one thread still.
COROUTINE(on_a_restarted_loop) // finding: blocking-call-in-coroutine certain
void restarted() {
  asio::io_context io;
  asio::co_spawn(io, on_a_restarted_loop(), asio::detached);
  io.run();
  io.restart();
  while (!io.stopped())
    io.poll();
}

int main() {
  App app;
  app.run();
  main_and_more();
  one_thread();
  servers();
  by_helper();
  with_pool_class();
  shards();
  shared();
  Owner owner;
  owner.start();
  globals();
  timers();
  bound();
  offloading();
  reactors();
  either(true);
  restarted();
}
