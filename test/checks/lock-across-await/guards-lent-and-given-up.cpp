// Guards that library code is given references to, and guards in members that an implicit assignment or a move lets go of.
// RUN: %verify %s --checks lock-across-await
#include "../Inputs/task.h"
#include <functional>
#include <mutex>
#include <tuple>

std::mutex g_mutex;

// std::tie lends the guard to whoever gets the tuple.
task<> unlocks_what_is_tied() {
  std::unique_lock lock(g_mutex);
  std::apply([](auto &l) { l.unlock(); }, std::tie(lock));
  co_await tick(); // finding: lock-across-await likely
}
task<> unlocks_by_a_tuple() {
  std::unique_lock lock(g_mutex);
  auto all = std::tie(lock);
  std::apply([](auto &l) { l.unlock(); }, all);
  co_await tick(); // finding: lock-across-await likely
}
task<> unlocks_what_is_forwarded() {
  std::unique_lock lock(g_mutex);
  std::apply([](auto &l) { l.unlock(); }, std::forward_as_tuple(lock));
  co_await tick(); // finding: lock-across-await likely
}
task<> unlocks_a_reference() {
  std::unique_lock lock(g_mutex);
  std::apply([](auto &l) { l.unlock(); }, std::make_tuple(std::ref(lock)));
  co_await tick(); // finding: lock-across-await likely
}
task<> unlocks_what_it_gets() {
  std::unique_lock lock(g_mutex);
  std::get<0>(std::tie(lock)).unlock();
  co_await tick(); // finding: lock-across-await likely
}
// Others are lent, or what cannot be unlocked.
task<> lends_a_number() {
  std::unique_lock lock(g_mutex);
  int n = 0;
  std::apply([](auto &l) { l = 1; }, std::tie(n));
  co_await tick(); // finding: lock-across-await certain
}
task<> lends_a_lock_guard() {
  std::lock_guard lock(g_mutex);
  std::apply([](auto &) {}, std::tie(lock));
  co_await tick(); // finding: lock-across-await certain
}

struct part {
  std::unique_lock<std::mutex> lock;
};
struct whole {
  part inner;
  int n = 0;
};
struct plain {
  int a = 0, b = 0;
};
struct owner {
  whole w;
  plain p;
  void clear() { w = {}; }
  void clear_part() { w.inner = part(); }
  void give(owner &other) { other.w = std::move(w); }
  void drop() { whole gone = std::move(w); }
  whole take() { return std::move(w); }
  void forget() { p = {}; }

  task<> cleared() {
    w.inner.lock = std::unique_lock(g_mutex);
    clear();
    co_await tick();
  }
  task<> part_cleared() {
    w.inner.lock = std::unique_lock(g_mutex);
    clear_part();
    co_await tick();
  }
  task<> given() {
    w.inner.lock = std::unique_lock(g_mutex);
    {
      owner other;
      give(other);
    }
    co_await tick();
  }
  task<> dropped() {
    w.inner.lock = std::unique_lock(g_mutex);
    drop();
    co_await tick();
  }
  task<> taken() {
    w.inner.lock = std::unique_lock(g_mutex);
    take();
    co_await tick();
  }
  // What a summary says of a whole that is moved is that its parts hold nothing any more, not which object has them now.
  task<> FN_given_and_held(owner &other) {
    w.inner.lock = std::unique_lock(g_mutex);
    give(other);
    co_await tick();
  }
  task<> another_member() {
    w.inner.lock = std::unique_lock(g_mutex);
    forget();
    co_await tick(); // finding: lock-across-await certain
  }
  task<> cleared_before() {
    clear();
    w.inner.lock = std::unique_lock(g_mutex);
    co_await tick(); // finding: lock-across-await certain
  }
};
task<> assigned() {
  owner o;
  o.w.inner.lock = std::unique_lock(g_mutex);
  o = owner();
  co_await tick();
}
task<> assigned_to_another() {
  owner o, other;
  o.w.inner.lock = std::unique_lock(g_mutex);
  other = owner();
  co_await tick(); // finding: lock-across-await certain
}

// A list in a list.
task<> moved_in_nested_list_and_kept() {
  whole object;
  object.inner.lock = std::unique_lock(g_mutex);
  whole other{{std::move(object.inner.lock)}, 3};
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
task<> another_moved_in_nested_list() {
  whole object;
  object.inner.lock = std::unique_lock(g_mutex);
  std::unique_lock<std::mutex> none;
  { whole other{{std::move(none)}, 3}; }
  co_await tick(); // finding: lock-across-await certain "'g_mutex'"
}
