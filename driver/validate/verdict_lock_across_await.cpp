// lock-across-await: confirmed by a suspension (or the thread's return to its wait) while a lock that the coroutine
// took is held, or by an unlock on another thread than took it. That an await never suspended is no event of any
// source, so a lock that was taken without a suspension is inconclusive.
#include "validate/judge.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Path.h"
#include <set>

namespace tenterhook::validate {

using namespace findings;

namespace {

struct LockClaim {
  std::vector<Spot> acquires, suspends;
  std::set<std::string> types; // of its locks; empty if the report does not say
};

LockClaim lock_claim(const Finding &finding) {
  LockClaim claim;
  auto add = [&](StepKind kind, const Place &place, const Within &within) {
    if (kind == StepKind::acquire)
      claim.acquires.push_back({place, within});
    else if (kind == StepKind::suspend)
      claim.suspends.push_back({place, within});
  };
  for (const Step &step : finding.witness) {
    add(step.kind, step.place, step.within);
    if (step.kind == StepKind::acquire && !step.type.empty())
      claim.types.insert(step.type);
  }
  for (const Related &related : finding.related)
    add(related.kind, related.place, related.within);
  return claim;
}

// Whether a stack shows one of the finding's acquisitions: at its line or, of a guard that a helper returns, in the
// helper.
bool acquired_here(const Stack &stack, const LockClaim &claim) {
  for (const Frame &frame : stack)
    for (const Spot &spot : claim.acquires)
      if (frame_at(frame, spot.place, spot.within) != FileMatch::none)
        return true;
  return false;
}

bool within_coroutine(const Stack &stack, const LockClaim &claim) {
  for (const Frame &frame : stack)
    for (const Spot &spot : claim.suspends)
      if (frame_within(frame, spot.place, spot.within) != FileMatch::none)
        return true;
  return false;
}

// Locks that the recorder sees where the program takes them: pthread's, and the classes that are one of these.
bool is_of_pthread(llvm::StringRef type) {
  static constexpr llvm::StringLiteral classes[] = {
      "std::mutex",         "std::recursive_mutex",    "std::timed_mutex", "std::recursive_timed_mutex",
      "std::shared_mutex",  "std::shared_timed_mutex", "boost::mutex",     "boost::recursive_mutex",
      "boost::timed_mutex", "pthread_mutex_t",         "pthread_rwlock_t", "mtx_t",
      "tenterhook::mutex",  "tenterhook::shared_mutex"};
  return llvm::is_contained(classes, type);
}
bool is_of_runtime(llvm::StringRef type) { return type == "tenterhook::mutex" || type == "tenterhook::shared_mutex"; }

// The lock of a guard: "std::unique_lock<std::mutex>".
llvm::StringRef guarded(llvm::StringRef type) {
  auto [guard, lock] = type.split('<');
  return guard == "std::unique_lock" || guard == "std::shared_lock" || guard == "boost::unique_lock" ||
                 guard == "boost::shared_lock"
             ? lock.drop_back()
             : type;
}

} // namespace

Judged judge_lock_across_await(const Finding &finding, const Seen &seen, const Thresholds &) {
  Judged judged;
  Verdict &verdict = judged.verdict;
  LockClaim claim = lock_claim(finding);
  if (claim.acquires.empty() || claim.suspends.empty())
    return judged.give(Judgement::inconclusive, "the report does not say what the steps of this finding are");

  // Suspensions, with and without the lock.
  std::uint64_t suspended = 0, held_count = 0, waits = 0, foreign = 0, taken = 0;
  const Hit *held = nullptr;
  const Frame *elsewhere = nullptr; // in some function, where another lock was taken, or this one on a way not told
  std::vector<Hit> held_hits;
  for (const Spot &spot : claim.suspends)
    for (const Hit &hit : seen.at(Observed::held_at_suspend, spot.place, spot.within))
      if (!hit.in_other && (!in_sources(hit.seen->other) || acquired_here(hit.seen->other, claim)))
        held_hits.push_back(hit);
      else if (!hit.in_other && !within_coroutine(hit.seen->other, claim))
        elsewhere = &*llvm::find_if_not(hit.seen->other, is_system);
  for (const Hit &hit : held_hits) {
    held_count += hit.seen->count;
    judged.predicted.push_back(hit.seen);
    held = &hit;
  }
  for (const Spot &spot : claim.suspends)
    for (const Hit &hit : seen.at(Observed::suspend, spot.place, spot.within))
      suspended += hit.seen->count;

  const Observation *wait = nullptr, *unlock = nullptr;
  const Evidence *wait_evidence = nullptr, *unlock_evidence = nullptr;
  bool unplaced_wait = false, sees_suspends = false, sees_locks = false, sees_waits = false;
  for (const Evidence &evidence : seen.evidence()) {
    sees_suspends |= evidence.sight.suspends;
    sees_locks |= evidence.sight.locks;
    sees_waits |= evidence.sight.waits_with_lock;
  }
  for (const auto &[evidence, at] : seen.of_locks()) {
    const Observation &observation = *at;
    bool ours = acquired_here(observation.other, claim);
    if (observation.kind == Observed::held_at_suspend) {
      if (ours) // further suspensions with the lock, such as those of a task that is awaited
        judged.predicted.push_back(&observation);
    } else if (observation.kind == Observed::held_at_wait) {
      if (ours)
        judged.predicted.push_back(&observation);
      if (ours && !observation.coroutine_on_stack) {
        waits += observation.count;
        wait = &observation;
        wait_evidence = evidence;
      }
      unplaced_wait |= observation.in_coroutine && !observation.coroutine_on_stack && !in_sources(observation.other);
    } else if (observation.kind == Observed::foreign_unlock) {
      bool here = ours || (!in_sources(observation.other) && within_coroutine(observation.stack, claim));
      if (!here)
        continue;
      judged.predicted.push_back(&observation);
      foreign += observation.count;
      unlock = &observation;
      unlock_evidence = evidence;
    } else if (is_lock(observation.what) && !llvm::StringRef(observation.what).contains("unlock") &&
               acquired_here(observation.stack, claim)) {
      taken += observation.inside + observation.outside;
    }
  }
  if (suspended || held_count)
    verdict.counts["suspended"] = std::max(suspended, held_count);
  if (taken)
    verdict.counts["locked"] = taken;

  if (held) {
    verdict.counts["suspended holding it"] = held_count;
    show(judged, *held, "suspends with the lock held", "takes the lock");
    return judged.give(Judgement::confirmed, "suspended " + times(held_count) + " with the lock held");
  }
  if (wait) {
    verdict.counts["held at the wait"] = waits;
    show(judged, Hit{wait_evidence, wait, false, 0, FileMatch::equal}, "waits for events, the lock is still held",
         "takes the lock");
    return judged.give(Judgement::confirmed, "the thread went back to its loop " + times(waits) + " with the lock held");
  }
  if (unlock) {
    verdict.counts["unlocked by another thread"] = foreign;
    show(judged, Hit{unlock_evidence, unlock, false, 0, FileMatch::equal}, "unlocks what another thread locked",
         "takes the lock");
    return judged.give(Judgement::confirmed, "unlocked " + times(foreign) + " by a thread that did not lock it");
  }
  if (unplaced_wait)
    return judged.give(Judgement::inconclusive,
                       "a thread went back to its loop with a lock of some coroutine held, and where it was "
                       "taken has no line; build with -g");
  if (taken > 0 && suspended > 0 && sees_suspends) { // that it was taken shows that this evidence sees the lock
    std::string how =
        "in these runs, reached " + times(suspended) + ": the lock was taken " + times(taken) + " and not held at any suspension";
    if (std::string why = doubt(seen, true); !why.empty())
      return judged.give(Judgement::inconclusive, how + "; but " + why);
    return judged.give(Judgement::contradicted, how);
  }
  if (taken > 0)
    return judged.give(Judgement::inconclusive,
                       "the lock was taken " + times(taken) +
                           "; nothing was seen held at a wait, but an await that does not suspend leaves no event");
  if (elsewhere && taken == 0)
    return judged.give(Judgement::inconclusive,
                       "suspended with a lock held that was taken at " + llvm::sys::path::filename(elsewhere->file).str() + ":" +
                           std::to_string(elsewhere->line) + "; whether that is this lock, the trace does not say");
  if (!sees_locks && !sees_waits && !sees_suspends)
    return judged.give(Judgement::inconclusive, "nothing here sees locks and suspensions; record a trace");
  if (std::string why = doubt(seen, true); !why.empty())
    return judged.give(Judgement::inconclusive, "not seen, but " + why);
  auto all_locks = [&](bool (*seen_by)(llvm::StringRef)) {
    return llvm::all_of(claim.types, [&](const std::string &type) { return seen_by(guarded(type)); });
  };
  const bool runtime_sees = sees_suspends && !claim.types.empty() && all_locks(is_of_runtime);
  if (!sees_locks && !runtime_sees)
    return judged.give(Judgement::inconclusive,
                       suspended ? "suspended " + times(suspended) + "; this evidence sees only locks of the runtime"
                                 : "this evidence sees only locks of the runtime; use `tenterhook record`");
  if (!runtime_sees && !all_locks(is_of_pthread)) {
    auto unseen = llvm::find_if(claim.types, [](const std::string &type) { return !is_of_pthread(guarded(type)); });
    return judged.give(Judgement::inconclusive,
                       "the recorder does not see locks of this type ('" + *unseen + "'); it sees those of pthread");
  }
  return judged.give(Judgement::not_exercised, suspended ? "suspended " + times(suspended) + ", but the lock was taken 0 times"
                                                         : "the lock was taken 0 times");
}

} // namespace tenterhook::validate
