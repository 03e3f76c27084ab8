// Awaiters over Qt's futures: they are resumed when the future has finished, and its result is there.
// RUN: %verify %s -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <QtCore/future_like.h>

template <class T> struct until_finished {
  bool await_ready() const noexcept { return future.isFinished() || future.isCanceled(); }
  void await_suspend(std::coroutine_handle<> handle) {
    auto *watcher = new QFutureWatcher<T>();
    QObject::connect(watcher, &QFutureWatcher<T>::finished, [watcher, handle] {
      watcher->deleteLater();
      handle.resume();
    });
    watcher->setFuture(future);
  }
protected:
  QFuture<T> future;
};
template <class T> struct until_result : until_finished<T> {
  T await_resume() { return this->future.result(); }
};
template <class T> struct until_taken : until_finished<T> {
  T await_resume() { return this->future.takeResult(); }
};
template <class T> struct of_another : until_finished<T> {
  QFuture<T> other;
  T await_resume() { return other.result(); } // finding: blocking-call-in-coroutine
};
task<> awaits() {
  co_await until_result<int>();
  co_await until_taken<int>();
  co_await of_another<int>();
}

task<> asks(QFuture<int> future, QFutureWatcher<int> &watcher) {
  if (future.isFinished())
    use(future.result());
  if (!watcher.isFinished())
    co_return;
  use(watcher.result());
}
task<> does_not_ask(QFuture<int> future) {
  use(future.result()); // finding: blocking-call-in-coroutine
  co_await tick();
}
task<> asks_for_less(QFuture<int> future) {
  if (future.isCanceled())
    use(future.takeResult()); // finding: blocking-call-in-coroutine
  co_await tick();
}

// A loop within the loop is no wait of the loop's.
namespace QCoro {
template <class T> void waitFor(T &&);
}
task<> runs_a_loop() {
  QCoro::waitFor(tick());
  co_await tick();
}
