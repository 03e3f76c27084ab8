// RUN: %verify %s
// Objects that unlock at the end of their scope what they were given: a callable, a deleter, a reference.
#include "../Inputs/task.h"
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <utility>

std::mutex g_mutex;
bool ready();

template <class F> struct finally {
  F f;
  ~finally() { f(); }
};
template <class F> finally(F) -> finally<F>;
template <class F> class scope_exit {
public:
  explicit scope_exit(F f) : f_(std::move(f)) {}
  scope_exit(const scope_exit &) = delete;
  ~scope_exit() {
    if (active_)
      f_();
  }
  void dismiss() { active_ = false; }

private:
  F f_;
  bool active_ = true;
};
template <class F> scope_exit<F> make_scope_exit(F f) { return scope_exit<F>(std::move(f)); }
struct any_exit {
  std::function<void()> f;
  ~any_exit() { f(); }
};
struct unlocker {
  std::mutex &mutex;
  ~unlocker() { mutex.unlock(); }
};
struct functor {
  std::mutex &mutex;
  void operator()() const { mutex.unlock(); }
};

struct owner {
  std::mutex mutex_;
  int n_ = 0;
  task<> over_parameter(std::mutex &m) {
    {
      m.lock();
      finally unlock{[&m] { m.unlock(); }};
      use(1);
    }
    co_await tick();
  }
  task<> over_parameter_open(std::mutex &m) {
    m.lock();
    finally unlock{[&m] { m.unlock(); }};
    co_await tick(); // finding: lock-across-await certain "'m'"
  }
  task<> over_member() {
    {
      mutex_.lock();
      finally unlock{[this] { mutex_.unlock(); }};
      ++n_;
    }
    co_await tick();
  }
  task<> over_member_by_default_capture() {
    {
      mutex_.lock();
      finally unlock{[&] { mutex_.unlock(); }};
      ++n_;
    }
    co_await tick();
  }
  task<> over_member_of_another(owner &other) {
    {
      mutex_.lock();
      finally unlock{[&other] { other.mutex_.unlock(); }};
      ++n_;
    }
    co_await tick(); // finding: lock-across-await certain "'mutex_'"
    mutex_.unlock();
  }
  task<> by_class() {
    {
      mutex_.lock();
      scope_exit unlock([this] { mutex_.unlock(); });
      ++n_;
    }
    co_await tick();
  }
  task<> by_maker() {
    {
      mutex_.lock();
      auto unlock = make_scope_exit([this] { mutex_.unlock(); });
      ++n_;
    }
    co_await tick();
  }
  task<> by_any() {
    {
      mutex_.lock();
      any_exit unlock{[this] { mutex_.unlock(); }};
      ++n_;
    }
    co_await tick();
  }
};
task<> by_any_of_parameter(std::mutex &m) {
  {
    m.lock();
    any_exit unlock{[&m] { m.unlock(); }};
    use(1);
  }
  co_await tick();
}
task<> by_any_does_something_else(std::mutex &m) {
  {
    m.lock();
    any_exit note{[] { use(1); }};
    use(2);
  }
  co_await tick(); // finding: lock-across-await "'m'"
  m.unlock();
}
task<> by_maker_of_parameter(std::mutex &m) {
  {
    m.lock();
    auto unlock = make_scope_exit([&m] { m.unlock(); });
    use(1);
  }
  co_await tick();
}
task<> by_maker_open(std::mutex &m) {
  m.lock();
  auto unlock = make_scope_exit([&m] { m.unlock(); });
  co_await tick(); // finding: lock-across-await "'m'"
}
task<> by_reference(std::mutex &m) {
  {
    m.lock();
    unlocker unlock{m};
    use(1);
  }
  co_await tick();
}
task<> by_functor(std::mutex &m) {
  {
    m.lock();
    finally unlock{functor{m}};
    use(1);
  }
  co_await tick();
}
task<> by_copied_pointer(std::mutex *m) {
  {
    m->lock();
    finally unlock{[m] { m->unlock(); }};
    use(1);
  }
  co_await tick();
}
task<> by_named_closure(std::mutex &m) {
  {
    m.lock();
    auto give = [&m] { m.unlock(); };
    finally unlock{give};
    use(1);
  }
  co_await tick();
}
// The object that unlocks is behind a pointer, or in an optional.
struct adopts {
  std::mutex &mutex;
  explicit adopts(std::mutex &m) : mutex(m) {}
  ~adopts() { mutex.unlock(); }
};
struct adopts_pointer {
  std::mutex *mutex;
  explicit adopts_pointer(std::mutex *m) : mutex(m) {}
  ~adopts_pointer() { mutex->unlock(); }
};
struct own_guard {
  std::mutex &mutex;
  explicit own_guard(std::mutex &m) : mutex(m) { mutex.lock(); }
  ~own_guard() { mutex.unlock(); }
};
task<> aggregate_in_unique_ptr(std::mutex &m) {
  {
    m.lock();
    auto unlock = std::make_unique<unlocker>(m);
    use(1);
  }
  co_await tick();
}
task<> in_unique_ptr(std::mutex &m) {
  {
    m.lock();
    auto unlock = std::make_unique<adopts>(m);
    use(1);
  }
  co_await tick();
}
task<> in_unique_ptr_open(std::mutex &m) {
  m.lock();
  auto unlock = std::make_unique<adopts>(m);
  co_await tick(); // finding: lock-across-await certain "'m'"
}
task<> in_unique_ptr_reset(std::mutex &m) {
  m.lock();
  auto unlock = std::make_unique<adopts>(m);
  unlock.reset();
  co_await tick();
}
task<> in_unique_ptr_by_new(std::mutex &m) {
  {
    m.lock();
    std::unique_ptr<adopts_pointer> unlock(new adopts_pointer(&m));
    use(1);
  }
  co_await tick();
}
task<> in_shared_ptr(std::mutex &m) {
  {
    m.lock();
    auto unlock = std::make_shared<adopts>(m);
    use(1);
  }
  co_await tick();
}
task<> in_optional(std::mutex &m) {
  {
    m.lock();
    std::optional<adopts> unlock;
    unlock.emplace(m);
    use(1);
  }
  co_await tick();
}
task<> own_guard_in_optional(std::mutex &m) {
  std::optional<own_guard> lock;
  lock.emplace(m);
  use(1);
  lock.reset();
  co_await tick();
}
task<> own_guard_in_optional_open(std::mutex &m) {
  std::optional<own_guard> lock;
  lock.emplace(m);
  co_await tick(); // finding: lock-across-await certain "'m'"
}
task<> FN_own_guard_in_optional_in_place(std::mutex &m) { // a library's constructor that passes its arguments on
  std::optional<own_guard> lock(std::in_place, m);
  co_await tick();
}
task<> own_guard_in_unique_ptr_open(std::mutex &m) {
  auto lock = std::make_unique<own_guard>(m);
  co_await tick(); // finding: lock-across-await certain "'m'"
}
// A shared pointer calls its deleter, whatever it points to; a unique one only if it points to something.
task<> shared_to_nothing() {
  {
    std::shared_ptr<void> unlock(nullptr, [](void *) { g_mutex.unlock(); });
    g_mutex.lock();
    use(1);
  }
  co_await tick();
}
task<> unique_to_nothing() {
  {
    std::unique_ptr<std::mutex, void (*)(std::mutex *)> unlock(nullptr, [](std::mutex *) { g_mutex.unlock(); });
    g_mutex.lock();
    use(1);
  }
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
  g_mutex.unlock();
}
task<> shared_before_the_lock(std::mutex &m) {
  {
    std::shared_ptr<std::mutex> unlock(&m, [](std::mutex *p) { p->unlock(); });
    m.lock();
    use(1);
  }
  co_await tick();
}
task<> shared_before_the_lock_open(std::mutex &m) {
  std::shared_ptr<std::mutex> unlock(&m, [](std::mutex *p) { p->unlock(); });
  m.lock();
  co_await tick(); // finding: lock-across-await certain "'m'"
}

