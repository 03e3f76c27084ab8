// What can be awaited is told from structure, whatever it is called and whether or not it is [[nodiscard]].
// RUN: %verify %s
#include <coroutine>

namespace member_operator {
struct awaiter {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};
struct Order {
  awaiter operator co_await();
};
Order order();
[[nodiscard]] Order careful_order();
void by_call() {
  order();         // finding: discarded-awaitable certain "'member_operator::order' returns is dropped here" "'member_operator::Order' is awaitable"
  careful_order(); // finding: discarded-awaitable certain
}
} // namespace member_operator

namespace member_operator_template {
template <class T> struct Order {
  member_operator::awaiter operator co_await() &&;
};
template <class T> Order<T> order(T);
void by_call() {
  order(1); // finding: discarded-awaitable certain
}
} // namespace member_operator_template

namespace free_operator {
struct Order {
  ~Order();
};
member_operator::awaiter operator co_await(Order);
Order order();
void by_call() {
  order(); // finding: discarded-awaitable certain
}
} // namespace free_operator

namespace free_operator_by_reference {
struct Order {};
member_operator::awaiter operator co_await(const Order &);
Order order();
void by_call() {
  order(); // finding: discarded-awaitable certain
}
} // namespace free_operator_by_reference

namespace free_operator_template {
template <class T> struct Order {};
template <class T> member_operator::awaiter operator co_await(Order<T> &&);
Order<int> order();
void by_call() {
  order(); // finding: discarded-awaitable certain
}
} // namespace free_operator_template

namespace hidden_friend {
struct Order {
  friend member_operator::awaiter operator co_await(Order) { return {}; }
};
Order order();
void by_call() {
  order(); // finding: discarded-awaitable certain
}
} // namespace hidden_friend

namespace three_methods {
struct Pause {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  void await_resume();
};
struct [[nodiscard]] Nap {
  bool await_ready();
  std::coroutine_handle<> await_suspend(std::coroutine_handle<>);
  void await_resume();
};
Pause pause();
Nap nap();
void by_call() {
  pause(); // finding: discarded-awaitable certain "nobody waits for it or sees its result"
  nap();   // finding: discarded-awaitable certain
}
void by_constructor() {
  Pause{};  // finding: discarded-awaitable likely "The awaitable 'three_methods::Pause' is dropped here"
  Pause();  // finding: discarded-awaitable likely
  Nap{};    // finding: discarded-awaitable likely
}
} // namespace three_methods

namespace three_methods_template {
template <class Duration> struct Sleep {
  explicit Sleep(Duration);
  bool await_ready();
  template <class Promise> void await_suspend(std::coroutine_handle<Promise>);
  void await_resume();
};
void by_constructor() {
  Sleep<int>{3}; // finding: discarded-awaitable likely
  Sleep(3L);     // finding: discarded-awaitable likely
}
} // namespace three_methods_template

namespace inherited {
struct Timer : three_methods::Pause {};
Timer timer();
void by_call() {
  timer(); // finding: discarded-awaitable certain
}
} // namespace inherited

namespace alias {
using Job = three_methods::Pause;
typedef Job Work;
Work work();
auto deduced() { return work(); }
void by_call() {
  work();    // finding: discarded-awaitable certain
  deduced(); // finding: discarded-awaitable certain
}
} // namespace alias

namespace nothing_to_await {
struct NoSuspend {
  bool await_ready();
  void await_resume();
};
struct Plain {};
NoSuspend no_suspend();
Plain plain();
void by_call() {
  no_suspend();
  plain();
}
} // namespace nothing_to_await
