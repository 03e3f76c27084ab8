// Durations and times of any unit as steady nanoseconds: what is too long, too far off or too long ago becomes the
// longest, last or first that there is, rounded up (never early), without overflow. NaN is no wait at all.
//
// std::chrono converts with plain multiplication: hours::max() in nanoseconds is undefined, and in practice negative.
#ifndef TENTERHOOK_DETAIL_SATURATE_H
#define TENTERHOOK_DETAIL_SATURATE_H

#include <chrono>
#include <limits>
#include <ratio>
#include <type_traits>
#include <utility>

namespace tenterhook::detail {

template <typename To = std::chrono::nanoseconds, typename Rep, typename Period>
constexpr To saturated(const std::chrono::duration<Rep, Period> &given) noexcept {
  using scale = std::ratio_divide<Period, typename To::period>;
  using limits = std::numeric_limits<typename To::rep>;
  static_assert(std::is_integral_v<typename To::rep> && std::is_signed_v<typename To::rep>);
  if constexpr (std::is_integral_v<Rep> && scale::den == 1) {
    if (std::cmp_greater(given.count(), limits::max() / scale::num))
      return To::max();
    if (std::cmp_less(given.count(), limits::min() / scale::num))
      return To::min();
    return To(typename To::rep(given.count()) * scale::num);
  } else if constexpr (std::is_integral_v<Rep> && scale::num == 1) { // a finer unit: the count gets smaller
    auto whole = given.count() / scale::den;
    if (given.count() > 0 && given.count() % scale::den != 0)
      ++whole;
    if (std::cmp_greater(whole, limits::max()))
      return To::max();
    return To(typename To::rep(whole));
  } else {
    auto exact = static_cast<long double>(given.count()) * scale::num / scale::den;
    if (!(exact == exact))
      return To::zero();
    // 2^63, which a long double holds exactly even where it is a double.
    constexpr long double beyond = -static_cast<long double>(limits::min());
    if (exact >= beyond)
      return To::max();
    if (exact < -beyond)
      return To::min();
    auto down = typename To::rep(exact);
    return To(static_cast<long double>(down) < exact && down != limits::max() ? down + 1 : down);
  }
}

// A parameter or an option of which any duration can be made.
struct saturating_nanoseconds : std::chrono::nanoseconds {
  template <typename Rep, typename Period>
  constexpr saturating_nanoseconds(const std::chrono::duration<Rep, Period> &given) noexcept
      : std::chrono::nanoseconds(saturated(given)) {}
};

template <typename Duration> constexpr Duration saturated_sum(Duration a, Duration b) noexcept {
  if (b.count() > 0)
    return a.count() > Duration::max().count() - b.count() ? Duration::max() : a + b;
  return a.count() < Duration::min().count() - b.count() ? Duration::min() : a + b;
}
template <typename Duration> constexpr Duration saturated_difference(Duration a, Duration b) noexcept {
  if (b.count() > 0)
    return a.count() < Duration::min().count() + b.count() ? Duration::min() : a - b;
  return a.count() > Duration::max().count() + b.count() ? Duration::max() : a - b;
}

// In the clock's own unit.
template <typename Clock, typename Duration>
constexpr typename Clock::time_point saturated(const std::chrono::time_point<Clock, Duration> &when) noexcept {
  if constexpr (std::is_integral_v<typename Clock::rep>)
    return typename Clock::time_point(saturated<typename Clock::duration>(when.time_since_epoch()));
  else
    return typename Clock::time_point(when.time_since_epoch());
}

// `given` from now on.
template <typename Rep, typename Period>
std::chrono::steady_clock::time_point time_after(const std::chrono::duration<Rep, Period> &given) noexcept {
  using clock = std::chrono::steady_clock;
  return clock::time_point(saturated_sum(clock::now().time_since_epoch(), saturated<clock::duration>(given)));
}

// What is left until then; negative if it is past.
template <typename Clock, typename Duration>
std::chrono::nanoseconds time_left(const std::chrono::time_point<Clock, Duration> &when) {
  return saturated_difference(saturated(when.time_since_epoch()), saturated(Clock::now().time_since_epoch()));
}

} // namespace tenterhook::detail

#endif
