// thread_pool::map: elements are claimed by a counter, so no element waits behind another that a busy worker has
// queued, and a worker that calls map() can work on its own elements. Included by thread_pool.h.
//
// Invariants: the range, f and the results lie in the caller's frame and are touched only for claimed elements; the
// caller leaves when each element has ended or is never begun. Helpers that start later touch only the shared part.
#ifndef TENTERHOOK_THREAD_POOL_MAP_H
#define TENTERHOOK_THREAD_POOL_MAP_H

#include <tenterhook/thread_pool.h>

#include <algorithm>
#include <atomic>
#include <functional>
#include <iterator>
#include <memory>
#include <optional>

namespace tenterhook::detail {

// The part that helpers share.
class map_progress {
public:
  map_progress(std::size_t count, std::stop_token stop) : count_(count), stop_(std::move(stop)) {}

  // Claims elements and calls run(index) until none is left.
  template <typename Run> void take_part(Run run) noexcept {
    for (;;) {
      if (stop_.stop_requested())
        drop();
      std::size_t index = next_.fetch_add(1, std::memory_order_relaxed);
      if (index >= count_)
        return;
      try {
        run(index);
      } catch (...) {
        abandon(index, std::current_exception());
      }
      ended(1);
    }
  }
  // Elements that were not claimed are not begun. Of several errors the one of the first element counts; `index` is
  // count_ for an error that is no element's, which counts if it kept an element from being begun.
  void abandon(std::size_t index, std::exception_ptr error) noexcept {
    std::size_t claimed = next_.exchange(count_, std::memory_order_relaxed);
    std::size_t skipped = claimed < count_ ? count_ - claimed : 0;
    {
      std::lock_guard lock(mutex_);
      if (index < failed_at_ && (index < count_ || skipped != 0)) {
        failed_at_ = index;
        error_ = std::move(error);
      }
    }
    if (skipped != 0)
      ended(skipped);
  }

  void drop() noexcept { abandon(count_, std::make_exception_ptr(cancelled())); }

  future<void> all_ended() { return end_.get_future(); }
  // After all_ended. Helpers that are still on their way out own nothing of it.
  std::exception_ptr take_error() noexcept { return std::move(error_); }

private:
  void ended(std::size_t elements) noexcept {
    if (ended_.fetch_add(elements, std::memory_order_acq_rel) + elements == count_)
      end_.set_value();
  }

  const std::size_t count_;
  const std::stop_token stop_;
  std::atomic<std::size_t> next_{0}, ended_{0};
  std::mutex mutex_; // guards the error; a leaf
  std::size_t failed_at_ = ~std::size_t(0);
  std::exception_ptr error_;
  tenterhook::promise<void> end_;
};

template <typename Range, typename F> class mapping {
  using iterator = std::ranges::iterator_t<Range>;
  using result = std::decay_t<std::invoke_result_t<F &, std::ranges::range_reference_t<Range>>>;
  using stored = std::conditional_t<std::is_void_v<result>, nothing, result>;

public:
  static auto run(thread_pool &pool, Range &elements, F &f, std::stop_token stop, const std::source_location &at) {
    std::vector<iterator> positions;
    if constexpr (std::ranges::sized_range<Range>)
      positions.reserve(std::size_t(std::ranges::size(elements)));
    for (iterator it = std::ranges::begin(elements); it != std::ranges::end(elements); ++it)
      positions.push_back(it);

    std::vector<std::optional<stored>> results(positions.size());
    if (!positions.empty()) {
      call one = [&](std::size_t index) {
        if constexpr (std::is_void_v<result>)
          std::invoke(f, *positions[index]);
        else
          results[index].emplace(std::invoke(f, *positions[index]));
      };
      run_all(pool, positions.size(), one, std::move(stop), at);
    }
    if constexpr (!std::is_void_v<result>) {
      std::vector<result> values;
      values.reserve(results.size());
      for (std::optional<stored> &each : results)
        values.push_back(std::move(*each));
      return values;
    }
  }

private:
  using call = std::function<void(std::size_t)>;

  // Given to a worker. If it is dropped unrun, the pool was stopped.
  struct helper {
    std::shared_ptr<map_progress> progress;
    const call *one; // valid while elements are claimed and have not ended

    helper(std::shared_ptr<map_progress> shared, const call &run) : progress(std::move(shared)), one(&run) {}
    helper(helper &&) noexcept = default;
    ~helper() {
      if (progress)
        progress->drop();
    }
    void operator()() {
      std::shared_ptr<map_progress> taken = std::move(progress);
      taken->take_part([this](std::size_t index) { (*one)(index); });
    }
  };

  static void run_all(thread_pool &pool, std::size_t count, const call &one, std::stop_token stop,
                      const std::source_location &at) {
    pool.refuse_if_closed();
    auto progress = std::make_shared<map_progress>(count, std::move(stop));
    future<void> ended = progress->all_ended();
    bool takes_part = pool.runs_here();
    std::size_t helpers = std::min<std::size_t>(count, pool.size()) - (takes_part ? 1 : 0);
    try {
      for (std::size_t i = 0; i != helpers; ++i)
        pool.post(helper(progress, one), at);
    } catch (...) { // no memory; those that were posted use the caller's frame
      progress->abandon(count, std::current_exception());
    }
    if (takes_part)
      progress->take_part(one);
    ended.wait_in("tenterhook::thread_pool::map", nullptr, {}, at);
    if (std::exception_ptr error = progress->take_error())
      std::rethrow_exception(std::move(error));
  }
};

} // namespace tenterhook::detail

#endif
