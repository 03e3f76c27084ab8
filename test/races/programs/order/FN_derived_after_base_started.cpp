// The base class starts the thread in its constructor; the derived class still initialises the field that the thread reads.
#include <thread>

struct Shared {
  int limit = 0;
};

struct Base {
  Shared &shared;
  int seen_limit = 0;
  std::thread thread;
  explicit Base(Shared &s) : shared(s), thread([this] { run(); }) {}
  void run() {
    seen_limit = shared.limit; // RACE(limit)
  }
};

struct Derived : Base {
  explicit Derived(Shared &s) : Base(s) {
    shared.limit = 10; // RACE(limit)
  }
  ~Derived() { thread.join(); }
};

int main() {
  Shared shared;
  Derived derived(shared);
  return 0;
}
