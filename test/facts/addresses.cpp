// `x` and `&x` are told apart, through casts too; so are references that std::ref makes, and elements by their keys.
// RUN: %tenterhook facts %s -- -std=c++20 | FileCheck %s
#include <functional>
#include <thread>
#include <vector>

struct State {
  int count;
  int table[4];
  void run();
};
State state;
void take(void *);
void take_int(int &);
void use(int);

void addresses(State *p, State s) {
  take(&state);
  take(p);
  take(static_cast<void *>(&p));
  take(&p->count);
  take(p->table);
  take(&p->table[2]);
  take_int(s.count);
  take(std::addressof(s));
}
// CHECK-LABEL: function addresses
// CHECK: call take(&state)
// CHECK: call take(p)
// CHECK: call take(&p)
// CHECK: call take(&p->count)
// CHECK: call take(&p->table)
// CHECK: call take(&p->table[2])
// CHECK: call take_int(s.count)
// CHECK: call take(&s)

void State::run() {
  take(this);
  take(&*this);
  std::thread worker(&State::run, this);
  std::thread other(take_int, std::ref(count));
  worker.join();
  other.join();
}
// CHECK-LABEL: function State::run
// CHECK: call take(this)
// CHECK: call take(this)
// CHECK: construct std::thread worker(&State::run, this)
// CHECK: construct std::thread other(&take_int, ref(this->count))

void elements(int *m, int i, int j, std::vector<int> &v, State *p) {
  m[4] = 1;
  m[i] = 1;
  m[i + 1] = 1;
  m[2 + i] = 1;
  m[i - 1] = 1;
  m[i + j] = 1;
  m[p->count] = 1;
  m[p->table[j]] = 1;
  use(v[3]);
  use(v[i]);
  *(m + 1) = 1;
  *(m + i) = 1;
  *(1 + m) = 1;
  *(m - 1) = 1;
  (m + 1)[2] = 1;
  (&m[i])[2] = 1;
  *m++ = 1;
  *--m = 1;
  *p->table = 1;
  use(*(p->table + 3));
}
// CHECK-LABEL: function elements
// CHECK: write m[4] = 1
// CHECK: write m[i] = 1
// CHECK: write m[i+1] = 1
// CHECK: write m[i+2] = 1
// CHECK: write m[i-1] = 1
// CHECK: write m[] = 1
// CHECK: write m[p->count] = 1
// CHECK: write m[p->table[j]] = 1
// CHECK: v[3]
// CHECK: v[i]
// CHECK: write m[1] = 1
// CHECK: write m[i] = 1
// CHECK: write m[1] = 1
// CHECK: write m[-1] = 1
// CHECK: write m[3] = 1
// CHECK: write m[i+2] = 1
// CHECK: read-write m += 1
// CHECK: write m[-1] = 1
// CHECK: read-write m -= 1
// CHECK: write *m = 1
// CHECK: write p->table[0] = 1
// CHECK: read p->table[3]

State *find();
State &get();
void through_results() {
  use(find()->count);
  find()->count = 2;
  use(get().table[1]);
}
// CHECK-LABEL: function through_results
// CHECK: %[[F:[0-9]+]]: call find
// CHECK: read %[[F]]->count
// CHECK: %[[G:[0-9]+]]: call find
// CHECK: write %[[G]]->count = 2
// CHECK: %[[H:[0-9]+]]: call get
// CHECK: read %[[H]].table[1]
