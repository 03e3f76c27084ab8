// See clock.h.
#include "trace/clock.h"
#include "trace/model.h"
#include <algorithm>
#include <cmath>

namespace tenterhook::runs {
namespace {

constexpr double near_enough = 10e6; // nanoseconds

double distance(std::uint64_t from, std::uint64_t to) { return to >= from ? double(to - from) : -double(from - to); }

} // namespace

void Clock::add(trace::ClockPair pair) {
  if (pairs_.empty() || (pair.ticks > pairs_.back().ticks && pair.monotonic > pairs_.back().monotonic))
    pairs_.push_back(pair);
}

void Clock::settle() {
  if (pairs_.size() < 2)
    return;
  const auto &first = pairs_.front(), &last = pairs_.back();
  rate_ = distance(first.ticks, last.ticks) / distance(first.monotonic, last.monotonic);
  straight_ = std::all_of(pairs_.begin(), pairs_.end(), [&](const trace::ClockPair &pair) {
    double expected = distance(first.ticks, pair.ticks) / rate_;
    return std::abs(expected - distance(first.monotonic, pair.monotonic)) < near_enough;
  });
}

std::int64_t Clock::nanoseconds(std::uint64_t ticks) const {
  if (pairs_.empty())
    return 0;
  const auto &first = pairs_.front();
  if (straight_ || pairs_.size() < 2)
    return in_range(distance(first.ticks, ticks) / rate_);
  auto after = std::upper_bound(pairs_.begin() + 1, pairs_.end() - 1, ticks,
                                [](std::uint64_t value, const trace::ClockPair &pair) { return value < pair.ticks; });
  const auto &low = *(after - 1), &high = *after;
  double rate = distance(low.ticks, high.ticks) / distance(low.monotonic, high.monotonic);
  return in_range(distance(first.monotonic, low.monotonic) + distance(low.ticks, ticks) / rate);
}

std::int64_t Clock::last() const {
  return pairs_.empty() ? 0 : in_range(distance(pairs_.front().monotonic, pairs_.back().monotonic));
}

} // namespace tenterhook::runs
