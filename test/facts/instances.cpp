// Instances of one template are different entities and classes.
// RUN: %tenterhook facts %s -- -std=c++20 | FileCheck %s
template <class T> struct Box {
  T value;
  static int count;
  void f() { value = T(); }
  template <class U> void g(U) { ++count; }
};
template <class T> int Box<T>::count;
template <class T> void free_function(T) {}
template <int N> struct Sized {
  void f() { n = N; }
  int n;
};
void use(Box<int> &a, Box<char> &b, Sized<1> &c, Sized<2> &d) {
  a.f();
  b.f();
  a.g(1);
  a.g('c');
  free_function(1);
  free_function('c');
  c.f();
  d.f();
}
// CHECK: function Box<int>::f
// CHECK: write this->value = 0
// CHECK: function Box<char>::f
