// RUN: %verify %s
// Locks that others take and give back: virtual functions, kept callables, function pointers.
#include "../Inputs/task.h"
#include <algorithm>
#include <functional>
#include <memory>
#include <mutex>
#include <utility>
#include <vector>

std::mutex g_mutex;
bool ready();

// One implementation.
struct door {
  std::mutex mutex;
  virtual ~door() = default;
  virtual void enter() { mutex.lock(); }
  virtual void leave() { mutex.unlock(); }
};
task<> by_virtual(door &d) {
  d.enter();
  co_await tick(); // finding: lock-across-await likely "'d.mutex'"
  d.leave();
}
task<> by_virtual_fixed(door &d) {
  d.enter();
  d.leave();
  co_await tick();
}
task<> by_virtual_of_two(door &d, door &e) {
  d.enter();
  e.leave();
  co_await tick(); // finding: lock-across-await likely "'d.mutex'"
}

// Several, one of which locks nothing: who enters by one leaves by the same.
struct gate {
  virtual ~gate() = default;
  virtual void enter() = 0;
  virtual void leave() = 0;
  virtual bool try_enter() = 0;
};
struct locked_gate : gate {
  std::mutex mutex;
  void enter() override { mutex.lock(); }
  void leave() override { mutex.unlock(); }
  bool try_enter() override { return mutex.try_lock(); }
};
struct open_gate : gate {
  void enter() override {}
  void leave() override {}
  bool try_enter() override { return true; }
};
struct global_gate : gate {
  void enter() override { g_mutex.lock(); }
  void leave() override { g_mutex.unlock(); }
  bool try_enter() override { return g_mutex.try_lock(); }
};
struct loud_gate : locked_gate {
  void enter() override {
    use(1);
    locked_gate::enter();
  }
};
task<> by_interface(gate &g) {
  g.enter();
  co_await tick(); // finding: lock-across-await likely
  g.leave();
}
task<> by_interface_fixed(gate &g) {
  g.enter();
  use(1);
  g.leave();
  co_await tick();
}
task<> by_interface_at_times(gate &g, bool c) {
  g.enter();
  if (c)
    g.leave();
  co_await tick(); // finding: lock-across-await likely
}
task<> by_interface_tried(gate &g) {
  if (!g.try_enter())
    co_await tick();
  else
    g.leave();
}
task<> by_interface_in_pointer(std::unique_ptr<gate> g) {
  g->enter();
  co_await tick(); // finding: lock-across-await likely
  g->leave();
}
struct owner {
  gate &gate_;
  void begin() { gate_.enter(); }
  void end() { gate_.leave(); }
  task<> run() {
    begin();
    co_await tick(); // finding: lock-across-await likely
    end();
  }
  task<> run_fixed() {
    begin();
    end();
    co_await tick();
  }
};
task<> by_final_class() {
  locked_gate g;
  g.enter();
  co_await tick(); // finding: lock-across-await certain "'g.mutex'"
  g.leave();
}
struct coroutine_gate {
  virtual ~coroutine_gate() = default;
  virtual task<> enter() = 0;
  virtual void leave() = 0;
};
struct locked_coroutine_gate : coroutine_gate {
  std::mutex mutex;
  task<> enter() override {
    mutex.lock();
    co_return;
  }
  void leave() override { mutex.unlock(); }
};
task<> by_virtual_coroutine(coroutine_gate &g) {
  co_await g.enter();
  co_await tick(); // finding: lock-across-await likely "'locked_coroutine_gate::mutex'"
  g.leave();
}
task<> by_virtual_coroutine_fixed(coroutine_gate &g) {
  co_await g.enter();
  g.leave();
  co_await tick();
}

