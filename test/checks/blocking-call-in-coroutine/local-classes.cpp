// Local classes, nested classes, friends, operators of templates, structured bindings, member function templates.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <thread>
#include <tuple>
using namespace std::chrono_literals;

task<> local_class() {
  struct Local {
    void run() { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
  };
  Local{}.run();
  co_await tick();
}
template <typename T> struct Matrix {
  friend Matrix operator*(const Matrix &a, const Matrix &) {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    return a;
  }
  template <typename U> void apply(U) { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine
  T operator[](int) const {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    return {};
  }
};
task<> operators(Matrix<int> a, Matrix<int> b) {
  auto product = a * b;
  product.apply("s");
  product.apply(1);
  use(a[0]);
  co_await tick();
}
std::tuple<int, int> pair() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
  return {1, 2};
}
task<> bindings() {
  auto [a, b] = pair();
  use(a + b);
  co_await tick();
}
struct Node {
  int value = 0;
  Node *begin() { return this; }
  Node *end() {
    std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine
    return this + 1;
  }
};
task<> range_for(Node node) {
  for (Node &n : node)
    use(n.value);
  co_await tick();
}
int slow() {
  std::this_thread::sleep_for(1s); // finding: blocking-call-in-coroutine "also reached from coroutine 'static_local'"
  return 1;
}
task<> initialisers() {
  if (int n = slow(); n > 0)
    use(n);
  switch (slow()) {
  default:
    break;
  }
  int array[] = {slow(), 2};
  use(array[0] ? slow() : 0);
  co_await tick();
}
task<> static_local() {
  static int once = slow();
  use(once);
  co_await tick();
}
struct Member {
  int value;
  Member() : value(slow()) {}
};
task<> member_initialiser() {
  Member m;
  use(m.value);
  co_await tick();
}
