// Asio: where co_spawn runs a coroutine. On a thread_pool alone it may block.
// REQUIRES: asio
// RUN: %verify %s -- -DASIO_HAS_CO_AWAIT -DASIO_HAS_STD_COROUTINE
#include <asio.hpp>
#include <thread>
using asio::awaitable;
using namespace std::chrono_literals;

#define COROUTINE(name)                            \
  awaitable<void> name() {                         \
    std::this_thread::sleep_for(1s);               \
    co_await asio::post(asio::use_awaitable);      \
  }

COROUTINE(on_the_context)  // finding: blocking-call-in-coroutine certain "hands coroutine 'on_the_context' to an event loop"
COROUTINE(on_its_executor) // finding: blocking-call-in-coroutine certain
COROUTINE(on_a_strand_of_it) // finding: blocking-call-in-coroutine certain
COROUTINE(on_a_kept_strand)  // finding: blocking-call-in-coroutine certain
COROUTINE(on_a_type_erased_loop) // finding: blocking-call-in-coroutine certain
COROUTINE(on_an_unknown_executor) // finding: blocking-call-in-coroutine likely
COROUTINE(on_both)           // finding: blocking-call-in-coroutine certain
COROUTINE(on_the_pool)
COROUTINE(on_the_pools_executor)
COROUTINE(on_a_strand_of_the_pool)
COROUTINE(on_a_strand_of_its_executor)
COROUTINE(on_a_variable)
COROUTINE(on_a_type_erased_pool)
COROUTINE(on_a_member)
COROUTINE(on_a_member_executor)
COROUTINE(on_a_pool_by_reference)
COROUTINE(on_a_parameter)
COROUTINE(on_a_type_erased_member)
COROUTINE(in_a_lambda)
COROUTINE(kept_in_a_variable)
COROUTINE(awaited_on_the_pool)
COROUTINE(inherits_the_pool)
COROUTINE(inherits_the_loop) // finding: blocking-call-in-coroutine certain
COROUTINE(asks_on_the_pool)

awaitable<void> parent_on_the_pool() {
  co_await awaited_on_the_pool();
  asio::co_spawn(co_await asio::this_coro::executor, inherits_the_pool(), asio::detached);
  auto executor = co_await asio::this_coro::executor;
  asio::co_spawn(executor, asks_on_the_pool(), asio::detached);
}
awaitable<void> parent_on_the_loop() {
  asio::co_spawn(co_await asio::this_coro::executor, inherits_the_loop(), asio::detached);
  co_return;
}

struct Server {
  asio::thread_pool pool_{2};
  asio::thread_pool::executor_type executor_ = pool_.get_executor();
  void start() {
    asio::co_spawn(pool_, on_a_member(), asio::detached);
    asio::co_spawn(executor_, on_a_member_executor(), asio::detached);
  }
};
void start_on(asio::thread_pool &pool) { asio::co_spawn(pool, on_a_pool_by_reference(), asio::detached); }
void start_on_any(asio::any_io_executor executor) { asio::co_spawn(executor, on_a_parameter(), asio::detached); }
struct Client {
  asio::any_io_executor executor_;
  explicit Client(asio::any_io_executor executor) : executor_(std::move(executor)) {}
  void start() { asio::co_spawn(executor_, on_a_type_erased_member(), asio::detached); }
};
void start_on_unknown(asio::any_io_executor executor) {
  asio::co_spawn(executor, on_an_unknown_executor(), asio::detached);
}

int main() {
  asio::io_context context;
  asio::thread_pool pool(2);
  asio::co_spawn(context, on_the_context(), asio::detached);
  asio::co_spawn(context.get_executor(), on_its_executor(), asio::detached);
  asio::co_spawn(asio::make_strand(context), on_a_strand_of_it(), asio::detached);
  auto strand = asio::make_strand(context.get_executor());
  asio::co_spawn(strand, on_a_kept_strand(), asio::detached);
  asio::any_io_executor loop = context.get_executor();
  asio::co_spawn(loop, on_a_type_erased_loop(), asio::detached);
  asio::co_spawn(context, on_both(), asio::detached);
  asio::co_spawn(pool, on_both(), asio::detached);

  asio::co_spawn(pool, on_the_pool(), asio::detached);
  asio::co_spawn(pool.get_executor(), on_the_pools_executor(), asio::detached);
  asio::co_spawn(asio::make_strand(pool), on_a_strand_of_the_pool(), asio::detached);
  asio::co_spawn(asio::make_strand(pool.get_executor()), on_a_strand_of_its_executor(), asio::detached);
  auto executor = pool.get_executor();
  asio::co_spawn(executor, on_a_variable(), asio::detached);
  asio::any_io_executor erased = pool.get_executor();
  asio::co_spawn(erased, on_a_type_erased_pool(), asio::detached);
  asio::co_spawn(pool, [] { return in_a_lambda(); }, asio::detached);
  start_on_any(pool.get_executor());
  Client client(pool.get_executor());
  auto kept = kept_in_a_variable();
  asio::co_spawn(pool, std::move(kept), asio::detached);
  asio::co_spawn(pool, parent_on_the_pool(), asio::detached);
  asio::co_spawn(context, parent_on_the_loop(), asio::detached);

  // Coroutine lambdas.
  asio::co_spawn(
      context,
      []() -> awaitable<void> {
        std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine certain
        co_return;
      },
      asio::detached);
  asio::co_spawn(
      pool,
      []() -> awaitable<void> {
        std::this_thread::sleep_for(1s);
        co_return;
      },
      asio::detached);
  context.run();
  pool.join();
}
