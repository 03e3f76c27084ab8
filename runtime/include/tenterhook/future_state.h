// The shared state of a future and its promise: one word that says who waits, and the result. Implementation of
// future.h, as_completed.h and thread_pool.h; programs do not include it.
//
// Invariants: one producer, one consumer, so at most one waiter at a time. The word is `pending`, a waiter's address,
// `refused` (a waiter was cancelled before it could be put there), `completing` (the producer has taken the waiter and
// runs its action) or `ready`. The result is written before the word becomes `completing` or `ready` and read after.
// Each side holds a reference; the state ends with the last.
#ifndef TENTERHOOK_FUTURE_STATE_H
#define TENTERHOOK_FUTURE_STATE_H

#include <tenterhook/detail/futex.h>
#include <tenterhook/detail/outcome.h>
#include <tenterhook/detail/saturate.h>
#include <tenterhook/errors.h>
#include <tenterhook/recycle.h>

#include <atomic>
#include <cassert>
#include <chrono>
#include <cstdint>
#include <exception>
#include <stop_token>
#include <thread>
#include <type_traits>
#include <utility>

namespace tenterhook::detail {

// Who waits for a result. `act` is called once, on the thread that completes it, and may free the waiter.
struct future_waiter {
  void (*act)(future_waiter *) noexcept = nullptr;
  bool is_continuation = false;
};
// A then(): its action may complete the next result, whose continuation would run within it, and so on: beyond some
// depth it is put off until the thread has come out of the continuation at that depth.
class future_state_base;
struct continuation : future_waiter {
  continuation() noexcept { is_continuation = true; }
  continuation *next = nullptr;
  future_state_base *of = nullptr; // a share of it
};
struct continuations {
  static constexpr unsigned deepest = 32;
  unsigned depth = 0;
  continuation *first = nullptr, *last = nullptr; // put off
};
extern constinit thread_local continuations continuing __attribute__((tls_model("initial-exec")));

class future_state_base {
public:
  explicit future_state_base(void (*destroy)(future_state_base *) noexcept) noexcept : destroy_(destroy) {}
  future_state_base(const future_state_base &) = delete;
  future_state_base &operator=(const future_state_base &) = delete;

  bool is_ready() const noexcept {
    std::uintptr_t now = word_.load(std::memory_order_acquire);
    return now == ready || now == completing;
  }

  // By the producer, once, after the result is stored.
  void complete() noexcept {
    std::uintptr_t seen = pending;
    if (word_.compare_exchange_strong(seen, ready, std::memory_order_acq_rel, std::memory_order_acquire))
      return;
    seen = word_.exchange(completing, std::memory_order_acq_rel);
    if (seen == pending || seen == refused) { // the waiter was withdrawn in between
      word_.store(ready, std::memory_order_release);
      return;
    }
    auto *waiter = reinterpret_cast<future_waiter *>(seen);
    if (waiter->is_continuation) {
      complete_with(static_cast<continuation &>(*waiter));
      return;
    }
    waiter->act(waiter);
    word_.store(ready, std::memory_order_release);
  }

  // By the consumer: false if it is ready already, or was cancelled; then the action is not called.
  [[nodiscard]] bool install(future_waiter &waiter) noexcept {
    std::uintptr_t seen = pending;
    if (word_.compare_exchange_strong(seen, reinterpret_cast<std::uintptr_t>(&waiter), std::memory_order_acq_rel,
                                      std::memory_order_acquire))
      return true;
    if (seen == refused)
      word_.compare_exchange_strong(seen, pending, std::memory_order_acq_rel, std::memory_order_acquire);
    return false;
  }
  // By any thread, while the waiter lives: true if it was withdrawn, and then its action is not called. If it is not
  // installed yet, its install() will fail.
  [[nodiscard]] bool cancel(future_waiter &waiter) noexcept {
    std::uintptr_t seen = word_.load(std::memory_order_acquire);
    while (seen == pending || seen == reinterpret_cast<std::uintptr_t>(&waiter))
      if (word_.compare_exchange_weak(seen, seen == pending ? refused : pending, std::memory_order_acq_rel,
                                      std::memory_order_acquire))
        return seen != pending;
    return false;
  }
  // False if the producer has taken it: its action was called or is being called.
  [[nodiscard]] bool withdraw(future_waiter &waiter) noexcept {
    std::uintptr_t seen = reinterpret_cast<std::uintptr_t>(&waiter);
    return word_.compare_exchange_strong(seen, pending, std::memory_order_acq_rel, std::memory_order_acquire);
  }
  // Until the action of a waiter that could not be withdrawn is over.
  void await_completion() const noexcept {
    while (word_.load(std::memory_order_acquire) != ready)
      std::this_thread::yield();
  }

