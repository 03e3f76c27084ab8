// blocking-call-in-coroutine: confirmed by a call that waited at or above the threshold, below one of the finding's
// coroutines, on a thread that runs a loop; or by a stall of a loop with such a stack.
#include "validate/judge.h"
#include "llvm/ADT/STLExtras.h"
#include <set>

namespace tenterhook::validate {

using namespace findings;

namespace {

constexpr std::uint64_t default_threshold = 1'000'000; // of sources that name none: 1 ms

struct Spot {
  Place place;
  Within within;
};

struct Claim {
  std::vector<Spot> sites, calls, roots;
  std::string function;   // that blocks
  bool callbacks = false; // some root is no coroutine
};

Claim claim_of(const Finding &finding) {
  Claim claim;
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

// Whether every call of the function is one that some source counts. Those of the C++ library that may return without
// one (a future that is ready, a predicate that holds) are not.
bool every_call_counts(llvm::StringRef function, const Seen &seen) {
  llvm::StringRef last = last_component(function);
  bool library = function.contains("::");
  for (const Evidence &evidence : seen.evidence()) {
    auto counts = [&](const char *name) { return evidence.functions.count(name) != 0; };
    if (!library && evidence.functions.count(function.str()))
      return true;
    if (function.starts_with("tenterhook::") && evidence.sight.tasks) // counts its own
      return true;
    if (function.starts_with("std::") && (last == "sleep_for" || last == "sleep_until") &&
        (counts("nanosleep") || counts("clock_nanosleep")))
      return true;
    if (function.starts_with("std::") && last == "join" && counts("pthread_join"))
      return true;
  }
  return false;
}

bool is_lock(llvm::StringRef function) { return function.contains("lock") && !function.contains("clock"); }

// Whether a root of the finding is on the stack, at the frame of the hit or outside of it.
bool rooted(const Hit &hit, const Claim &claim) {
  const Stack &stack = hit.seen->stack;
  for (std::size_t i = hit.frame; i < stack.size(); ++i)
    for (const Spot &root : claim.roots)
      if (frame_within(stack[i], root.place, root.within) != FileMatch::none)
        return true;
  return false;
}

bool within_root(const Stack &stack, const Claim &claim) {
  return llvm::any_of(stack, [&](const Frame &frame) {
    return llvm::any_of(
        claim.roots, [&](const Spot &root) { return frame_within(frame, root.place, root.within) != FileMatch::none; });
  });
}

// Observations of a kind at the finding's sites; at its calls too if it is the same function, which is what is left on
// the stack of a helper that ends with the call.
std::vector<Hit> hits_of(Observed kind, const Claim &claim, const Seen &seen) {
  std::vector<Hit> hits;
  std::set<const Observation *> known;
  for (const Spot &site : claim.sites)
    for (const Hit &hit : seen.at(kind, site.place, site.within))
      if (!hit.in_other && known.insert(hit.seen).second)
        hits.push_back(hit);
  for (const Spot &call : claim.calls)
    for (const Hit &hit : seen.at(kind, call.place, call.within))
      if (!hit.in_other && hit.seen->what == last_component(claim.function) && known.insert(hit.seen).second)
        hits.push_back(hit);
  llvm::erase_if(hits, [&](const Hit &hit) { return is_lock(hit.seen->what) && !is_lock(claim.function); });
  return hits;
}

struct Totals {
  std::uint64_t inside = 0, outside = 0, could_not_wait = 0, slow_inside = 0, longest = 0;
  std::uint64_t unplaced = 0; // calls in coroutines that may be the finding's, at places without a line
  std::string unplaced_function;
  std::uint64_t nameless = 0; // calls of a program without symbols: of no coroutine that anybody could tell
  bool counted = false; // some source counts
};

// A place in a program that has no symbols: "module+0x12". (What libraries do without them is no coroutine's doing.)
bool is_nameless(const Stack &stack) {
  return !stack.empty() && llvm::all_of(stack, [](const Frame &frame) {
    return llvm::StringRef(frame.function).starts_with(frame.module + "+") &&
           !llvm::StringRef(frame.module).contains(".so");
  });
}

// Of the calls that a place without a line counts, those that stacks of blocking events show.
std::uint64_t explained(const Observation &reach, const Evidence &evidence) {
  if (reach.stack.empty())
    return 0;
  std::uint64_t count = 0;
  const Frame &site = reach.stack.back();
  for (const Observation &other : evidence.seen)
    if (other.kind == Observed::block && other.what == reach.what && in_sources(other.stack) &&
        llvm::is_contained(other.stack, site))
      count += other.count;
  return count;
}

Totals totals_of(const std::vector<Hit> &hits, const Claim &claim, const Seen &seen) {
  Totals totals;
  for (const Hit &hit : hits) {
    totals.inside += hit.seen->inside;
    totals.outside += hit.seen->outside;
    totals.could_not_wait += hit.seen->could_not_wait;
    totals.slow_inside += hit.seen->slow_inside;
    totals.longest = std::max(totals.longest, hit.seen->longest);
  }
  bool wrapped =
      llvm::StringRef(claim.function).contains("::"); // a library's function: which calls it makes is unknown
  for (const Evidence &evidence : seen.evidence()) {
    totals.counted |= evidence.sight.reach;
    for (const Observation &reach : evidence.seen) {
      if (reach.kind != Observed::reach || in_sources(reach.stack))
        continue;
      if (is_lock(reach.what) ? !is_lock(claim.function) : !wrapped && reach.what != claim.function)
        continue;
      if (is_nameless(reach.stack)) {
        totals.nameless += reach.inside + reach.outside;
        totals.unplaced_function = reach.what;
        continue;
      }
      std::uint64_t may_wait = reach.inside - std::min(reach.inside, reach.could_not_wait);
      std::uint64_t left = may_wait - std::min(may_wait, explained(reach, evidence));
      if (left > 0)
        totals.unplaced_function = reach.what;
      totals.unplaced += left;
    }
  }
  return totals;
}

} // namespace

Judged judge_blocking_call_in_coroutine(const Finding &finding, const Seen &seen, const Thresholds &thresholds) {
  Judged judged;
  Verdict &verdict = judged.verdict;
  Claim claim = claim_of(finding);
  auto give = [&](Judgement judgement, std::string reason) {
    verdict.judgement = judgement;
    verdict.reason = std::move(reason);
    return judged;
  };
  if (claim.sites.empty() || claim.roots.empty())
    return give(Judgement::inconclusive, "the report does not say what the steps of this finding are");

  const Hit *worst = nullptr, *off_loop = nullptr, *elsewhere = nullptr, *no_clock = nullptr, *unknown_thread = nullptr;
  std::uint64_t blocked = 0, on_workers = 0, could_not_wait = 0, below = 0;
  std::vector<Hit> blocks = hits_of(Observed::block, claim, seen);
  for (const Hit &hit : blocks) {
    const Observation &seen_block = *hit.seen;
    judged.predicted.push_back(&seen_block);
    std::uint64_t threshold = thresholds.block                ? thresholds.block
                              : hit.evidence->block_threshold ? hit.evidence->block_threshold
                                                              : default_threshold;
    verdict.thresholds["block"] = threshold;
    bool loop = seen_block.on_loop || seen_block.role == ThreadRole::loop;
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
      elsewhere = seen_block.in_coroutine ? &hit : elsewhere;
    else if (!loop)
      unknown_thread = &hit;
    else {
      blocked += seen_block.count;
      if (!worst || worst->seen->duration < seen_block.duration)
        worst = &hit;
    }
  }
  std::vector<Hit> stalls = hits_of(Observed::stall, claim, seen);
  const Hit *stalled = nullptr;
  for (const Hit &hit : stalls) {
    judged.predicted.push_back(hit.seen);
    if (rooted(hit, claim) && (!stalled || stalled->seen->duration < hit.seen->duration))
      stalled = &hit;
  }
  // The runtime has no stack of what kept its loop, but the await at which that slice of a coroutine began.
  const Observation *slice = nullptr;
  for (const Evidence &evidence : seen.evidence())
    for (const Observation &stall : evidence.seen)
      if (stall.kind == Observed::stall && !in_sources(stall.stack) && within_root(stall.other, claim)) {
        judged.predicted.push_back(&stall);
        slice = !slice || slice->duration < stall.duration ? &stall : slice;
      }
  Totals totals = totals_of(hits_of(Observed::reach, claim, seen), claim, seen);
  verdict.counts["reached"] = std::max({totals.inside, blocked + on_workers + could_not_wait + below});
  if (blocked)
    verdict.counts["blocked"] = blocked;
  const std::uint64_t reached = verdict.counts["reached"];

  if (worst) {
    show(judged, *worst, "'" + worst->seen->what + "' blocks the loop's thread for " + duration(worst->seen->duration));
    return give(Judgement::confirmed, "'" + worst->seen->what + "' blocked the loop " + times(blocked) + ", " +
                                          (blocked > 1 ? "the longest time for " : "for ") +
                                          duration(worst->seen->duration));
  }
  if (stalled) {
    show(judged, *stalled, "the loop stands still for " + duration(stalled->seen->duration));
    return give(Judgement::confirmed, "a loop stood still for " + duration(stalled->seen->duration) + " in this call");
  }
  if (unknown_thread) {
    show(judged, *unknown_thread,
         "'" + unknown_thread->seen->what + "' blocks for " + duration(unknown_thread->seen->duration));
    return give(Judgement::inconclusive,
                "it blocked for " + duration(unknown_thread->seen->duration) + " on " +
                    (unknown_thread->seen->thread.empty() ? "a thread" : unknown_thread->seen->thread) +
                    ", which is not known to run a loop");
  }
  if (elsewhere) {
    show(judged, *elsewhere, "'" + elsewhere->seen->what + "' blocks for " + duration(elsewhere->seen->duration));
    return give(Judgement::inconclusive, "it blocked for " + duration(elsewhere->seen->duration) +
                                             ", but not below a coroutine that the finding names");
  }
  if (no_clock) {
    show(judged, *no_clock, "calls '" + no_clock->seen->what + "'");
    return give(Judgement::inconclusive, std::string("the ") + to_string(no_clock->evidence->source) + " shows '" +
                                             no_clock->seen->what + "' here, but not how long it took");
  }
  if (reached > 0) {
    if (totals.slow_inside > on_workers + could_not_wait + below)
      return give(Judgement::inconclusive, "it was slow " + times(totals.slow_inside) + " of " +
                                               std::to_string(reached) + ", but no event of that is left");
    std::string how = "in these runs, reached " + times(reached) + ": ";
    if (off_loop) {
      show(judged, *off_loop,
           "'" + off_loop->seen->what + "' blocks a worker for " + duration(off_loop->seen->duration));
      how += "where it blocked, it was on a pool's worker, not on a loop";
    } else if (std::max(totals.could_not_wait, could_not_wait) >= reached) {
      how += "no call could wait (O_NONBLOCK, or a timeout of zero)";
    } else {
      how +=
          "never slow" + (totals.longest ? " (the longest call took " + duration(totals.longest) + ")" : std::string());
    }
    if (std::string why = doubt(seen, on_workers > 0); !why.empty())
      return give(Judgement::inconclusive, how + "; but " + why);
    if (totals.unplaced > 0 && totals.inside == 0)
      return give(Judgement::inconclusive, how + "; but '" + totals.unplaced_function + "' was reached " +
                                               times(totals.unplaced) + " more, at places without a line");
    return give(Judgement::contradicted, how);
  }
  if (slice)
    return give(Judgement::inconclusive, "this coroutine kept the loop for " + duration(slice->duration) +
                                             ", and in which call is not in the trace; use `tenterhook record`");
  if (!totals.counted)
    return give(Judgement::inconclusive, "nothing here counts how often a blocking call is reached; record a trace");
  if (totals.unplaced > 0)
    return give(Judgement::inconclusive, "'" + totals.unplaced_function + "' was reached " + times(totals.unplaced) +
                                             " in coroutines at places without a line; build with -g");
  if (totals.nameless > 0)
    return give(Judgement::inconclusive, "'" + totals.unplaced_function + "' was reached " + times(totals.nameless) +
                                             " in a program without symbols; run it unstripped, or keep its debug file");
  if (!every_call_counts(claim.function, seen))
    return give(Judgement::inconclusive,
                "'" + claim.function + "' was not seen to wait; where it need not, it leaves no event");
  if (std::string why = doubt(seen, false); !why.empty())
    return give(Judgement::inconclusive, "not seen, but " + why);
  if (totals.outside > 0 && claim.callbacks)
    return give(Judgement::inconclusive,
                "reached " + times(totals.outside) + "; whether by the callback, no total says");
  if (totals.outside > 0)
    return give(Judgement::not_exercised, "reached " + times(totals.outside) + ", but never by a coroutine");
  return give(Judgement::not_exercised, "reached 0 times");
}

} // namespace tenterhook::validate
