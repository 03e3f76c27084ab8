// What a computation came to: nothing yet, a value, a reference, or an exception. Not thread-safe.
#ifndef TENTERHOOK_DETAIL_OUTCOME_H
#define TENTERHOOK_DETAIL_OUTCOME_H

#include <cassert>
#include <exception>
#include <memory>
#include <type_traits>
#include <utility>

namespace tenterhook::detail {

struct nothing {};

template <typename T> class outcome {
  using stored = std::conditional_t<std::is_reference_v<T>, std::remove_reference_t<T> *,
                                    std::conditional_t<std::is_void_v<T>, nothing, std::remove_const_t<T>>>;
  static_assert(!std::is_rvalue_reference_v<T>, "an rvalue reference would dangle: return a value");

public:
  outcome() noexcept {}
  outcome(outcome &&other) noexcept(std::is_nothrow_move_constructible_v<stored>) : state(other.state) {
    if (state == is_value)
      std::construct_at(&value, std::move(other.value));
    else if (state == is_error)
      std::construct_at(&error, std::move(other.error));
  }
  outcome &operator=(outcome &&) = delete;
  ~outcome() {
    if (state == is_value)
      std::destroy_at(&value);
    else if (state == is_error)
      std::destroy_at(&error);
  }

  template <typename U = stored> void set(U &&given) {
    assert(state == is_empty);
    if constexpr (std::is_reference_v<T>)
      std::construct_at(&value, std::addressof(given));
    else
      std::construct_at(&value, std::forward<U>(given));
    state = is_value;
  }
  void fail(std::exception_ptr thrown) noexcept {
    assert(state != is_value);
    if (state == is_empty)
      std::construct_at(&error, std::move(thrown));
    state = is_error;
  }

  // Takes over what another one, which is not empty, came to. An exception of the move becomes the result.
  void take_over(outcome &other) noexcept {
    assert(state == is_empty && other.state != is_empty);
    if (other.state == is_error) {
      fail(std::move(other.error));
      return;
    }
    try {
      std::construct_at(&value, std::move(other.value));
      state = is_value;
    } catch (...) {
      fail(std::current_exception());
    }
  }

  bool has_value() const noexcept { return state == is_value; }
  bool has_nothing() const noexcept { return state == is_empty; }
  std::exception_ptr exception() const noexcept { return state == is_error ? error : nullptr; }

  // The value, moved out; throws the exception if there is one.
  T take() {
    assert(state != is_empty);
    if (state == is_error) [[unlikely]]
      std::rethrow_exception(std::move(error));
    if constexpr (std::is_reference_v<T>)
      return static_cast<T>(*value);
    else if constexpr (!std::is_void_v<T>)
      return std::move(value);
  }

private:
  enum : unsigned char { is_empty, is_value, is_error } state = is_empty;
  union {
    stored value;
    std::exception_ptr error;
  };
};

} // namespace tenterhook::detail

#endif
