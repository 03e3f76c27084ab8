// See tasks.h.
#include "trace/tasks.h"
#include "llvm/ADT/STLExtras.h"

namespace tenterhook::runs {
namespace {

constexpr std::int64_t still_open = INT64_MAX; // an end; times before the trace's beginning are negative

void open_slice(Task &task, const Event &event) {
  if (!task.slices.empty() && task.slices.back().end == still_open) task.slices.back().end = event.time;
  task.slices.push_back({event.time, still_open, event.thread, {}});
}

void close_slice(Task &task, const Event &event, SiteRef at) {
  if (task.slices.empty() || task.slices.back().end != still_open) return;
  task.slices.back().end = event.time;
  task.slices.back().ended_at = at;
}

} // namespace

std::vector<Task> collect_tasks(const Run &run) {
  std::vector<Task> tasks;
  std::unordered_map<std::uint64_t, std::size_t> index;
  auto task_of = [&](const Event &event) -> Task & {
    auto [found, fresh] = index.try_emplace(event.object, tasks.size());
    if (fresh) {
      tasks.emplace_back();
      tasks.back().id = event.object;
    }
    return tasks[found->second];
  };
  for (const Event &event : run.events) {
    if (event.kind < Kind::task_new || event.kind > Kind::task_awaited) continue;
    Task &task = task_of(event);
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
      if (!task.started) task.started = event.time;
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
  for (Task &task : tasks)
    if (!task.slices.empty() && task.slices.back().end == still_open)
      task.slices.back().end = std::max(run.length, task.slices.back().begin);
  llvm::sort(tasks, [](const Task &a, const Task &b) { return a.id < b.id; });
  return tasks;
}

} // namespace tenterhook::runs
