// Callables that are kept and called later: setters, members, globals, containers.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <functional>
#include <map>
#include <memory>
#include <queue>
#include <string>
#include <thread>
#include <vector>
using namespace std::chrono_literals;

class Button {
public:
  void on_press(std::function<void()> handler) { handler_ = std::move(handler); }
  task<> press() {
    handler_();
    co_await tick();
  }

private:
  std::function<void()> handler_;
};
void install(Button &button) {
  button.on_press([] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
}

class Timer {
public:
  explicit Timer(std::function<void()> handler) : handler_(std::move(handler)) {}
  task<> run() {
    co_await tick();
    if (handler_)
      handler_();
  }

private:
  std::function<void()> handler_;
};
void slow() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
std::unique_ptr<Timer> make_timer() { return std::make_unique<Timer>(slow); }
Timer make_another() {
  return Timer([] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
}

std::function<int()> g_source;
void set_source() {
  g_source = [] {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    return 1;
  };
}
task<> reads_the_source() {
  use(g_source());
  co_await tick();
}

// Two handlers of one class, in two fields.
struct Two {
  std::function<void()> quick, slow;
  task<> run() {
    quick();
    co_await tick();
  }
};
void fill(Two &two) {
  two.quick = [] {};
  two.slow = [] { std::this_thread::sleep_for(1s); };
}

// What one caller passes is not what another passes.
void call(const std::function<void()> &f) { f(); }
task<> passes_a_quick_one() {
  call([] {});
  co_await tick();
}
void passes_a_slow_one() {
  call([] { std::this_thread::sleep_for(1s); });
}

// In containers.
struct Signal {
  std::vector<std::function<void()>> slots;
  void connect(std::function<void()> slot) { slots.push_back(std::move(slot)); }
  task<> emit() {
    for (auto &slot : slots)
      slot();
    co_await tick();
  }
};
void connects(Signal &signal) {
  signal.connect([] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine likely
}
class Commands {
public:
  void add(const std::string &name, std::function<void()> run) { by_name_[name] = std::move(run); }
  void add_pair(const std::string &name, std::function<void()> run) { in_pairs_.insert({name, std::move(run)}); }
  void add_entry(int number, std::function<void()> run) { entries_.push_back(Entry{number, std::move(run)}); }
  task<> run(const std::string &name) {
    if (auto found = by_name_.find(name); found != by_name_.end())
      found->second();
    for (auto &[key, run] : in_pairs_)
      run();
    for (const Entry &entry : entries_)
      entry.run();
    co_await tick();
  }

private:
  struct Entry {
    int number;
    std::function<void()> run;
  };
  std::map<std::string, std::function<void()>> by_name_, in_pairs_;
  std::vector<Entry> entries_;
};
void add_commands(Commands &commands) {
  commands.add("slow", [] { std::this_thread::sleep_for(1s); });      // finding: blocking-call-in-coroutine
  commands.add_pair("slow", [] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
  commands.add_entry(1, [] { std::this_thread::sleep_for(1s); });     // finding: blocking-call-in-coroutine
}
// A copy, a swap, a local.
class Later {
public:
  void add(std::function<void()> work) { pending_.emplace_back(std::move(work)); }
  void add_more(std::function<void()> work) { more_.push(std::move(work)); }
  task<> run() {
    std::vector<std::function<void()>> due;
    due.swap(pending_);
    for (auto &work : due)
      work();
    while (!more_.empty()) {
      auto next = std::move(more_.front());
      more_.pop();
      next();
    }
    co_await tick();
  }

private:
  std::vector<std::function<void()>> pending_;
  std::queue<std::function<void()>> more_;
};
void add_later(Later &later) {
  later.add([] { std::this_thread::sleep_for(1s); });      // finding: blocking-call-in-coroutine
  later.add_more([] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
}
task<> calls_a_list_of_its_own() {
  std::vector<std::function<void()>> steps;
  steps.push_back([] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
  for (auto &step : steps)
    step();
  co_await tick();
}
// What is put into one is not in another, and what is only kept is not called.
struct TwoLists {
  std::vector<std::function<void()>> quick, slow;
  task<> run() {
    for (auto &work : quick)
      work();
    co_await tick();
  }
};
void fill_lists(TwoLists &lists) {
  lists.quick.push_back([] {});
  lists.slow.push_back([] { std::this_thread::sleep_for(1s); });
}

// A project's own pool: what it is given is not called by who gives it.
struct Pool {
  std::vector<std::function<void()>> queue;
  void submit(std::function<void()> work) { queue.push_back(std::move(work)); }
};
task<> submits(Pool &pool) {
  pool.submit([] { std::this_thread::sleep_for(1s); });
  co_await tick();
}

// What one object was given to call is not called by another of its class.
class Saver {
public:
  explicit Saver(std::function<void(int)> save) : save_(std::move(save)) {}
  void save() { save_(3); }
  task<> run() {
    save();
    co_await tick();
  }

private:
  std::function<void(int)> save_;
};
static Saver memory_saver([](int) {});
void save_at_exit() {
  Saver disk([](int) { std::this_thread::sleep_for(1s); });
  disk.save();
}
task<> saves_to_memory() { co_await memory_saver.run(); }
class OtherSaver {
public:
  explicit OtherSaver(std::function<void(int)> save) : save_(std::move(save)) {}
  void save() { save_(3); }

private:
  std::function<void(int)> save_;
};
task<> saves_to_disk() {
  OtherSaver memory([](int) {});
  OtherSaver disk([](int) { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
  memory.save();
  disk.save();
  co_await tick();
}
// One that is set anew may hold any.
class SetAnew {
public:
  explicit SetAnew(std::function<void()> call) : call_(std::move(call)) {}
  void set(std::function<void()> call) { call_ = std::move(call); }
  void run() { call_(); }

private:
  std::function<void()> call_;
};
task<> sets_anew() {
  SetAnew object([] {});
  object.set([] { std::this_thread::sleep_for(1s); }); // finding: blocking-call-in-coroutine
  object.run();
  co_await tick();
}

// What a function has put there itself, last and on every way, is what it calls.
struct Handler {
  std::function<void()> run;
  void (*plain)() = nullptr;
  void reset() { run = nullptr; }
};
void sleeps() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "coroutine 'changed_by_a_lambda'"
void quickly() {}
void changes(Handler &handler);
std::unique_ptr<Handler> make_handler() { return std::make_unique<Handler>(); }
task<> quick_of_two() {
  Handler slow, quick;
  slow.run = sleeps;
  quick.run = [] {};
  quick.run();
  co_await tick();
}
task<> quick_by_pointer() {
  Handler *slow = new Handler, *quick = new Handler;
  slow->run = sleeps;
  quick->run = [] {};
  quick->run();
  co_await tick();
}
task<> quick_of_a_factory() {
  auto slow = make_handler(), quick = make_handler();
  slow->plain = sleeps;
  quick->plain = quickly;
  quick->plain();
  co_await tick();
}
task<> quick_after_all() {
  Handler handler;
  handler.run = sleeps;
  changes(handler);
  handler.run = quickly;
  handler.run();
  co_await tick();
}
task<> slow_of_two() {
  Handler slow, quick;
  quick.run = [] {};
  slow.run = [] { std::this_thread::sleep_for(1s); }; // finding: blocking-call-in-coroutine likely "coroutine 'slow_of_two'"
  slow.run();
  co_await tick();
}
task<> on_some_way(bool any) {
  Handler handler;
  handler.run = [] {};
  if (any)
    handler.run = [] { std::this_thread::sleep_for(1s); }; // finding: blocking-call-in-coroutine "coroutine 'on_some_way'"
  handler.run();
  co_await tick();
}
task<> perhaps_the_same(Handler *quick, Handler *slow) {
  quick->run = [] {};
  slow->run = [] { std::this_thread::sleep_for(1s); }; // finding: blocking-call-in-coroutine "coroutine 'perhaps_the_same'"
  quick->run();
  co_await tick();
}
task<> changed_by_a_call() {
  Handler handler;
  handler.plain = quickly;
  changes(handler);
  handler.plain();
  co_await tick();
}
void changes(Handler &handler) {
  handler.plain = [] { std::this_thread::sleep_for(1s); }; // finding: blocking-call-in-coroutine likely "coroutine 'changed_by_a_call'"
}
task<> changed_by_a_lambda() {
  Handler handler;
  handler.plain = quickly;
  auto change = [&handler] { handler.plain = sleeps; };
  change();
  handler.plain();
  co_await tick();
}
task<> in_the_next_round() {
  Handler handler;
  handler.run = [] {};
  for (int i = 0; i < 3; ++i) {
    handler.run();
    handler.run = [] { std::this_thread::sleep_for(1s); }; // finding: blocking-call-in-coroutine "coroutine 'in_the_next_round'"
  }
  co_await tick();
}
