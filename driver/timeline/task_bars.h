// The lives of tasks, part by part.
#ifndef TENTERHOOK_DRIVER_TIMELINE_TASK_BARS_H
#define TENTERHOOK_DRIVER_TIMELINE_TASK_BARS_H

#include "timeline/captions.h"
#include "trace/tasks.h"

namespace tenterhook::timeline {

class TaskBars {
public:
  // The picture's `length` is known.
  TaskBars(Captions &captions, Picture &picture) : captions_(captions), picture_(picture) {}

  void take(const runs::Run &window) { tracker_.take(window); } // before what happens in it is drawn
  std::uint32_t name(std::uint64_t id);                         // string; what the task's function is called
  // What is new of the tasks, into the picture; those that were destroyed are forgotten.
  void tell(bool last);

private:
  void tell(runs::Task &task, bool last);
  std::uint32_t caption(const runs::Task &task, bool ends);

  Captions &captions_;
  Picture &picture_;
  runs::TaskTracker tracker_;
  std::unordered_map<std::uint64_t, std::int64_t> begun_; // their begin, of those that have been told and will go on
};

} // namespace tenterhook::timeline

#endif