// Kept callables.
task<> by_kept(std::mutex &mine) {
  std::function<void()> take = [&mine] { mine.lock(); };
  take();
  co_await tick(); // finding: lock-across-await "'mine'"
  mine.unlock();
}
task<> by_kept_unlocked(std::mutex &mine) {
  std::function<void()> give = [&mine] { mine.unlock(); };
  mine.lock();
  give();
  co_await tick();
}
task<> by_kept_pair(std::mutex &mine) {
  std::function<void()> take = [&mine] { mine.lock(); }, give = [&mine] { mine.unlock(); };
  take();
  give();
  co_await tick();
}
task<> by_kept_not_called(std::mutex &mine) {
  std::function<void()> take = [&mine] { mine.lock(); };
  co_await tick();
  take();
  mine.unlock();
}
task<> by_closure(std::mutex &mine) {
  auto take = [&] { mine.lock(); };
  auto give = [&] { mine.unlock(); };
  take();
  co_await tick(); // finding: lock-across-await certain "'mine'"
  give();
  co_await tick();
}
task<> by_closure_in_closure(std::mutex &mine) {
  auto give = [&] { mine.unlock(); };
  auto end = [&] {
    use(1);
    give();
  };
  mine.lock();
  end();
  co_await tick();
}
class hooked {
public:
  hooked() {
    enter_ = [this] { mutex_.lock(); };
    leave_ = [this] { mutex_.unlock(); };
  }
  task<> run() {
    enter_();
    co_await tick(); // finding: lock-across-await likely "'mutex_'"
    leave_();
  }
  task<> run_fixed() {
    enter_();
    leave_();
    co_await tick();
  }

private:
  std::mutex mutex_;
  std::function<void()> enter_, leave_;
};
class hooked_in_place {
public:
  task<> run() {
    mutex_.lock();
    leave_();
    co_await tick();
  }

private:
  std::mutex mutex_;
  std::function<void()> leave_ = [this] { mutex_.unlock(); };
};
task<> runs_hooked_in_place() {
  hooked_in_place h;
  co_await h.run();
}

// Function pointers.
void take(std::mutex &m) { m.lock(); }
void give(std::mutex &m) { m.unlock(); }
task<> by_pointer(std::mutex &mine) {
  void (*enter)(std::mutex &) = take;
  enter(mine);
  co_await tick(); // finding: lock-across-await "'mine'"
  give(mine);
}
task<> by_pointer_fixed(std::mutex &mine) {
  auto *leave = &give;
  take(mine);
  leave(mine);
  co_await tick();
}

// Callables that are run by who is given them.
template <class F> void run(F f) { f(); }
template <class F> void run_twice_removed(F &&f) { run(std::forward<F>(f)); }
void run_any(const std::function<void()> &f) { f(); }
task<> handed_on(std::mutex &mine) {
  mine.lock();
  run([&] { mine.unlock(); });
  co_await tick();
}
task<> handed_on_takes(std::mutex &mine) {
  run([&] { mine.lock(); });
  co_await tick(); // finding: lock-across-await "'mine'"
  mine.unlock();
}
task<> handed_on_twice(std::mutex &mine) {
  mine.lock();
  run_twice_removed([&] { mine.unlock(); });
  co_await tick();
}
task<> handed_on_as_any(std::mutex &mine) {
  mine.lock();
  run_any([&] { mine.unlock(); });
  co_await tick();
}
task<> handed_to_algorithm() {
  std::vector<std::unique_lock<std::mutex>> held;
  held.emplace_back(g_mutex);
  std::for_each(held.begin(), held.end(), [](std::unique_lock<std::mutex> &lock) { lock.unlock(); });
  co_await tick();
}
task<> handed_to_call_once(std::mutex &mine) {
  static std::once_flag once;
  mine.lock();
  std::call_once(once, [&] { use(1); });
  co_await tick(); // finding: lock-across-await certain "'mine'"
  mine.unlock();
}
task<> invoked(std::mutex &mine) {
  mine.lock();
  std::invoke([&] { mine.unlock(); });
  co_await tick();
}