  // Waits until it is ready, the deadline (nullptr: none) or the stop. Says whether it is ready.
  template <typename Deadline> bool wait(Deadline deadline, const std::stop_token &stop) {
    sleeper waiter(*this);
    if (!install(waiter))
      return true;
    bool given_up = false;
    {
      std::stop_callback wake(stop, [this] {
        int seen = asleep;
        if (signal_.compare_exchange_strong(seen, stopped, std::memory_order_acq_rel))
          futex_wake_one(signal_);
      });
      while (!given_up && signal_.load(std::memory_order_acquire) == asleep) {
        if constexpr (std::is_same_v<Deadline, std::nullptr_t>) {
          futex_wait(signal_, asleep);
        } else {
          std::chrono::nanoseconds left = time_left(deadline);
          if (left.count() <= 0)
            given_up = true;
          else
            futex_wait(signal_, asleep, left);
        }
      }
    }
    if (signal_.load(std::memory_order_acquire) != done) {
      if (withdraw(waiter)) {
        signal_.store(asleep, std::memory_order_relaxed);
        return false;
      }
      // The producer is about to signal: the waiter may not go away before.
      for (int now = signal_.load(std::memory_order_acquire); now != done; now = signal_.load(std::memory_order_acquire))
        futex_wait(signal_, now);
    }
    return true;
  }

  void retain() noexcept { references_.fetch_add(1, std::memory_order_relaxed); }
  void drop() noexcept {
    if (references_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      destroy_(this);
  }

  std::uint64_t work = 0; // the trace's id of the work that produces it; 0 if that is not known

protected:
  ~future_state_base() = default;

private:
  void complete_with(continuation &waiter) noexcept {
    continuations &mine = continuing;
    if (mine.depth == continuations::deepest) {
      retain();
      waiter.of = this;
      (mine.first ? mine.last->next : mine.first) = &waiter;
      mine.last = &waiter;
      return;
    }
    ++mine.depth;
    waiter.act(&waiter);
    word_.store(ready, std::memory_order_release);
    if (mine.depth == continuations::deepest)
      while (continuation *put_off = mine.first) {
        mine.first = put_off->next;
        future_state_base *of = put_off->of;
        put_off->act(put_off);
        of->word_.store(ready, std::memory_order_release);
        of->drop();
      }
    --mine.depth;
  }

  static constexpr std::uintptr_t pending = 0, ready = 1, completing = 2, refused = 3;

  // A thread that waits. It sleeps on the state's signal, not on its own: the producer, which holds the state, may
  // still wake when the thread has gone on.
  struct sleeper : future_waiter {
    future_state_base &state;
    explicit sleeper(future_state_base &waited_for) noexcept : state(waited_for) {
      act = [](future_waiter *base) noexcept {
        future_state_base &its = static_cast<sleeper *>(base)->state;
        its.signal_.store(done, std::memory_order_release);
        futex_wake_one(its.signal_);
      };
    }
  };
  static constexpr int asleep = 0, stopped = 1, done = 2;

  std::atomic<std::uintptr_t> word_{pending};
  std::atomic<int> signal_{asleep};
  std::atomic<unsigned> references_{1};
  void (*destroy_)(future_state_base *) noexcept;
};

template <typename T> class future_state : public future_state_base {
public:
  explicit future_state(void (*destroy)(future_state_base *) noexcept) noexcept : future_state_base(destroy) {}

  template <typename... Args> void set_value(Args &&...args) {
    if constexpr (std::is_void_v<T>)
      result_.set(nothing{});
    else
      result_.set(std::forward<Args>(args)...);
  }
  void set_exception(std::exception_ptr error) noexcept { result_.fail(std::move(error)); }

  // Stores what `call()` gives or throws.
  template <typename F> void set_from(F &&call) noexcept {
    try {
      if constexpr (std::is_void_v<T>) {
        std::forward<F>(call)();
        set_value();
      } else {
        set_value(std::forward<F>(call)());
      }
    } catch (...) {
      set_exception(std::current_exception());
    }
  }

  // Moves it out; throws the exception.
  T take() {
    assert(is_ready());
    return result_.take();
  }

private:
  outcome<T> result_;
};

// A state and nothing else, as a promise makes it.
template <typename T> future_state<T> *make_state() {
  struct plain : future_state<T> {
    plain() noexcept
        : future_state<T>([](future_state_base *base) noexcept {
            auto *self = static_cast<plain *>(base);
            self->~plain();
            recycled_free(self, sizeof(plain));
          }) {}
  };
  return new (recycled_allocate(sizeof(plain))) plain;
}

// A counted reference.
template <typename T> class state_ref {
public:
  state_ref() noexcept = default;
  explicit state_ref(future_state<T> *adopted) noexcept : state_(adopted) {}
  state_ref(state_ref &&other) noexcept : state_(std::exchange(other.state_, nullptr)) {}
  state_ref &operator=(state_ref &&other) noexcept {
    std::swap(state_, other.state_);
    return *this;
  }
  ~state_ref() {
    if (state_)
      state_->drop();
  }
  state_ref share() const noexcept {
    state_->retain();
    return state_ref(state_);
  }

  explicit operator bool() const noexcept { return state_ != nullptr; }
  future_state<T> *operator->() const noexcept { return state_; }
  future_state<T> *get() const noexcept { return state_; }

private:
  future_state<T> *state_ = nullptr;
};

} // namespace tenterhook::detail

#endif
