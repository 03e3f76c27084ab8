// Ticks to nanoseconds since the trace began, from the pairs that the drain wrote.
#ifndef TENTERHOOK_DRIVER_TRACE_CLOCK_H
#define TENTERHOOK_DRIVER_TRACE_CLOCK_H

#include "trace/format.h"
#include <cstdint>
#include <vector>

namespace tenterhook::runs {

// One straight line where all pairs lie near it (ticks of a constant rate: a pair that was read with a pause in between
// then does no harm), else piece by piece. Pairs that run backwards are left out.
class Clock {
public:
  void add(trace::ClockPair); // the first is the beginning
  void settle();
  std::int64_t nanoseconds(std::uint64_t ticks) const;
  double ticks_per_nanosecond() const { return rate_; }
  std::int64_t last() const; // the last pair

private:
  std::vector<trace::ClockPair> pairs_;
  double rate_ = 1;
  bool straight_ = true;
};

} // namespace tenterhook::runs

#endif
