// Values that one of two operands gives, comparisons of any two values, steps, and what a switch compares with.
// RUN: %tenterhook facts %s -- -std=c++20 | FileCheck %s
#include <mutex>

std::mutex a, b;
bool one();
bool two();
void use(std::mutex *);
void use(int);
void use(bool);

std::mutex *choose(bool left, std::mutex *given) {
  use(left ? &a : &b);
  use(given ?: &a);
  (left ? a : b).lock();
  return left ? given : nullptr;
}
// CHECK-LABEL: function choose
// CHECK: call use(select(&a, &b))
// CHECK: call use(select(given, &a))
// CHECK: call std::mutex::lock on select(a, b)
// CHECK: return select(given, null)

bool logical(bool x) {
  use(x && one());
  bool kept = one() || two();
  use(kept);
  return one() && two() && x;
}
// CHECK-LABEL: function logical
// CHECK: call use(both(x, %{{[0-9]+}}))
// CHECK: write kept = either(%{{[0-9]+}}, %{{[0-9]+}})
// CHECK: return both(both(%{{[0-9]+}}, %{{[0-9]+}}), x)

bool comparisons(int i, int *p) {
  bool later = i < one();
  use(later);
  use(one() == two());
  use(!one());
  const bool both = one() && i != 3;
  use(both);
  use(one() ? i >= 2 : !p);
  return !(one() == two());
}
// CHECK-LABEL: function comparisons
// CHECK: write later = (i < %{{[0-9]+}})
// CHECK: call use((%{{[0-9]+}} == %{{[0-9]+}}))
// CHECK: call use((%{{[0-9]+}} == 0))
// CHECK: write both = both(%{{[0-9]+}}, (i != 3))
// CHECK: call use(select((i >= 2), (p == 0)))
// CHECK: return ((%{{[0-9]+}} == %{{[0-9]+}}) == 0)

struct Ends { // a temporary that ends in the middle of a condition
  ~Ends();
  bool holds() const;
};
void joined(bool x) {
  if (Ends().holds() && x) use(1);
  if (one() && x) use(2);
}
// CHECK-LABEL: function joined
// CHECK: if both(%{{[0-9]+}}, x) then
// CHECK: if %{{[0-9]+}} then
// CHECK: if x then

struct Pair {
  int low, high;
};
int compare(int i, int n, Pair *p, Pair *q) {
  if (i < n) use(1);
  if (!(i < n)) use(2);
  if (p->low >= q->high) use(3);
  if (p != q) use(4);
  if (i == n) use(5);
  while (n > i + 1) --n;
  i += 2;
  i -= n;
  i <<= 1;
  p->low++;
  return i;
}
// CHECK-LABEL: function compare
// CHECK: if i < n then
// CHECK: if i >= n then
// CHECK: if p->low >= q->high then
// CHECK: if p != q then
// CHECK: if i == n then
// CHECK: if n > {{.*}} then
// CHECK: read-write i += 2
// CHECK: read-write i -= n
// CHECK: read-write i ?= 1
// CHECK: read-write p->low += 1

enum class Kind { first, second, third };
int by_kind(Kind kind, int n) {
  switch (kind) {
  case Kind::first:
    return 1;
  case Kind::third:
    return 3;
  default:
    break;
  }
  switch (n) {
  case 1 ... 5:
    return 1;
  case -2:
  case 7:
    return 2;
  }
  return 0;
}
// CHECK-LABEL: function by_kind
// CHECK: switch kind {{.*}}0 to
// CHECK: switch n {{.*}}1..5 to

int flags(int given, bool more) {
  use(given | 2);
  use((given & ~2) | (more ? 4 : 0));
  use(1 | 2);
  return given ^ 2;
}
// CHECK-LABEL: function flags
// CHECK: call use((given | 2))
// CHECK: call use(((given & -3) | select(4, 0)))
// CHECK: call use(3)
// CHECK: return ?
