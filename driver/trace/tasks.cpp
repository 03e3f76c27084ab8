// See tasks.h.
#include "trace/tasks.h"
#include "llvm/ADT/STLExtras.h"

namespace tenterhook::runs {
namespace {

constexpr std::int64_t still_open = TaskTracker::still_open;

void open_slice(Task &task, const Event &event) {
  if (!task.slices.empty() && task.slices.back().end == still_open)
    task.slices.back().end = event.time;
  task.slices.push_back({event.time, still_open, event.thread, {}});
}

void close_slice(Task &task, const Event &event, SiteRef at) {
  if (task.slices.empty() || task.slices.back().end != still_open)
    return;
  task.slices.back().end = event.time;
  task.slices.back().ended_at = at;
}

void take_event(Task &task, const Event &event, const Run &run) {
  switch (event.kind) {
  case Kind::task_new:
    task.created = event.time;
    task.site = event.site;
    task.thread = event.thread;
    if (auto detail = run.detail<TaskDetail>(event)) {
      task.parent = detail->parent;
      task.creator = detail->creator;
      task.ramp = detail->ramp ? detail->creator + std::int64_t(detail->ramp) : 0;
      task.stack = detail->stack;
    }
    break;
  case Kind::task_start:
    if (!task.started)
      task.started = event.time;
    open_slice(task, event);
    break;
  case Kind::task_resume: open_slice(task, event); break;
  case Kind::task_suspend:
    ++task.suspends;
    close_slice(task, event, event.site);
    break;
  case Kind::task_done:
    task.done = event.time;
    task.with_exception = event.arg == 1;
    close_slice(task, event, {});
    break;
  case Kind::task_destroy:
    task.destroyed = event.time;
    task.end = TaskEnd(event.arg);
    close_slice(task, event, {});
    break;
  case Kind::task_awaited: task.awaited = true; break;
  default: break;
  }
}

bool by_id(const Task *a, const Task *b) { return a->id < b->id; }

} // namespace

void TaskTracker::take(const Run &window) {
  for (const Event &event : window.events) {
    if (event.kind < Kind::task_new || event.kind > Kind::task_awaited)
      continue;
    Tracked &tracked = tasks_[event.object];
    tracked.task.id = event.object;
    if (!tracked.touched)
      touched_.push_back(event.object);
    tracked.touched = true;
    take_event(tracked.task, event, window);
  }
}

std::vector<Task *> TaskTracker::take_touched() {
  std::vector<Task *> touched;
  for (std::uint64_t id : touched_)
    if (auto found = tasks_.find(id); found != tasks_.end() && std::exchange(found->second.touched, false))
      touched.push_back(&found->second.task);
  touched_.clear();
  llvm::sort(touched, by_id);
  return touched;
}

const Task *TaskTracker::find(std::uint64_t id) const {
  auto found = tasks_.find(id);
  return found == tasks_.end() ? nullptr : &found->second.task;
}

std::vector<Task> TaskTracker::finish(std::int64_t length) {
  std::vector<Task> all;
  for (auto &[id, tracked] : tasks_) {
    Task &task = all.emplace_back(std::move(tracked.task));
    if (!task.slices.empty() && task.slices.back().end == still_open)
      task.slices.back().end = std::max(length, task.slices.back().begin);
  }
  tasks_.clear();
  llvm::sort(all, [](const Task &a, const Task &b) { return a.id < b.id; });
  return all;
}

} // namespace tenterhook::runs
