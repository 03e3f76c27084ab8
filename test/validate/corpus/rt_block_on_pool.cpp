// The task is spawned on an executor that only the run knows to be a pool: it blocks a worker, which is what workers are for.
#include "rt.h"

static task<> compress() {
  usleep(20'000); // verdict: blocking-call-in-coroutine contradicted "on a pool's worker"
  co_return;
}

static task<> session(tenterhook::executor *where) {
  auto compressed = tenterhook::spawn(compress(), *where);
  co_await compressed;
}

int main() {
  tenterhook::thread_pool pool(1);
  tenterhook::event_loop loop;
  tenterhook::executor *places[] = {&loop, &pool};
  loop.run_until_complete(session(places[opaque(true)]));
}
