// An async lock that is taken without co_await is not taken: the commonest form stores the awaitable as if it were the
// guard, which [[nodiscard]] does not see.
// RUN: %verify %s
#include "../Inputs/task.h"

struct [[nodiscard]] units {
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  async_guard await_resume();
};
struct rwlock {
  units hold_write_lock();
  units hold_read_lock();
};
struct counting_semaphore {
  units acquire(int = 1);
};
units get_units(counting_semaphore &, int);

async_mutex m;
rwlock lock_;
counting_semaphore slots;
int shared_value;

task<> dropped() {
  m.lock();         // finding: discarded-awaitable certain "is dropped here; the lock is not held, and the code below runs without it" "co_await it"
  m.scoped_lock();  // finding: discarded-awaitable certain "the lock is not held"
  slots.acquire();  // finding: discarded-awaitable certain "the lock is not held"
  ++shared_value;
  m.unlock();
  co_await tick();
}

task<> stored() {
  auto units = lock_.hold_write_lock(); // finding: discarded-awaitable certain "is stored in 'units' and never awaited; the lock is not held" "co_await it: 'auto guard = co_await lock_.hold_write_lock(…);'."
  ++shared_value;
  co_await write_all();
}

task<> stored_const() {
  const auto g = m.scoped_lock(); // finding: discarded-awaitable certain
  ++shared_value;
  co_return;
}

task<> stored_by_type() {
  awaitable<async_guard> g = m.hold_lock(); // finding: discarded-awaitable certain
  awaitable<async_guard> h{m.hold_lock()};  // finding: discarded-awaitable certain
  awaitable<async_guard> i(m.hold_lock());  // finding: discarded-awaitable certain
  ++shared_value;
  co_return;
}

task<> stored_by_reference() {
  auto &&g = m.scoped_lock();       // finding: discarded-awaitable certain
  const auto &h = m.scoped_lock();  // finding: discarded-awaitable certain
  ++shared_value;
  co_return;
}

task<> marked_unused() {
  [[maybe_unused]] auto g = m.scoped_lock(); // finding: discarded-awaitable certain
  ++shared_value;
  co_return;
}

task<> by_function() {
  auto u = get_units(slots, 1); // finding: discarded-awaitable certain "the lock is not held"
  ++shared_value;
  co_return;
}

task<> in_init_statement() {
  if (auto g = m.scoped_lock(); shared_value > 0) // finding: discarded-awaitable certain
    --shared_value;
  switch (auto g = m.scoped_lock(); shared_value) { // finding: discarded-awaitable certain
  case 1: --shared_value;
  }
  for (auto g = m.scoped_lock(); shared_value > 0;) // finding: discarded-awaitable certain
    --shared_value;
  co_return;
}

task<> in_inner_scope() {
  {
    auto g = m.scoped_lock(); // finding: discarded-awaitable certain
    ++shared_value;
  }
  co_await tick();
}

task<> in_loop(int n) {
  for (int i = 0; i < n; ++i) {
    auto g = m.scoped_lock(); // finding: discarded-awaitable certain "never awaited"
    ++shared_value;
    co_await tick();
  }
}

task<> in_lambda() {
  auto body = [&]() -> task<> {
    auto g = m.scoped_lock(); // finding: discarded-awaitable certain
    ++shared_value;
    co_return;
  };
  co_await body();
}

class Cache {
public:
  task<> put() {
    auto g = mutex_.scoped_lock(); // finding: discarded-awaitable certain "'async_mutex::scoped_lock' returns is stored in 'g'"
    ++size_;
    co_return;
  }
  void put_now() {
    auto g = mutex_.scoped_lock(); // finding: discarded-awaitable certain "Take it in a coroutine: 'auto guard = co_await mutex_.scoped_lock(…);'."
    ++size_;
  }

private:
  async_mutex mutex_;
  int size_ = 0;
};

template <class Lock> task<> in_template(Lock &lock) {
  auto g = lock.scoped_lock(); // finding: discarded-awaitable certain
  ++shared_value;
  co_return;
}
task<> instantiates() { co_await in_template(m); }

task<> two_locks_one_awaited(async_mutex &a, async_mutex &b) {
  auto first = co_await a.scoped_lock();
  auto second = b.scoped_lock(); // finding: discarded-awaitable certain "stored in 'second'"
  ++shared_value;
}

task<> awaited(async_mutex &a) {
  auto guard = co_await a.scoped_lock();
  co_await a.lock();
  auto units = co_await lock_.hold_read_lock();
  auto pending = a.scoped_lock();
  auto late = co_await pending;
  ++shared_value;
}

// Names that only sound like a lock.
struct camel {
  units coScopedLock();
  units asyncLock();
  units holdReadLock();
  units AcquireAsync();
};
void camel_case(camel &c) {
  c.coScopedLock(); // finding: discarded-awaitable certain "the lock is not held"
  c.asyncLock();    // finding: discarded-awaitable certain "the lock is not held"
  c.holdReadLock(); // finding: discarded-awaitable certain "the lock is not held"
  c.AcquireAsync(); // finding: discarded-awaitable certain "the lock is not held"
}

awaitable<> unlock_later();
awaitable<> next_block();
awaitable<> clock_tick();
awaitable<> release();
awaitable<> test_lock_order();
eager_task<> lock_eagerly();
struct doorbell { // what it gives unlocks nothing, nor does it
  awaitable<int> acquire();
  awaitable<> lock();
};
void not_locks(doorbell &d) {
  d.acquire();    // finding: discarded-awaitable certain "nobody waits for it"
  d.lock();       // finding: discarded-awaitable certain "nobody waits for it"
  unlock_later(); // finding: discarded-awaitable certain "nobody waits for it"
  next_block();   // finding: discarded-awaitable certain "nobody waits for it"
  clock_tick();   // finding: discarded-awaitable certain "nobody waits for it"
  release();      // finding: discarded-awaitable certain "nobody waits for it"
  test_lock_order(); // finding: discarded-awaitable certain "nobody waits for it"
  lock_eagerly(); // finding: discarded-awaitable certain "nobody waits for the task"
}

task<> structured_binding(async_mutex &a, async_mutex &b) {
  auto [first, second] = std::pair(a.scoped_lock(), b.scoped_lock()); // finding: discarded-awaitable "structured binding"
  ++shared_value;
  co_return;
}
task<> structured_binding_awaited(async_mutex &a, async_mutex &b) {
  auto [first, second] = std::pair(a.scoped_lock(), b.scoped_lock());
  auto one = co_await first;
  auto two = co_await second;
  ++shared_value;
}
// That one of them is awaited says enough: the other is not followed.
task<> FN_second_of_a_structured_binding(async_mutex &a, async_mutex &b) {
  auto [first, second] = std::pair(a.scoped_lock(), b.scoped_lock());
  auto one = co_await first;
  ++shared_value;
}
