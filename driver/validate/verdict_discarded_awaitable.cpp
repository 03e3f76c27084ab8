// discarded-awaitable: confirmed by a task that was made at this place and destroyed unstarted, or that nobody ever
// awaited; contradicted if every task made here was started and awaited.
#include "validate/judge.h"
#include "llvm/ADT/STLExtras.h"

namespace tenterhook::validate {

using namespace findings;

Judged judge_discarded_awaitable(const Finding &finding, const Seen &seen, const Thresholds &) {
  Judged judged;
  Verdict &verdict = judged.verdict;
  const Step *create = nullptr;
  for (const Step &step : finding.witness)
    if (step.kind == StepKind::create && !create)
      create = &step;
  if (!create)
    return judged.give(Judgement::inconclusive, "the report does not say what the steps of this finding are");

  std::vector<Hit> hits = seen.at(Observed::task, create->place, create->within);
  llvm::erase_if(hits, [](const Hit &hit) { return !hit.in_other; }); // who called the coroutine
  std::uint64_t made = 0, lost = 0, unknown = 0;
  const Hit *unstarted = nullptr, *unawaited = nullptr;
  for (const Hit &hit : hits) {
    const Observation &task = *hit.seen;
    made += task.count;
    bool over = task.destroyed || (hit.evidence->ended && !hit.evidence->events_lost);
    if (!task.started && over) {
      lost += task.count;
      unstarted = &hit;
      judged.predicted.push_back(&task);
    } else if (task.started && !task.awaited && over && !hit.evidence->events_lost) {
      lost += task.count;
      unawaited = &hit;
      judged.predicted.push_back(&task);
    } else if (!task.started || !task.awaited) {
      unknown += task.count;
    }
  }
  verdict.counts["made"] = made;
  if (lost)
    verdict.counts["lost"] = lost;
  if (unstarted) {
    show(judged, *unstarted, unstarted->seen->destroyed ? "the task is destroyed before it started" : "the task never starts",
         "makes the task");
    return judged.give(Judgement::confirmed,
                       "of " + std::to_string(made) + " made here, " + std::to_string(lost) + (lost == 1 ? " was" : " were") +
                           " lost: " + (unstarted->seen->destroyed ? "destroyed unstarted" : "never started"));
  }
  if (unawaited) {
    show(judged, *unawaited, "the task ends, and nobody awaited it", "makes the task");
    return judged.give(Judgement::confirmed, "of " + std::to_string(made) + " made here, " + std::to_string(lost) +
                                                 (lost == 1 ? " was" : " were") + " never awaited");
  }
  if (made > 0) {
    std::string how = "in these runs, reached " + times(made) + ": every task was started and awaited";
    if (unknown > 0)
      return judged.give(Judgement::inconclusive,
                         "reached " + times(made) + ", but the end of " + std::to_string(unknown) + " is not in the trace");
    if (std::string why = doubt(seen, true); !why.empty())
      return judged.give(Judgement::inconclusive, how + "; but " + why);
    return judged.give(Judgement::contradicted, how);
  }
  // Silence is proof only of what the source knows: tasks of the runtime.
  const Evidence *sees_tasks = nullptr;
  for (const Evidence &evidence : seen.evidence())
    if (evidence.sight.tasks)
      sees_tasks = &evidence;
  if (!sees_tasks)
    return judged.give(Judgement::inconclusive, "nothing here sees tasks; only programs on Tenterhook's runtime tell of theirs");
  if (!llvm::StringRef(create->subject).contains("task") || create->subject == "task")
    return judged.give(Judgement::inconclusive,
                       "the trace tells of tenterhook::task only, and this is '" + create->subject + "'");
  if (sees_tasks->events_lost)
    return judged.give(Judgement::inconclusive, "not seen, but events were lost in " + sees_tasks->file);
  if (sees_tasks->other_build)
    return judged.give(Judgement::inconclusive, "not seen, but " + sees_tasks->file + " is of another build");
  return judged.give(Judgement::not_exercised, "reached 0 times");
}

} // namespace tenterhook::validate
