// What a library calls with ready things, its own templates being in the program: they call the lambda and hand it on, which
// its model says already. Whoever else calls it may pass anything.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <tuple>
#include <vector>
#include <utility>

namespace seastar {
template <typename T = void> struct future {
  struct promise_type {
    future get_return_object();
    std::suspend_never initial_suspend() noexcept;
    std::suspend_never final_suspend() noexcept;
    void return_value(T);
    void unhandled_exception();
  };
  T get();
  bool available() const;
  bool failed() const;
  std::exception_ptr get_exception();
  future(future &&);
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  T await_resume();
  template <typename F> struct continuation {
    F func;
    void run_and_dispose(future &&done) { invoke_in(func, std::move(done)); }
  };
  template <typename F> static void invoke_in(F &func, future &&done) { func(std::move(done)); }
  template <typename F> future then_wrapped(F &&func) {
    if (available()) {
      std::forward<F>(func)(std::move(*this));
      return std::move(*this);
    }
    auto *task = new continuation<F>{std::forward<F>(func)};
    task->run_and_dispose(std::move(*this));
    return std::move(*this);
  }
  template <typename F> future then(F &&func) {
    return then_wrapped([func = std::forward<F>(func)](auto &&done) mutable { func(done.get()); });
  }
  template <typename F> future handle_exception(F &&func) {
    return then_wrapped([func = std::forward<F>(func)](auto &&done) mutable {
      if (done.failed())
        func(done.get_exception());
      else
        done.get();
    });
  }
};
future<int> later(int);
template <typename... T> future<std::tuple<future<T>...>> when_all(future<T> &&...);
template <typename I>
  requires requires(I i) { *i; }
future<std::vector<future<int>>> when_all(I, I);
template <typename T> future<T> make_ready_future(T &&);
} // namespace seastar
using seastar::future;
void use(int);

// Silent.
future<int> by_value() {
  return seastar::later(1).then_wrapped([](future<int> done) { use(done.get()); });
}
future<int> generic() {
  return seastar::later(1).then_wrapped([](auto &&done) {
    try {
      use(done.get());
    } catch (...) {
    }
  });
}
future<int> by_name() {
  auto done_with = [](future<int> done) { use(done.get()); };
  return seastar::later(1).then_wrapped(done_with);
}
future<int> in_the_library_itself() {
  return seastar::later(1).handle_exception([](std::exception_ptr) {});
}
int taken(future<int> &&done) { return done.get(); }
future<int> by_a_helper() {
  return seastar::later(1).then_wrapped([](future<int> done) { use(taken(std::move(done))); });
}
auto after_all() {
  return seastar::when_all(seastar::later(1), seastar::later(2)).then([](std::tuple<future<int>, future<int>> both) {
    use(std::get<0>(both).get());
    use(std::get<1>(both).get());
  });
}
auto after_all_that_are_kept() {
  auto both = seastar::when_all(seastar::later(1), seastar::later(2));
  return both.then([](std::tuple<future<int>, future<int>> both) { use(std::get<0>(both).get()); });
}
auto after_many(std::vector<future<int>> many) {
  return seastar::when_all(many.begin(), many.end()).then([](std::vector<future<int>> done) {
    use(done.front().get());
    use(done[1].get());
    for (auto &one : done)
      use(one.get());
  });
}
future<int> finishes(future<int> done, int n) {
  if (n == 0)
    co_return 0;
  co_return done.get();
}
future<int> by_a_coroutine() {
  return seastar::later(1).then_wrapped([](future<int> done) { use(finishes(std::move(done), 1).available()); });
}
future<int> finishes_twice(future<int> done) { co_return done.get(); }
future<int> twice_by_a_coroutine(bool b) {
  if (b)
    return seastar::later(1).then_wrapped([](future<int> done) { use(finishes_twice(std::move(done)).available()); });
  return seastar::later(2).then_wrapped([](auto &&done) { use(finishes_twice(std::move(done)).available()); });
}
struct Server {
  future<int> accepted(future<int> &&done) { co_return done.get(); }
  future<int> accept() {
    return seastar::later(1).then_wrapped([this](future<int> done) { use(accepted(std::move(done)).available()); });
  }
};

