// Two coroutines reach one helper; the run takes one of them. One is enough.
#include "own.h"

static void settle() { usleep(100'000); } // verdict: blocking-call-in-coroutine confirmed "blocked the loop"

static own::task import_rows() {
  settle();
  co_return;
}
static own::task export_rows() {
  settle();
  co_return;
}

int main(int count, char **) {
  own::loop loop;
  if (count > 5)
    loop.run(export_rows());
  else
    loop.run(import_rows());
}
