// Calls through interfaces: every implementation in the program may be meant.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <memory>
#include <thread>
using namespace std::chrono_literals;

struct Clock {
  virtual ~Clock() = default;
  virtual void wait() = 0;
};
struct SystemClock : Clock {
  void wait() override { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine likely "through a virtual function"
};
task<> one_implementation(Clock &clock) {
  clock.wait();
  co_await tick();
}

struct Source {
  virtual ~Source() = default;
  virtual int next() { return 0; }
};
struct Slow : Source {
  int next() override {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    return 1;
  }
};
struct Slower : Slow {
  int next() override {
    std::this_thread::sleep_for(2s); // finding: blocking-call-in-coroutine
    return 2;
  }
};
struct Quick : Source {
  int next() override { return 3; }
};
struct NeverMade : Source { // no object of it anywhere: no call goes to it
  int next() override {
    std::this_thread::sleep_for(3s);
    return 4;
  }
};
std::unique_ptr<Source> make(int kind) {
  if (kind == 0)
    return std::make_unique<Slow>();
  return std::make_unique<Slower>();
}
task<> several_implementations(std::unique_ptr<Source> source) {
  use(source->next());
  co_await tick();
}

// What cannot be reached from here is not.
struct Plain final : Source {
  int next() override { return 4; }
};
struct Blocking {
  virtual int next() {
    std::this_thread::sleep_for(1s);
    return 5;
  }
  virtual ~Blocking() = default;
};
task<> a_final_class(Plain &plain) {
  use(plain.next());
  co_await tick();
}
task<> an_object_by_value() {
  Quick quick;
  use(quick.next());
  co_await tick();
}

// A call that names the base's function.
struct Base {
  virtual ~Base() = default;
  virtual void run() {}
};
struct Derived : Base {
  void run() override { std::this_thread::sleep_for(1s); }
};
task<> a_qualified_call(Derived &d) {
  d.Base::run();
  co_await tick();
}
// Destroyed through a pointer to its base.
struct Resource {
  virtual ~Resource() = default;
};
struct Slot : Resource {
  ~Slot() override { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "destroys an object, which runs 'Slot::~Slot'"
};
task<> destroys(std::unique_ptr<Resource> resource, Resource *raw) {
  auto mine = std::move(resource);
  delete raw;
  co_await tick();
}
// A virtual coroutine: awaited, found in itself.
struct Service {
  virtual ~Service() = default;
  virtual task<> serve() = 0;
};
struct Echo : Service {
  task<> serve() override {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine "coroutine 'Echo::serve'"
    co_await tick();
  }
};
task<> serve_all(Service &service) { co_await service.serve(); }

// A member that leads to objects of one class: no other class's function is called through it.
struct Disk {
  virtual ~Disk() = default;
  virtual void sync() = 0;
};
struct NoDisk : Disk {
  void sync() override {}
};
struct OldDisk : Disk {
  void sync() override { std::this_thread::sleep_for(5s); }
};
struct NewDisk : Disk {
  void sync() override { std::this_thread::sleep_for(6s); } // finding: blocking-call-in-coroutine likely
};
class WithoutDisk {
public:
  explicit WithoutDisk(std::unique_ptr<Disk> disk) : disk_(std::move(disk)) {}
  task<> run() {
    disk_->sync();
    co_await tick();
  }

private:
  std::unique_ptr<Disk> disk_;
};
class WithDisk {
public:
  WithDisk() : disk_(std::make_unique<NoDisk>()) {}
  void plug_in() { disk_.reset(new NewDisk); }
  task<> run() {
    disk_->sync();
    co_await tick();
  }

private:
  std::unique_ptr<Disk> disk_;
};
int main() {
  OldDisk before;
  Disk &any = before;
  any.sync();
  static WithoutDisk without(std::make_unique<NoDisk>());
  static WithDisk with;
  with.plug_in();
}
// Whoever is given the pointer may put another object there.
struct Light {
  virtual ~Light() = default;
  virtual void dim() = 0;
};
struct Bulb : Light {
  void dim() override {}
};
struct Neon : Light {
  void dim() override { std::this_thread::sleep_for(7s); } // finding: blocking-call-in-coroutine likely
};
void exchange(std::unique_ptr<Light> &light) { light = std::make_unique<Neon>(); }
struct Room {
  std::unique_ptr<Light> light = std::make_unique<Bulb>();
  task<> run() {
    exchange(light);
    light->dim();
    co_await tick();
  }
};
Room room;
