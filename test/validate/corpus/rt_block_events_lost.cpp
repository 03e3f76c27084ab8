// As rt_block_on_pool, and then two million awaits in a row, which no trace keeps up with: what is lost may have been a call on
// the loop.
#include "rt.h"

static task<> compress() {
  usleep(20'000); // verdict: blocking-call-in-coroutine inconclusive "events were lost"
  co_return;
}
static task<> nothing() { co_return; }

static task<> session(tenterhook::executor *where) {
  auto compressed = tenterhook::spawn(compress(), *where);
  co_await compressed;
  for (int i = 0; i < 300'000; ++i)
    co_await nothing();
}

int main() {
  tenterhook::thread_pool pool(1);
  tenterhook::event_loop loop;
  tenterhook::executor *places[] = {&loop, &pool};
  loop.run_until_complete(session(places[opaque(true)]));
}
