// The tasks of a run, put together from its events, a window of them after the other. Where events were dropped, what is
// known is kept and nothing is invented: a slice whose end was not seen ends where the next one begins.
#ifndef TENTERHOOK_DRIVER_TRACE_TASKS_H
#define TENTERHOOK_DRIVER_TRACE_TASKS_H

#include "trace/model.h"
#include <unordered_map>

namespace tenterhook::runs {

class TaskTracker {
public:
  static constexpr std::int64_t still_open = INT64_MAX; // the end of a slice; times before the trace's beginning are negative

  void take(const Run &window); // the events that it has now
  // Those that windows since the last call tell of, by id. The caller may move their slices out, all but an open one.
  std::vector<Task *> take_touched();
  void forget(std::uint64_t id) { tasks_.erase(id); }
  const Task *find(std::uint64_t id) const;
  // All that were not forgotten, by id; slices that are still open end at `length`. The end.
  std::vector<Task> finish(std::int64_t length);

private:
  struct Tracked {
    Task task;
    bool touched = false;
  };
  std::unordered_map<std::uint64_t, Tracked> tasks_;
  std::vector<std::uint64_t> touched_;
};

} // namespace tenterhook::runs

#endif