// Not what the library passes.
future<int> waits_for_either(future<int> one) {
  co_return one.get(); // finding: blocking-call-in-coroutine
}
future<int> either() {
  use(waits_for_either(seastar::later(1)).available());
  return seastar::later(1).then_wrapped([](future<int> done) { use(waits_for_either(std::move(done)).available()); });
}
future<int> waits_for_the_other(future<int> done, future<int> other) {
  use(done.get());
  co_return other.get(); // finding: blocking-call-in-coroutine
}
future<int> with_another() {
  return seastar::later(1).then_wrapped(
      [](future<int> done) { use(waits_for_the_other(std::move(done), seastar::later(1)).available()); });
}
future<int> waits_for_all(future<int> one) {
  co_return one.get(); // finding: blocking-call-in-coroutine
}
future<int> another_one(future<int> other) {
  return seastar::later(1).then_wrapped([other = std::move(other)](future<int> done) mutable {
    use(done.get());
    use(other.get()); // finding: blocking-call-in-coroutine
  });
}
future<int> one_made_there() {
  return seastar::later(1).then_wrapped([](future<int> done) {
    use(done.get());
    use(seastar::later(2).get()); // finding: blocking-call-in-coroutine
  });
}
future<int> called_by_its_maker() {
  auto wait_for = [](future<int> done) {
    use(done.get()); // finding: blocking-call-in-coroutine
  };
  wait_for(seastar::later(1));
  return seastar::later(1).then_wrapped(wait_for);
}
template <typename F> void call_it(F &f) { f(seastar::later(1)); }
future<int> called_by_another() {
  auto wait_for = [](future<int> done) {
    use(done.get()); // finding: blocking-call-in-coroutine
  };
  call_it(wait_for);
  return seastar::later(1).then_wrapped(wait_for);
}
auto after_many_another(std::vector<future<int>> others) {
  return seastar::when_all(seastar::later(1)).then([others = std::move(others)](auto) mutable {
    use(others.front().get()); // finding: blocking-call-in-coroutine
    use(std::get<0>(std::tuple<future<int>>(seastar::later(2))).get()); // finding: blocking-call-in-coroutine
  });
}
auto after_all_another(future<int> other) {
  return seastar::when_all(seastar::later(1), seastar::later(2)).then([other = std::move(other)](auto) mutable {
    use(other.get()); // finding: blocking-call-in-coroutine
  });
}
// A ready future may hold one that is not.
struct Holder {
  future<int> inner;
};
auto FN_held_by_a_ready_one(Holder holder) {
  return seastar::make_ready_future(std::move(holder)).then([](Holder held) { use(held.inner.get()); });
}

// A coroutine that starts at once and awaits nothing is over when it returns.
future<int> at_once() { co_return 1; }
future<int> at_once(bool b) {
  if (b)
    co_return 1;
  co_return 2;
}
future<int> at_once_of_another() { return at_once(true); }
future<int> in_time() {
  co_await seastar::later(1);
  co_return 1;
}
future<int> perhaps_in_time(bool b) {
  if (b)
    co_await seastar::later(1);
  co_return 1;
}
future<int> not_seen();
future<int> waits_for_coroutines(bool b) {
  use(at_once().get());
  future<int> kept = at_once(b);
  use(kept.get());
  use(at_once_of_another().get());
  use(in_time().get());          // finding: blocking-call-in-coroutine
  use(perhaps_in_time(b).get()); // finding: blocking-call-in-coroutine
  use(not_seen().get());         // finding: blocking-call-in-coroutine
  co_return 1;
}

// An awaiter that asks all of its futures, and goes on when they are there.
template <typename... F> struct Both {
  std::tuple<F...> futures_;
  future<int> other_;
  std::coroutine_handle<> waiter_;
  bool await_ready() {
    return std::apply([](const auto &...f) { return (f.available() && ...); }, futures_);
  }
  void await_suspend(std::coroutine_handle<> waiter) {
    waiter_ = waiter;
    start();
  }
  void start() { std::get<0>(futures_).then_wrapped([this](auto &&) { waiter_.resume(); }); }
  int await_resume() {
    use(std::get<0>(futures_).get());
    return [&]<std::size_t... I>(std::index_sequence<I...>) {
      return (std::get<I>(futures_).get() + ...);
    }(std::index_sequence_for<F...>());
  }
};
template <typename F> struct Another {
  std::tuple<F> futures_, others_;
  bool await_ready() {
    return std::apply([](const auto &f) { return f.available(); }, futures_);
  }
  void await_suspend(std::coroutine_handle<> waiter) { use(std::get<0>(futures_).available()); }
  int await_resume() {
    return std::get<0>(others_).get(); // finding: blocking-call-in-coroutine
  }
};
future<int> awaits_all(Both<future<int>, future<int>> both, Another<future<int>> another) {
  use(co_await both);
  use(co_await another);
  co_return 1;
}
