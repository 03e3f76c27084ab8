// RUN: %verify %s
// What is finished from the start, as the first value of a variable, may be overwritten; what has work to do may not.
#include "../Inputs/task.h"

struct [[nodiscard]] done_or_not {
  bool finished = true;
  bool await_ready() const noexcept { return finished; }
  void await_suspend(std::coroutine_handle<>) noexcept {}
  void await_resume() const noexcept {}
};
struct [[nodiscard]] by_constructor {
  bool there;
  explicit by_constructor(bool there) : there(there) {}
  bool await_ready() const noexcept { return there; }
  void await_suspend(std::coroutine_handle<>) noexcept;
  void await_resume() const noexcept;
};
struct [[nodiscard]] always_there {
  bool await_ready() const noexcept { return true; }
  void await_suspend(std::coroutine_handle<>) noexcept {}
  void await_resume() const noexcept {}
};
struct derived : done_or_not {};

done_or_not nothing_to_wait_for() { return {}; }
done_or_not nothing_said_at_length() { return done_or_not{true}; }
done_or_not what_another_gives() { return nothing_to_wait_for(); }
done_or_not either_way(bool c) {
  if (c)
    return {};
  return done_or_not{true};
}
by_constructor finished() { return by_constructor(true); }
always_there always() { return {}; }
done_or_not flush();
by_constructor fetch_more();
always_there again();

// --- silent ---
task<> overwritten(bool dirty) {
  auto last = nothing_to_wait_for();
  if (dirty)
    last = flush();
  co_await last;
}
task<> overwritten_always() {
  auto last = nothing_said_at_length();
  last = flush();
  co_await last;
}
task<> of_another(bool dirty) {
  auto last = what_another_gives();
  if (dirty)
    last = flush();
  co_await last;
}
task<> of_two_returns(bool dirty) {
  auto last = either_way(dirty);
  if (dirty)
    last = flush();
  co_await last;
}
task<> made_by_a_constructor(bool dirty) {
  auto last = finished();
  if (dirty)
    last = fetch_more();
  co_await last;
}
task<> of_a_type_that_is_always_there(bool dirty) {
  auto last = always();
  if (dirty)
    last = again();
  co_await last;
}
task<> in_a_loop(int n) {
  auto last = nothing_to_wait_for();
  for (int i = 0; i < n; ++i) {
    co_await last;
    last = nothing_to_wait_for();
  }
  co_await last;
}
task<> on_some_path(bool dirty) {
  auto last = nothing_to_wait_for();
  if (dirty)
    co_await last;
}

// --- there is work in it ---
done_or_not not_finished() { return done_or_not{false}; }
done_or_not perhaps(bool c) {
  if (c)
    return {};
  return flush();
}
by_constructor by_argument(bool there) { return by_constructor(there); }
task<> overwritten_work(bool dirty) {
  auto last = flush(); // finding: discarded-awaitable
  if (dirty)
    last = flush();
  co_await last;
}
task<> overwritten_unfinished(bool dirty) {
  auto last = not_finished(); // finding: discarded-awaitable
  if (dirty)
    last = flush();
  co_await last;
}
task<> overwritten_perhaps(bool dirty) {
  auto last = perhaps(dirty); // finding: discarded-awaitable
  if (dirty)
    last = flush();
  co_await last;
}
task<> overwritten_by_argument(bool dirty) {
  auto last = by_argument(dirty); // finding: discarded-awaitable
  if (dirty)
    last = fetch_more();
  co_await last;
}
task<> second_value(bool dirty) {
  auto last = nothing_to_wait_for();
  last = flush(); // finding: discarded-awaitable
  if (dirty)
    last = flush();
  co_await last;
}
