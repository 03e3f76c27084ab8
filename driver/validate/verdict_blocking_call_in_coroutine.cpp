// blocking-call-in-coroutine: confirmed by a call that waited at or above the threshold, below one of the finding's
// coroutines, on a thread that runs a loop; or by a stall of a loop with such a stack.
#include "validate/counted_calls.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

namespace tenterhook::validate {

using namespace findings;

namespace {

struct BlockingClaim {
  std::vector<Spot> sites, calls, roots;
  std::string function;   // that blocks
  bool callbacks = false; // some root is no coroutine
};

BlockingClaim blocking_claim(const Finding &finding) {
  BlockingClaim claim;
  claim.function = finding.identity;
  auto add = [&](StepKind kind, const Place &place, const Within &within) {
    if (kind == StepKind::block || (place == finding.place && kind == StepKind::call))
      claim.sites.push_back({place, within}); // below the place of a finding, everything is its
    else if (kind == StepKind::call)
      claim.calls.push_back({place, within});
    else if (kind == StepKind::enter)
      claim.roots.push_back({place, within});
  };
  for (const Step &step : finding.witness)
    claim.callbacks |= step.kind == StepKind::enter && !llvm::StringRef(step.lane).starts_with("coroutine");
  for (const Step &step : finding.witness)
    add(step.kind, step.place, step.within);
  for (const Related &related : finding.related)
    add(related.kind, related.place, related.within);
  return claim;
}

llvm::StringRef last_component(llvm::StringRef name) {
  std::size_t at = name.rfind("::");
  return at == llvm::StringRef::npos ? name : name.drop_front(at + 2);
}

// Whether a root of the finding is on the stack, at the frame of the hit or outside of it.
bool rooted(const Hit &hit, const BlockingClaim &claim) {
  const Stack &stack = hit.seen->stack;
  for (std::size_t i = hit.frame; i < stack.size(); ++i)
    for (const Spot &root : claim.roots)
      if (frame_within(stack[i], root.place, root.within) != FileMatch::none)
        return true;
  return false;
}

bool within_root(const Stack &stack, const BlockingClaim &claim) {
  return llvm::any_of(stack, [&](const Frame &frame) {
    return llvm::any_of(claim.roots,
                        [&](const Spot &root) { return frame_within(frame, root.place, root.within) != FileMatch::none; });
  });
}

// A call of another function beside the finding's, of which there is no finding. Of what is no plain function of C the counted
// call has another name; where it is not known which, only the line is sure.
bool is_a_neighbours(const Hit &hit, const Place &call, const BlockingClaim &claim, const CountedCalls &calls) {
  if (hit.seen->kind == Observed::stall || !is_beside(hit.seen->stack[hit.frame], call))
    return false;
  if (llvm::StringRef(claim.function).contains("::"))
    return calls.always && !calls.names.empty() && !calls.may_be(hit.seen->what);
  return hit.seen->what != claim.function;
}

// Observations of a kind at the finding's sites; at its calls too if it is the same function, which is what is left on
// the stack of a helper that ends with the call.
std::vector<Hit> hits_of(Observed kind, const BlockingClaim &claim, const CountedCalls &calls, const Seen &seen) {
  std::vector<Hit> hits;
  std::set<const Observation *> known, anothers;
  for (const Spot &site : claim.sites)
    for (const Hit &hit : seen.at(kind, site.place, site.within)) {
      if (hit.in_other)
        continue;
      if (seen.is_of_another_call(hit.seen->stack[hit.frame], site.place))
        anothers.insert(hit.seen);
      else if (is_a_neighbours(hit, site.place, claim, calls))
        continue;
      else if (known.insert(hit.seen).second)
        hits.push_back(hit);
    }
  for (const Spot &call : claim.calls)
    for (const Hit &hit : seen.at(kind, call.place, call.within))
      if (!hit.in_other && hit.seen->what == last_component(claim.function) && !anothers.count(hit.seen) &&
          known.insert(hit.seen).second)
        hits.push_back(hit);
  llvm::erase_if(hits, [&](const Hit &hit) { return is_lock(hit.seen->what) && !is_lock(claim.function); });
  return hits;
}

struct Totals {
  // Calls at the finding's places: below its coroutines and callbacks, and others. A count has no stack, so of a
  // callback's helper nobody knows which they were.
  std::uint64_t reached = 0, others = 0;
  std::uint64_t could_not_wait = 0, slow = 0, other_slow = 0, longest = 0, other_longest = 0;
  std::set<std::string> functions; // that were counted there
  // Calls that may be the finding's, at places that nobody can compare.
  std::uint64_t unplaced = 0, in_libraries = 0, nameless = 0, by_jump = 0;
  std::string unplaced_function;
  bool counted = false; // some source counts
};

// A place in a program that has no symbols: "module+0x12". (What libraries do without them is no coroutine's doing.)
bool is_nameless(const Stack &stack) {
  return !stack.empty() && llvm::all_of(stack, [](const Frame &frame) {
    return llvm::StringRef(frame.function).starts_with(frame.module + "+") && !llvm::StringRef(frame.module).contains(".so");
  });
}

Totals totals_of(const std::vector<Hit> &hits, const BlockingClaim &claim, const CountedCalls &calls, const Seen &seen) {
  Totals totals;
  for (const Hit &hit : hits) {
    const Observation &at = *hit.seen;
    bool all = rooted(hit, claim); // in the coroutine or callback itself
    totals.reached += at.inside + (all ? at.outside : 0);
    totals.slow += all ? at.slow : at.slow_inside;
    totals.others += all ? 0 : at.outside;
    totals.other_slow += all ? 0 : at.slow - std::min(at.slow, at.slow_inside);
    totals.could_not_wait += at.could_not_wait;
    (all || at.inside ? totals.longest : totals.other_longest) =
        std::max(all || at.inside ? totals.longest : totals.other_longest, at.longest);
    totals.functions.insert(at.what);
  }
  for (const Evidence &evidence : seen.evidence())
    totals.counted |= evidence.sight.reach;
  for (const auto &[at, explained] : seen.unplaced_reaches()) {
    const Observation &reach = *at;
    if (!calls.may_be(reach.what) || (is_lock(reach.what) && !is_lock(claim.function)))
      continue;
    std::uint64_t may_be = reach.inside + (claim.callbacks || is_nameless(reach.stack) ? reach.outside : 0);
    std::uint64_t may_wait = may_be - std::min(may_be, reach.could_not_wait);
    std::uint64_t left = may_wait - std::min(may_wait, explained);
    bool has_line = !reach.stack.empty() && reach.stack.back().line != 0;
    if (has_line && calls.names.empty())
      continue; // libraries make many calls; which of them would be the finding's?
    if (left > 0)
      totals.unplaced_function = reach.what;
    (in_sources(reach.stack)    ? totals.by_jump
     : is_nameless(reach.stack) ? totals.nameless
     : has_line                 ? totals.in_libraries
                                : totals.unplaced) += left;
  }
  return totals;
}

// "'stat' was called", "'fopen' and 'write' were called".
std::string counted_names(const Totals &totals) {
  std::string names;
  std::size_t left = totals.functions.size();
  for (const std::string &function : totals.functions) {
    names += (names.empty() ? "'" : left == 1 ? " and '" : ", '") + function + "'";
    --left;
  }
  return names + (totals.functions.size() == 1 ? " was called " : " were called ");
}

// Why calls that no place of the program has may be the finding's; empty if there are none.
std::string unplaced_calls(const Totals &totals) {
  std::string calls = "'" + totals.unplaced_function + "' was reached ";
  if (totals.unplaced > 0)
    return calls + times(totals.unplaced) + " at places without a line; build with -g";
  if (totals.nameless > 0)
    return calls + times(totals.nameless) + " in a program without symbols; run it unstripped, or keep its debug file";
  if (totals.in_libraries > 0)
    return calls + times(totals.in_libraries) + " in code of libraries; who called that the count does not say";
  if (totals.by_jump > 0)
    return calls + times(totals.by_jump) + " by what ended with the call, of which no frame is left";
  return "";
}

} // namespace

Judged judge_blocking_call_in_coroutine(const Finding &finding, const Seen &seen, const Thresholds &thresholds) {
  Judged judged;
  Verdict &verdict = judged.verdict;
  BlockingClaim claim = blocking_claim(finding);
  if (claim.sites.empty() || claim.roots.empty())
    return judged.give(Judgement::inconclusive, "the report does not say what the steps of this finding are");

  const CountedCalls calls = counted_calls(claim.function, seen);
  const Hit *worst = nullptr, *off_loop = nullptr, *elsewhere = nullptr, *no_clock = nullptr, *unknown_thread = nullptr;
  std::uint64_t blocked = 0, on_workers = 0, could_not_wait = 0, below = 0;
  std::vector<Hit> blocks = hits_of(Observed::block, claim, calls, seen);
  for (const Hit &hit : blocks) {
    const Observation &seen_block = *hit.seen;
    judged.predicted.push_back(&seen_block);
    std::uint64_t threshold = thresholds.block_of(*hit.evidence);
    verdict.thresholds["block"] = threshold;
    bool loop = seen_block.on_loop;
    if (!seen_block.timed)
      no_clock = rooted(hit, claim) ? &hit : no_clock;
    else if (seen_block.nonblocking)
      could_not_wait += seen_block.count;
    else if (seen_block.duration < threshold)
      below += seen_block.count;
    else if (!loop && (seen_block.on_worker || seen_block.role == ThreadRole::worker)) {
      on_workers += seen_block.count;
      off_loop = &hit;
    } else if (!rooted(hit, claim))
      elsewhere = seen_block.in_coroutine || seen_block.in_callback ? &hit : elsewhere;
    else if (!loop)
      unknown_thread = &hit;
    else {
      blocked += seen_block.count;
      if (!worst || worst->seen->duration < seen_block.duration)
        worst = &hit;
    }
  }
  std::vector<Hit> stalls = hits_of(Observed::stall, claim, calls, seen);
  const Hit *stalled = nullptr;
  for (const Hit &hit : stalls) {
    judged.predicted.push_back(hit.seen);
    if (rooted(hit, claim) && (!stalled || stalled->seen->duration < hit.seen->duration))
      stalled = &hit;
  }
  // The runtime has no stack of what kept its loop, but the await at which that slice of a coroutine began.
  const Observation *slice = nullptr;
  for (const Observation *stall : seen.unplaced_stalls())
    if (within_root(stall->other, claim)) {
      judged.predicted.push_back(stall);
      slice = !slice || slice->duration < stall->duration ? stall : slice;
    }
  Totals totals = totals_of(hits_of(Observed::reach, claim, calls, seen), claim, calls, seen);
  const std::uint64_t reached = std::max(totals.reached, blocked + on_workers + could_not_wait + below);
  verdict.counts["reached"] = reached;
  if (blocked)
    verdict.counts["blocked"] = blocked;

  if (worst) {
    show(judged, *worst, "'" + worst->seen->what + "' blocks the loop's thread for " + duration(worst->seen->duration));
    return judged.give(Judgement::confirmed, "'" + worst->seen->what + "' blocked the loop " + times(blocked) + ", " +
                                                 (blocked > 1 ? "the longest time for " : "for ") +
                                                 duration(worst->seen->duration));
  }
  if (stalled) {
    show(judged, *stalled, "the loop stands still for " + duration(stalled->seen->duration));
    return judged.give(Judgement::confirmed, "a loop stood still for " + duration(stalled->seen->duration) + " in this call");
  }
  if (unknown_thread) {
    show(judged, *unknown_thread, "'" + unknown_thread->seen->what + "' blocks for " + duration(unknown_thread->seen->duration));
    return judged.give(Judgement::inconclusive,
                       "it blocked for " + duration(unknown_thread->seen->duration) + " on " +
                           (unknown_thread->seen->thread.empty() ? "a thread" : unknown_thread->seen->thread) +
                           (unknown_thread->evidence->other_build
                                ? ", but " + unknown_thread->evidence->file +
                                      " is of another build, whose code is not there: whether a loop is below it, nobody knows"
                            : unknown_thread->seen->role == ThreadRole::loop
                                ? ", which runs a loop, but the loop is not below it on the stack"
                                : ", which is not known to run a loop"));
  }
  if (elsewhere) {
    show(judged, *elsewhere, "'" + elsewhere->seen->what + "' blocks for " + duration(elsewhere->seen->duration));
    return judged.give(Judgement::inconclusive, "it blocked for " + duration(elsewhere->seen->duration) + ", but not below " +
                                                    (claim.callbacks ? "a callback" : "a coroutine") + " that the finding names");
  }
  if (no_clock) {
    show(judged, *no_clock, "calls '" + no_clock->seen->what + "'");
    return judged.give(Judgement::inconclusive, std::string("the ") + to_string(no_clock->evidence->source) + " shows '" +
                                                    no_clock->seen->what + "' here, but not how long it took");
  }
  if (reached > 0) {
    if (totals.slow > on_workers + could_not_wait + below)
      return judged.give(Judgement::inconclusive, "it was slow " + times(totals.slow) + " of " + std::to_string(reached) +
                                                      ", but no event of that is left");
    std::string how = "in these runs, reached " + times(reached) + ": ";
    if (off_loop) {
      show(judged, *off_loop, "'" + off_loop->seen->what + "' blocks a worker for " + duration(off_loop->seen->duration));
      how += "where it blocked, it was on a pool's worker, not on a loop";
    } else if (std::max(totals.could_not_wait, could_not_wait) >= reached) {
      how += "no call could wait (O_NONBLOCK, or a timeout of zero)";
    } else {
      how += "never slow" + (totals.longest ? " (the longest call took " + duration(totals.longest) + ")" : std::string());
    }
    if (std::string why = doubt(seen, on_workers > 0); !why.empty())
      return judged.give(Judgement::inconclusive, how + "; but " + why);
    if (std::string why = unplaced_calls(totals); totals.reached == 0 && !why.empty())
      return judged.give(Judgement::inconclusive, how + "; but " + why);
    return judged.give(Judgement::contradicted, how);
  }
  if (slice)
    return judged.give(Judgement::inconclusive, "this coroutine kept the loop for " + duration(slice->duration) +
                                                    ", and in which call is not in the trace; use `tenterhook record`");
  if (!totals.counted)
    return judged.give(Judgement::inconclusive, "nothing here counts how often a blocking call is reached; record a trace");
  if (totals.others > 0 && claim.callbacks) {
    std::string slow = totals.other_slow ? "slow " + times(totals.other_slow) + ", at most " + duration(totals.other_longest) +
                                               ", but not below this callback"
                                         : "never longer than " + duration(totals.other_longest);
    return judged.give(Judgement::inconclusive, counted_names(totals) + times(totals.others) + " here, " + slow +
                                                    "; the count does not say whether the callback called");
  }
  if (std::string why = unplaced_calls(totals); !why.empty())
    return judged.give(Judgement::inconclusive, why);
  if (!calls.always)
    return judged.give(Judgement::inconclusive,
                       "'" + claim.function + "' was not seen to wait; calls of it that are fast are not counted");
  if (std::string why = doubt(seen, false); !why.empty())
    return judged.give(Judgement::inconclusive, "not seen, but " + why);
  if (totals.others > 0)
    return judged.give(Judgement::not_exercised, "reached " + times(totals.others) + ", but never by a coroutine");
  return judged.give(Judgement::not_exercised, "reached 0 times");
}

} // namespace tenterhook::validate
