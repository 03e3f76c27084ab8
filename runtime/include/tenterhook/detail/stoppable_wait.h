// The base of awaiters that wait at an event_loop and end early when their task is told to stop.
//
// All on the loop's thread but stop_requested(), which comes from whoever requests the stop and then sends itself to
// the loop. A derived awaiter sets `abandon`, calls begin() in its await_suspend and complete() when what it waits for has
// come; its destructor must undo the wait if is_pending(). A request that came before ends the wait within begin(): then it
// is not pending afterwards, and not to be completed.
#ifndef TENTERHOOK_DETAIL_STOPPABLE_WAIT_H
#define TENTERHOOK_DETAIL_STOPPABLE_WAIT_H

#include <tenterhook/detail/promise.h>
#include <tenterhook/event_loop.h>

#include <optional>
#include <stdexcept>
#include <stop_token>
#include <string>

namespace tenterhook::detail {

class stoppable_wait {
public:
  std::source_location place;

  stoppable_wait &operator=(const stoppable_wait &) = delete;

protected:
  explicit stoppable_wait(event_loop *at) noexcept : loop(at) {}
  stoppable_wait(stoppable_wait &&other) noexcept : place(other.place), loop(other.loop) { // before it waits
    assert(!other.pending && !other.callback);
  }
  ~stoppable_wait() {
    callback.reset(); // after this, no other thread is in stop_requested()
    if (abort_item.queued)
      loop->forget(abort_item);
  }

  template <typename Promise> void begin(std::coroutine_handle<Promise> handle) {
    pending = true;
    waiter.suspend(handle, place);
    if constexpr (std::is_base_of_v<promise_base, Promise>)
      if (stop_scope *scope = handle.promise().scope)
        callback.emplace(scope->token(), on_stop{this});
  }
  void complete() noexcept {
    pending = false;
    waiter.resume();
  }
  void abort() noexcept {
    if (!pending)
      return;
    abandon(this);
    aborted = true;
    complete();
  }
  bool is_pending() const noexcept { return pending; }
  void throw_if_aborted() const {
    if (aborted) [[unlikely]]
      throw cancelled();
  }

  event_loop *loop;
  void (*abandon)(stoppable_wait *) noexcept = nullptr; // takes it out of where it waits

private:
  struct on_stop {
    stoppable_wait *self;
    void operator()() const noexcept { self->stop_requested(); }
  };
  struct abort_work : work_item {
    stoppable_wait *self = nullptr;
    bool queued = false;
  };
  void stop_requested() noexcept {
    if (event_loop::current() == loop) {
      abort();
      return;
    }
    abort_item.self = this;
    abort_item.place = place;
    abort_item.queued = true;
    abort_item.act = [](work_item *item, bool run) noexcept {
      auto *queued = static_cast<abort_work *>(item);
      queued->queued = false;
      if (run)
        queued->self->abort();
    };
    loop->post(work(&abort_item));
  }

  resumption waiter;
  std::optional<std::stop_callback<on_stop>> callback;
  abort_work abort_item;
  bool pending = false, aborted = false;
};

// The loop of this thread; throws where there is none.
inline event_loop &this_loop(const char *what) {
  if (event_loop *loop = event_loop::current()) [[likely]]
    return *loop;
  throw std::logic_error(std::string(what) + " needs an event loop, and none runs on this thread");
}

} // namespace tenterhook::detail

#endif
