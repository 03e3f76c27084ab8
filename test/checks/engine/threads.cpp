// Abstract threads: where each is created, by whom, one or several, what it runs with what bound, and what it reaches.
// RUN: %tenterhook threads %s -- -std=c++20 | FileCheck %s
#include <functional>
#include <future>
#include <pthread.h>
#include <thread>
#include <vector>

void leaf();
void tick() { leaf(); }

// Created once, by main: one.
void once() { leaf(); }
// CHECK-LABEL: origin 0: main
// CHECK-NEXT: runs main
// CHECK: reaches {{.*}}starts_twice{{.*}}later{{.*}}main

// CHECK-LABEL: origin 1: unseen
// CHECK-NEXT: runs nobody_calls_it

// Two callers of a starter: several.
struct Twice {
  std::vector<std::thread> threads;
  void start() { threads.push_back(std::thread([this] { work(); })); }
  void work() { tick(); }
};
// CHECK: origin {{[0-9]+}}: thread, several, created at {{.*}}threads.cpp:[[#@LINE-3]]:{{[0-9]+}} in Twice::start by 0{{$}}
// CHECK-NEXT: runs lambda in Twice::start{{.*}}captures this
// CHECK-NEXT: reaches tick, lambda in Twice::start, Twice::work
void starts_twice() {
  Twice twice;
  twice.start();
  twice.start();
}

// On a cycle: several; they start threads themselves, which are several too.
void grandchild(int) {}
void child(int n) { std::thread(grandchild, n).detach(); }
// CHECK: origin {{[0-9]+}}: thread, several, created at {{.*}}:[[#@LINE-1]]:{{[0-9]+}} in child by [[CHILD:[0-9]+]]{{$}}
// CHECK-NEXT: runs grandchild
void loop() {
  for (int i = 0; i < 4; ++i)
    std::thread(child, i).detach();
}
// CHECK: origin [[CHILD]]: thread, several, created at {{.*}}:[[#@LINE-2]]:{{[0-9]+}} in loop{{.*}} by 0{{$}}
// CHECK-NEXT: runs child{{.*}}, n = i

// A wrapper that is called once, and a function with a receiver: one.
struct Worker {
  int jobs = 0;
  void run(int) { leaf(); }
};
std::thread wrap(std::function<void()> job) { return std::thread(std::move(job)); }
void member() {
  Worker worker;
  std::thread t(&Worker::run, &worker, 3);
  t.join();
}
// CHECK: origin {{[0-9]+}}: thread, one, created at {{.*}}:[[#@LINE-3]]:{{[0-9]+}} in member{{.*}} by 0{{$}}
// CHECK-NEXT: runs Worker::run{{.*}}, this = worker

// C: a struct of arguments.
struct Arguments {
  int from, to;
};
void *sum(void *arguments) { return static_cast<Arguments *>(arguments)->from ? arguments : nullptr; }
void posix() {
  Arguments arguments{1, 2};
  pthread_t thread;
  pthread_create(&thread, nullptr, sum, &arguments);
  pthread_join(thread, nullptr);
}
// CHECK: origin {{[0-9]+}}: thread, one, created at {{.*}}:[[#@LINE-3]]:{{[0-9]+}} in posix{{.*}} by 0{{$}}
// CHECK-NEXT: runs sum{{.*}}, arguments = arguments

// A task of its own thread; a deferred one runs where it is waited for: main reaches it.
int answer() { return 42; }
int later() { return 43; }
void tasks() {
  auto now = std::async(std::launch::async, answer);
  auto then = std::async(std::launch::deferred, later);
  now.get();
  then.get();
}
// CHECK: origin {{[0-9]+}}: thread, one, created at {{.*}}:[[#@LINE-5]]:{{[0-9]+}} in tasks{{.*}} by 0{{$}}
// CHECK-NEXT: runs answer
// CHECK: origin {{[0-9]+}}: deferred, one, created at {{.*}}:[[#@LINE-6]]:{{[0-9]+}} in tasks{{.*}} by 0{{$}}
// CHECK-NEXT: runs later

// Kept in a member of one object: one, however often it is started; of two objects: several.
struct Lazy {
  std::thread thread;
  void start() { thread = std::thread([this] { leaf(); }); }
};
// CHECK: origin {{[0-9]+}}: thread, one, created at {{.*}}:[[#@LINE-2]]:{{[0-9]+}} in Lazy::start by 0{{$}}
struct Each {
  std::thread thread{[this] { leaf(); }};
};
// CHECK: origin {{[0-9]+}}: thread, several, created at {{.*}} in Each::Each{{.*}} by 0{{$}}

// Nobody sees how often.
void nobody_calls_it() { std::thread(once).detach(); }
// CHECK: origin {{[0-9]+}}: thread, one or more, created at {{.*}}:[[#@LINE-1]]:{{[0-9]+}} in nobody_calls_it{{.*}} by 1{{$}}

// A member function's threads of a pool class, with the number of workers from outside: several; its jobs run on them.
class Pool {
  std::vector<std::function<void()>> jobs_;
  std::vector<std::thread> workers_;
  void work() {
    while (!jobs_.empty()) {
      auto job = std::move(jobs_.back());
      jobs_.pop_back();
      job();
    }
  }

public:
  explicit Pool(int n) {
    while (n-- > 0)
      workers_.emplace_back(&Pool::work, this);
  }
  void post(std::function<void()> job) { jobs_.push_back(std::move(job)); }
};
// CHECK: origin {{[0-9]+}}: thread, several, created at {{.*}} in Pool::Pool by 0{{$}}
// CHECK-NEXT: runs Pool::work, this = *this
// CHECK-NEXT: reaches tick, Pool::work, lambda in main

int main() {
  std::thread(once).detach();
  Pool pool(3);
  pool.post([] { tick(); });
  starts_twice();
  loop();
  wrap([] { tick(); }).join();
  member();
  posix();
  tasks();
  Lazy lazy;
  lazy.start();
  lazy.start();
  Each one, other;
}
