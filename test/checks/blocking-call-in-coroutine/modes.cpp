// Objects that block in one of their modes: who makes the object decides, where it sets no other mode.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <future>
#include <utility>

enum class Mode { asynchronous, blocking };

// Its mode is what the member's initialiser says, which is not seen: the same for every object.
struct Query {
  Mode mode_ = Mode::asynchronous;
  void exec(std::future<int> &result) {
    if (mode_ == Mode::blocking)
      use(result.get()); // finding: blocking-call-in-coroutine possible
  }
};
task<> mode_that_is_never_set(std::future<int> result) {
  Query query;
  query.exec(result);
  co_await tick();
}
struct OpenQuery {
  Mode mode_ = Mode::asynchronous;
  void exec(std::future<int> &result) {
    if (mode_ == Mode::blocking)
      use(result.get()); // finding: blocking-call-in-coroutine likely
  }
};
task<> mode_of_an_aggregate(std::future<int> result) {
  OpenQuery query{Mode::blocking};
  query.exec(result);
  co_await tick();
}

// Its mode is what its constructor says.
class Request {
public:
  Request() {}
  explicit Request(Mode mode) : mode_(mode) {}
  void exec(std::future<int> &result) { run(result); }
  void set(Mode mode) { mode_ = mode; }
  void set_in_two_steps(Mode mode) { set(mode); }

private:
  void run(std::future<int> &result) {
    if (mode_ == Mode::asynchronous)
      return;
    use(result.get()); // finding: blocking-call-in-coroutine likely "coroutine 'given_by_the_constructor'"
  }
  Mode mode_ = Mode::asynchronous;
};
task<> made_in_the_other_mode(std::future<int> result) {
  Request request;
  request.exec(result);
  co_await tick();
}
Request make_request() { return Request(); }
task<> made_by_a_function(std::future<int> result) {
  auto request = make_request();
  request.exec(result);
  make_request().exec(result);
  co_await tick();
}
task<> given_by_the_constructor(std::future<int> result) {
  Request request(Mode::blocking);
  request.exec(result);
  co_await tick();
}

// Set on the way, by whatever means.
template <int n> class Setter {
public:
  Setter() {}
  void exec(std::future<int> &result) {
    if (mode_ == Mode::blocking)
      use(result.get()); // finding: blocking-call-in-coroutine likely "also reached from coroutine 'set_by_another'" "'set_in_a_lambda'" "'set_by_hand'" "'set_elsewhere'" "'set_before'" "'Holder::kept'"
  }
  void set(Mode mode) { mode_ = mode; }
  Mode mode_ = Mode::asynchronous;
};
task<> set_by_a_method(std::future<int> result) {
  Setter<0> setter;
  setter.set(Mode::blocking);
  setter.exec(result);
  co_await tick();
}
template <int n> void choose(Setter<n> &setter) { setter.set(Mode::blocking); }
task<> set_by_another(std::future<int> result) {
  Setter<1> setter;
  choose(setter);
  setter.exec(result);
  co_await tick();
}
task<> set_in_a_lambda(std::future<int> result) {
  Setter<2> setter;
  auto set = [&setter] { setter.mode_ = Mode::blocking; };
  set();
  setter.exec(result);
  co_await tick();
}
task<> set_by_hand(std::future<int> result) {
  Setter<3> setter;
  setter.mode_ = Mode::blocking;
  setter.exec(result);
  co_await tick();
}
void configure(Setter<4> &setter);
task<> set_elsewhere(std::future<int> result) {
  Setter<4> setter;
  configure(setter);
  setter.exec(result);
  co_await tick();
}
task<> set_before(Setter<5> setter, std::future<int> result) {
  setter.exec(result);
  co_await tick();
}
struct Holder {
  Setter<6> setter_;
  task<> kept(std::future<int> result) {
    setter_.exec(result);
    co_await tick();
  }
};