// Deleters.
struct releases {
  void operator()(std::mutex *m) const { m->unlock(); }
};
struct forgets {
  void operator()(std::mutex *) const { use(1); }
};
using borrowed = std::unique_ptr<std::mutex, releases>;
void release_it(std::mutex *m) { m->unlock(); }
borrowed locked(std::mutex &m) {
  m.lock();
  return borrowed(&m);
}
task<> by_deleter(std::mutex &m) {
  {
    m.lock();
    borrowed unlock(&m);
    use(1);
  }
  co_await tick();
}
task<> by_deleter_open(std::mutex &m) {
  m.lock();
  borrowed unlock(&m);
  co_await tick(); // finding: lock-across-await certain "'m'"
}
task<> by_deleter_that_forgets(std::mutex &m) {
  {
    m.lock();
    std::unique_ptr<std::mutex, forgets> note(&m);
    use(1);
  }
  co_await tick(); // finding: lock-across-await certain "'m'"
  m.unlock();
}
task<> by_deleter_reset(std::mutex &m) {
  m.lock();
  borrowed unlock(&m);
  unlock.reset();
  co_await tick();
}
task<> by_deleter_released(std::mutex &m) {
  m.lock();
  {
    borrowed unlock(&m);
    unlock.release();
  }
  co_await tick(); // finding: lock-across-await certain "'m'"
  m.unlock();
}
task<> by_deleter_moved(std::mutex &m) {
  m.lock();
  borrowed unlock(&m);
  { borrowed mine = std::move(unlock); }
  co_await tick();
}
task<> by_deleter_function(std::mutex &m) {
  {
    m.lock();
    std::unique_ptr<std::mutex, void (*)(std::mutex *)> unlock(&m, release_it);
    use(1);
  }
  co_await tick();
}
task<> by_deleter_closure(std::mutex &m) {
  {
    m.lock();
    auto give = [](std::mutex *p) { p->unlock(); };
    std::unique_ptr<std::mutex, decltype(give)> unlock(&m, give);
    use(1);
  }
  co_await tick();
}
task<> by_shared_deleter(std::mutex &m) {
  {
    m.lock();
    std::shared_ptr<std::mutex> unlock(&m, [](std::mutex *p) { p->unlock(); });
    use(1);
  }
  co_await tick();
}
task<> by_shared_deleter_open(std::mutex &m) {
  m.lock();
  std::shared_ptr<std::mutex> unlock(&m, [](std::mutex *p) { p->unlock(); });
  co_await tick(); // finding: lock-across-await certain "'m'"
}
task<> by_returned_deleter(std::mutex &m) {
  { auto lock = locked(m); }
  co_await tick();
}
task<> by_returned_deleter_open(std::mutex &m) {
  auto lock = locked(m);
  co_await tick(); // finding: lock-across-await "'m'"
}

