// See task_bars.h.
#include "timeline/task_bars.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::timeline {

std::uint32_t TaskBars::name(std::uint64_t id) {
  const runs::Task *task = tracker_.find(id);
  std::uint32_t known = task ? captions_.short_name(task->site) : 0;
  return known ? known : captions_.string(("task " + llvm::Twine(id)).str());
}

std::uint32_t TaskBars::caption(const runs::Task &task, bool ends) {
  std::string note;
  bool trouble = false;
  if (ends) {
    if (task.destroyed && task.end == runs::TaskEnd::unstarted)
      note = "never started";
    else if (task.destroyed && task.end == runs::TaskEnd::suspended)
      note = "destroyed while suspended";
    else if (task.done && task.created && !task.awaited)
      note = "nobody awaited it";
    else if (!task.done && !task.destroyed)
      note = "not done when the trace ended";
    trouble = task.destroyed && task.end == runs::TaskEnd::unstarted;
    if (task.with_exception)
      note += note.empty() ? "ended with an exception" : "; ended with an exception";
  }
  std::uint32_t known = captions_.short_name(task.site);
  return captions_.make(known ? known : captions_.string(("task " + llvm::Twine(task.id)).str()), captions_.place(task.site),
                        note, task.stack, trouble);
}

void TaskBars::tell(runs::Task &task, bool last) {
  TaskBar bar;
  bar.id = task.id;
  bar.parent = task.parent;
  bar.ends = last || task.destroyed;
  std::int64_t first = task.slices.empty() ? 0 : task.slices.front().begin;
  std::int64_t begin = std::clamp<std::int64_t>(task.created.value_or(task.started.value_or(first)), 0, picture_.length);
  if (bar.ends) {
    auto before = begun_.find(task.id);
    bar.begins = before == begun_.end();
    bar.begin = bar.begins ? begin : before->second;
    bar.end = task.destroyed.value_or(task.done.value_or(picture_.length));
    if (!bar.begins)
      begun_.erase(before);
  } else {
    auto [before, fresh] = begun_.try_emplace(task.id, begin);
    bar.begins = fresh;
    bar.begin = before->second;
    bar.end = picture_.length;
  }
  bar.end = std::clamp(bar.end, bar.begin, picture_.length);
  bar.caption = caption(task, bar.ends);
  bar.trouble = picture_.captions[bar.caption].trouble;
  if (!bar.ends && !task.slices.empty() && task.slices.back().end == runs::TaskTracker::still_open) {
    runs::Slice open = task.slices.back();
    task.slices.pop_back();
    bar.slices = std::move(task.slices);
    task.slices = {open};
  } else {
    bar.slices = std::move(task.slices);
    task.slices.clear();
  }
  if (bar.begins || bar.ends || !bar.slices.empty())
    picture_.tasks.push_back(std::move(bar));
}

void TaskBars::tell(bool last) {
  if (last) {
    for (runs::Task &task : tracker_.finish(picture_.length))
      tell(task, true);
  } else {
    for (runs::Task *task : tracker_.take_touched()) {
      tell(*task, false);
      if (task->destroyed)
        tracker_.forget(task->id);
    }
  }
  llvm::sort(picture_.tasks,
             [](const TaskBar &a, const TaskBar &b) { return std::tie(a.begin, a.id) < std::tie(b.begin, b.id); });
}

} // namespace tenterhook::timeline