struct Switched {
  Switched() {}
  bool quick_ = true;
  void exec(std::future<int> &result) {
    if (!quick_)
      use(result.get()); // finding: blocking-call-in-coroutine likely "coroutine 'switches'"
  }
  void slow_down() { quick_ = false; }
};
task<> switches(std::future<int> result) {
  Switched object;
  object.slow_down();
  object.exec(result);
  co_await tick();
}
task<> does_not_switch(std::future<int> result) {
  Switched object;
  object.exec(result);
  co_await tick();
}

// Handed on in a member: whoever made it may have set anything. Nobody did.
class HandedOn {
public:
  HandedOn() {}
  void exec(std::future<int> &result) {
    if (mode_ == Mode::blocking)
      use(result.get()); // finding: blocking-call-in-coroutine
  }
  void set(Mode mode) { mode_ = mode; }

private:
  Mode mode_ = Mode::asynchronous;
};
class Keeper {
public:
  explicit Keeper(HandedOn &&given) : kept_(std::move(given)) {}
  void start(std::future<int> &result) { kept_.exec(result); }

private:
  HandedOn kept_;
};
task<> FP_mode_in_a_member(std::future<int> result) {
  Keeper keeper(HandedOn{});
  keeper.start(result);
  co_await tick();
}

// Values of a parameter: the caller gives a constant, itself or through others.
enum class How { now, later, blocking };
void by_switch(How how, std::future<int> &result) {
  switch (how) {
  case How::now:
  case How::later: return;
  case How::blocking: use(result.get()); // finding: blocking-call-in-coroutine likely "coroutine 'switch_the_one'"
  }
}
task<> switch_the_one(std::future<int> result) {
  by_switch(How::blocking, result);
  co_await tick();
}
void by_switch_never(How how, std::future<int> &result) {
  switch (how) {
  case How::now: return;
  case How::later: return;
  case How::blocking: use(result.get());
  }
}
task<> switch_the_others(std::future<int> result) {
  by_switch_never(How::now, result);
  by_switch_never(How::later, result);
  co_await tick();
}
int main() { // no coroutine: it may wait
  std::future<int> result;
  by_switch_never(How::blocking, result);
}
void by_default(How how, std::future<int> &result) {
  switch (how) {
  case How::now: return;
  default: use(result.get()); // finding: blocking-call-in-coroutine likely
  }
}
task<> default_not_excluded(std::future<int> result) {
  by_default(How::now, result);
  by_default(How::later, result);
  co_await tick();
}
void by_default_never(How how, std::future<int> &result) {
  switch (how) {
  case How::now: return;
  default: use(result.get());
  }
}
task<> default_excluded(std::future<int> result) {
  by_default_never(How::now, result);
  co_await tick();
}
void by_flag(bool wait, std::future<int> &result) {
  if (!wait)
    return;
  use(result.get());
}
void pass_the_flag_on(std::future<int> &result, bool wait) { by_flag(wait, result); }
task<> flag_is_false(std::future<int> result) {
  constexpr bool no = false;
  by_flag(no, result);
  pass_the_flag_on(result, false);
  co_await tick();
}
void by_open_flag(bool wait, std::future<int> &result) {
  if (wait)
    use(result.get()); // finding: blocking-call-in-coroutine likely
}
task<> flag_is_open(std::future<int> result, bool wait) {
  by_open_flag(wait, result);
  co_await tick();
}
void by_changed_flag(bool wait, std::future<int> &result) {
  if (result.valid())
    wait = true;
  if (wait)
    use(result.get()); // finding: blocking-call-in-coroutine likely
}
task<> flag_that_changes(std::future<int> result) {
  by_changed_flag(false, result);
  co_await tick();
}
// A coroutine that nobody makes with the value.
task<> coroutine_by_value(How how, std::future<int> &result) {
  if (how == How::blocking)
    use(result.get());
  co_await tick();
}
task<> coroutine_by_other_value(How how, std::future<int> &result) {
  if (how == How::blocking)
    use(result.get()); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> makes_them(std::future<int> &result, How how) {
  co_await coroutine_by_value(How::now, result);
  co_await coroutine_by_value(How::later, result);
  co_await coroutine_by_other_value(How::now, result);
  co_await coroutine_by_other_value(how, result);
}
