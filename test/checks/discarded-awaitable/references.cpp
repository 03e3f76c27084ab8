// Silent: a function that returns a reference, pointer or handle made nothing that could be lost.
// RUN: %verify %s
#include "../Inputs/task.h"
#include <memory>

struct request {
  request &header(const char *);
  request &&body(const char *) &&;
  request copy() const;
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};
struct client {
  request &current();
  request *next();
  std::shared_ptr<request> shared();
  const request &last() const;
};

task<> build(client &c, request &r) {
  r.header("a").header("b");
  c.current();
  c.next();
  c.shared();
  c.last();
  c.next()->header("c");
  auto &kept = c.current();
  auto *pointer = c.next();
  co_await r;
}

task<> build_and_await() {
  request r;
  r.header("a");
  co_await r;
}

void lost(const request &r) {
  r.copy(); // finding: discarded-awaitable
}

// A reference to a slot of somebody else's: what is stored in it is theirs.
void slots(request (&all)[3], client &c, const request &r) {
  auto &slot = all[1];
  slot = r.copy();
  auto &&other = c.current();
  other = r.copy();
  request &field = *c.next();
  field = r.copy();
  for (request &each : all) each = r.copy();
  for (auto &&each : all) each = r.copy();
}
