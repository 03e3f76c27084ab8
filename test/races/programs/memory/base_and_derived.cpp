// One thread knows the object as its base, the other one as the derived class; the field is one.
#include <thread>

struct Base {
  int count = 0;
};

struct Derived : Base {
  int extra = 0;
};

int main() {
  Derived object;
  Base *base = &object;
  std::thread thread([base] {
    base->count++; // RACE(count)
  });
  object.count++; // RACE(count)
  object.extra++;
  thread.join();
  return object.count > 2;
}
