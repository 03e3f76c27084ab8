// An assignment ends what was there before: a member's first value, given in the constructor, ends nothing.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <memory>
#include <thread>

struct Worker {
  std::thread thread;
  ~Worker() { thread.join(); } // of none of them anything ends
};
struct Ended {
  std::thread thread;
  ~Ended() { thread.join(); } // finding: blocking-call-in-coroutine "coroutine 'second_values'" "coroutine 'second_values_too'"
};

struct FromNull {
  std::unique_ptr<Worker> worker = nullptr;
  FromNull() { worker = std::make_unique<Worker>(); }
};
struct FromNothing {
  std::unique_ptr<Worker> worker;
  FromNothing() { worker = std::make_unique<Worker>(); }
};
struct FromNullInList {
  std::shared_ptr<Worker> worker;
  FromNullInList() : worker(nullptr) { worker = std::make_shared<Worker>(); }
};
struct FromBraces {
  std::unique_ptr<Worker> worker{};
  FromBraces() { worker = std::unique_ptr<Worker>(new Worker); }
};
struct FromAWorker {
  std::unique_ptr<Ended> worker = std::make_unique<Ended>();
  FromAWorker() { worker = std::make_unique<Ended>(); }
};
struct Twice {
  std::unique_ptr<Ended> worker = nullptr;
  Twice() {
    worker = std::make_unique<Ended>();
    worker = std::make_unique<Ended>();
  }
};
task<> first_values() {
  new FromNull;
  new FromNothing;
  new FromNullInList;
  new FromBraces;
  co_await tick();
}
task<> in_a_local() {
  std::unique_ptr<Worker> worker = nullptr;
  worker = std::make_unique<Worker>();
  worker.release();
  co_await tick();
}
task<> second_values() {
  new FromAWorker;
  co_await tick();
}
task<> second_values_too() {
  new Twice;
  co_await tick();
}