// A scope exit that asks itself whether it is on: nobody switched it off, so it runs; what is off, or empty, does not.
template <class F> class switched {
public:
  explicit switched(F f) : f_(std::move(f)) {}
  ~switched() {
    if (on_)
      f_();
  }
  void off() { on_ = false; }

private:
  F f_;
  bool on_ = true;
};
struct wrapped {
  std::function<void()> action;
  explicit wrapped(std::function<void()> f) : action(std::move(f)) {}
  ~wrapped() {
    if (action)
      action();
  }
};
struct plain_pointer {
  void (*action)();
  ~plain_pointer() {
    if (action)
      action();
  }
};
template <class F> switched<F> at_end(F f) { return switched<F>(std::move(f)); }
std::mutex g_switched;
task<> switched_on() {
  g_switched.lock();
  { switched end([] { g_switched.unlock(); }); }
  co_await tick();
}
task<> switched_on_by_maker() {
  g_switched.lock();
  {
    auto end = at_end([&] { g_switched.unlock(); });
  }
  co_await tick();
}
task<> switched_on_still_there() {
  g_switched.lock();
  switched end([] { g_switched.unlock(); });
  co_await tick(); // finding: lock-across-await certain "'g_switched'"
}
task<> switched_off() {
  g_switched.lock();
  {
    switched end([] { g_switched.unlock(); });
    end.off();
  }
  co_await tick(); // finding: lock-across-await likely "'g_switched'"
  g_switched.unlock();
}
task<> wrapped_on() {
  g_switched.lock();
  { wrapped end([] { g_switched.unlock(); }); }
  co_await tick();
}
task<> wrapped_empty() {
  g_switched.lock();
  { wrapped end(nullptr); }
  co_await tick(); // finding: lock-across-await likely "'g_switched'"
  g_switched.unlock();
}
task<> pointer_on() {
  g_switched.lock();
  { plain_pointer end{[] { g_switched.unlock(); }}; }
  co_await tick();
}
task<> pointer_null() {
  g_switched.lock();
  { plain_pointer end{nullptr}; }
  co_await tick(); // finding: lock-across-await likely "'g_switched'"
  g_switched.unlock();
}
