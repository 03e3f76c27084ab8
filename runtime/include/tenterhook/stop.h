// Cancellation. A task that is told to stop sees it through std::stop_token: waits of this runtime end with the
// exception `cancelled`, other code asks `co_await current_stop_token()`.
//
//   std::stop_token stop = co_await current_stop_token();
//   while (!stop.stop_requested()) work_a_little();
//
// A stop_scope is one request to stop; a task shares the scope of the task that awaits it, so a request reaches the
// whole chain. Roots (spawn, run_until_complete), when_any, timeout and with_stop open a scope of their own. Threads:
// all of it is thread-safe. Stop callbacks run on the thread that requests the stop.
#ifndef TENTERHOOK_STOP_H
#define TENTERHOOK_STOP_H

#include <tenterhook/errors.h>

#include <atomic>
#include <stop_token>

namespace tenterhook {

namespace detail {
// Keeps the source while callbacks run: one of them may end who owns it. A callback may forward the request to another
// scope and so on: beyond some depth the request is made when the callback at that depth has returned.
void request_stop(std::stop_source source) noexcept;
} // namespace detail

// Makes its std::stop_source when somebody first asks for the token: most tasks are never told to stop, and never ask.
class stop_scope {
public:
  stop_scope() noexcept = default;
  stop_scope(const stop_scope &) = delete;
  stop_scope &operator=(const stop_scope &) = delete;
  ~stop_scope() { delete source.load(std::memory_order_acquire); }

  std::stop_token token() {
    std::stop_source *found = source.load();
    if (!found) {
      auto *made = new std::stop_source;
      if (source.compare_exchange_strong(found, made))
        found = made;
      else
        delete made;
      // A request that came before the source could be seen: each side writes its own and then reads the other's.
      if (requested.load())
        found->request_stop();
    }
    return found->get_token();
  }
  void request_stop() noexcept {
    requested.store(true);
    if (std::stop_source *found = source.load())
      detail::request_stop(*found);
  }
  bool stop_requested() const noexcept { return requested.load(std::memory_order_acquire); }

private:
  std::atomic<std::stop_source *> source{nullptr};
  std::atomic<bool> requested{false};
};

// `co_await current_stop_token()` in a task: its std::stop_token. Does not suspend.
struct current_stop_token {};

} // namespace tenterhook

#endif
