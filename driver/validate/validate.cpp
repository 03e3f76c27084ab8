// Verdicts of all findings, and the observations that none of them explains.
#include "validate/validate.h"
#include "output/names.h"
#include "validate/lock_cycles.h"
#include "validate/relevance.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <set>

namespace tenterhook::validate {

using namespace findings;

namespace {

// The innermost frame that a person wrote: below the report's root if there is one; null if nobody did.
const Frame *user_frame(const Stack &stack, llvm::StringRef root) {
  const Frame *user = nullptr;
  for (const Frame &frame : stack) {
    if (is_system(frame))
      continue;
    if (!root.empty() && driver::below_root(frame.file, root))
      return &frame;
    user = user ? user : &frame;
  }
  return user;
}

class Collector {
public:
  Collector(const LoadedReport &report, const Thresholds &thresholds) : root_(report.root), thresholds_(thresholds) {}

  void take(const Evidence &evidence, const Observation &seen) {
    switch (seen.kind) {
    case Observed::block: return block(evidence, seen);
    case Observed::held_at_suspend:
      return add("held-lock", "suspended with a lock held" + often(seen), evidence, seen, seen.stack);
    case Observed::held_at_wait:
      if (seen.in_coroutine && !seen.coroutine_on_stack)
        add("held-lock", "the thread went back to its loop with a lock held that a coroutine took" + often(seen), evidence, seen,
            seen.other);
      return;
    case Observed::foreign_unlock:
      return add("foreign-unlock", "unlocked by a thread that did not lock it" + often(seen), evidence, seen, seen.stack);
    case Observed::stall:
      if (seen.on_loop && !explained_stall(evidence, seen))
        add("stall", "a loop stood still for " + duration(seen.duration) + often(seen), evidence, seen,
            seen.stack.empty() ? seen.other : seen.stack);
      return;
    case Observed::task:
      if (!seen.started && (seen.destroyed || (evidence.ended && !evidence.events_lost)))
        add("lost-task",
            std::string("a task was made and ") + (seen.destroyed ? "destroyed unstarted" : "never started") + often(seen),
            evidence, seen, seen.other.empty() ? seen.stack : seen.other);
      return;
    case Observed::race: return add("data-race", "data race: " + seen.what + often(seen), evidence, seen, seen.stack);
    case Observed::report:
      return add(seen.what == "lock-order inversion" ? "lock-order" : "report",
                 std::string(to_string(evidence.source)) + ": " + seen.what + often(seen), evidence, seen, seen.stack);
    case Observed::lock_edge: // locks()
    case Observed::suspend:
    case Observed::reach: return;
    }
  }

  // Orders of locks of which threads can stand still for ever. (Sanitizers say so themselves.)
  void locks(const Evidence &evidence) {
    if (evidence.source != SourceKind::recorder_trace && evidence.source != SourceKind::runtime_trace)
      return;
    LockCycles cycles = lock_cycles(evidence);
    if (cycles.cut)
      searches_cut_.push_back(evidence.file);
    for (LockCycle &cycle : cycles.found) {
      std::ranges::rotate(cycle, std::ranges::max_element(cycle, {}, [&](const Observation *edge) {
                            const Frame *place = user_frame(edge->stack, root_);
                            return place ? std::tuple(place->file, place->line) : std::tuple(std::string(), 0u);
                          })); // addresses of locks decide nothing that is shown
      std::vector<Unpredicted::Side> others;
      for (const Observation *edge : llvm::drop_begin(cycle))
        others.push_back({edge->stack, edge->thread});
      std::string what = cycle.size() == 2
                             ? "two locks were taken in opposite orders by two threads"
                             : std::to_string(cycle.size()) + " locks were taken in a circle: each while the one before was held";
      add("lock-order", std::move(what), evidence, *cycle.front(), cycle.front()->stack, std::move(others));
    }
  }

  std::size_t unplaced() const { return unplaced_; }
  const std::vector<std::string> &searches_cut() const { return searches_cut_; }

  std::vector<Unpredicted> finish() {
    std::vector<Unpredicted> sorted;
    for (auto &[key, entry] : found_)
      sorted.push_back(std::move(entry));
    std::ranges::sort(sorted, [](const Unpredicted &a, const Unpredicted &b) {
      return std::tie(a.place, a.kind, a.what, a.evidence, a.time) < std::tie(b.place, b.kind, b.what, b.evidence, b.time);
    });
    return sorted;
  }

private:
  static std::string often(const Observation &seen) { return seen.count > 1 ? ", " + times(seen.count) : ""; }

  void block(const Evidence &evidence, const Observation &seen) {
    if (!seen.timed)
      return add("report", "RealtimeSanitizer: '" + seen.what + "' in a real-time context" + often(seen), evidence, seen,
                 seen.stack);
    if (blocks_loop(evidence, seen))
      add("blocking-call",
          (seen.what == "lock" ? "waiting for a lock" : "'" + seen.what + "'") + " blocked the loop for " +
              duration(seen.duration) + often(seen),
          evidence, seen, seen.stack);
  }

  bool blocks_loop(const Evidence &evidence, const Observation &seen) const {
    std::uint64_t threshold = thresholds_.block_of(evidence);
    return ((seen.in_coroutine && seen.on_loop) || seen.in_callback) && !seen.nonblocking && seen.duration >= threshold;
  }

  // A blocking call at the same place says more than the stall that it makes. So do, for a stall whose stack nobody
  // took, the calls and the stacks of the same thread and time, if they last for half of it together.
  bool explained_stall(const Evidence &evidence, const Observation &stall) {
    if (explains_.of != &evidence)
      explains_ = learn(evidence);
    const Frame *place = user_frame(stall.stack, root_);
    if (place)
      return explains_.blocks.count({place->file, place->line}) != 0;
    if (!stall.stack.empty())
      return false;
    constexpr std::uint64_t slack = 1'000'000; // who tells of it later is later
    auto thread = explains_.meanwhile.find(stall.thread);
    if (thread == explains_.meanwhile.end())
      return false;
    const auto &ends = thread->second;
    std::uint64_t earliest = stall.time - std::min(stall.time, stall.duration);
    auto first = llvm::partition_point(ends, [&](const auto &each) { return each.first < earliest; });
    auto last = llvm::partition_point(ends, [&](const auto &each) { return each.first <= stall.time + slack; });
    std::uint64_t before = first == ends.begin() ? 0 : (first - 1)->second;
    std::uint64_t explained = last == ends.begin() ? 0 : (last - 1)->second;
    return (explained - std::min(before, explained)) * 2 >= stall.duration;
  }

  // What says more of one source's stalls than they do.
  struct Explains {
    const Evidence *of = nullptr;
    std::set<std::pair<std::string, std::uint32_t>> blocks; // places of calls that block a loop
    // By thread: end of calls and of stalls with a stack, in order, and the time that they and those before took.
    std::map<std::string, std::vector<std::pair<std::uint64_t, std::uint64_t>>> meanwhile;
  };
  Explains learn(const Evidence &evidence) const {
    Explains made;
    made.of = &evidence;
    for (const Observation &other : evidence.seen) {
      if (other.kind == Observed::block && blocks_loop(evidence, other))
        if (const Frame *at = user_frame(other.stack, root_))
          made.blocks.insert({at->file, at->line});
      if ((other.kind == Observed::block && !other.nonblocking) || (other.kind == Observed::stall && !other.stack.empty()))
        made.meanwhile[other.thread].emplace_back(other.time, std::max(other.total, other.duration));
    }
    for (auto &[thread, ends] : made.meanwhile) {
      llvm::sort(ends);
      std::uint64_t sum = 0;
      for (auto &[end, lasted] : ends)
        lasted = sum += std::min(lasted, std::uint64_t(INT64_MAX) - std::min(sum, std::uint64_t(INT64_MAX)));
    }
    return made;
  }

  void add(const char *kind, std::string what, const Evidence &evidence, const Observation &seen, const Stack &stack) {
    std::vector<Unpredicted::Side> others;
    if (!seen.other.empty())
      others.push_back({seen.other, seen.other_thread});
    add(kind, std::move(what), evidence, seen, stack, std::move(others));
  }

  void add(const char *kind, std::string what, const Evidence &evidence, const Observation &seen, const Stack &stack,
           std::vector<Unpredicted::Side> others) {
    Unpredicted entry;
    entry.kind = kind;
    const Frame *other = others.empty() ? nullptr : user_frame(others.front().stack, root_);
    const Frame *frame = user_frame(stack, root_);
    if (!frame)
      frame = other; // a race of which one side is a library's
    if (!frame) {
      ++unplaced_;
      return;
    }
    std::uint32_t column = std::max(frame->column, 1u);
    entry.place = {frame->file, frame->line, column, frame->line, column};
    entry.function = frame->function;
    entry.what = std::move(what);
    entry.stack = stack;
    entry.others = std::move(others);
    entry.evidence = evidence.file;
    entry.thread = seen.thread;
    entry.time = seen.time;
    entry.count = seen.count;
    entry.duration = seen.duration;
    // One entry a place: what lasted longest, else the first, stands for those that say the same in other words.
    Key key{kind, entry.place.file, entry.place.line, entry.function, other ? other->line : 0u};
    auto [it, fresh] = found_.try_emplace(std::move(key), entry);
    if (!fresh && it->second.duration < entry.duration)
      it->second = std::move(entry);
  }

  const std::string &root_;
  const Thresholds &thresholds_;
  using Key = std::tuple<std::string, std::string, std::uint32_t, std::string, std::uint32_t>;
  std::map<Key, Unpredicted> found_;
  std::size_t unplaced_ = 0;
  std::vector<std::string> searches_cut_;
  Explains explains_;
};

} // namespace

llvm::ArrayRef<UnpredictedKind> unpredicted_kinds() {
  static constexpr UnpredictedKind kinds[] = {
      {"blocking-call", "UnpredictedBlockingCall",
       "A run saw a call in a coroutine or callback that blocked its loop, and no finding predicts it."},
      {"data-race", "UnpredictedDataRace", "A run saw two accesses that race, and no finding predicts them."},
      {"foreign-unlock", "UnpredictedForeignUnlock",
       "A run saw a lock unlocked by another thread than locked it, and no finding predicts it."},
      {"held-lock", "UnpredictedHeldLock", "A run saw a coroutine suspended with a lock held, and no finding predicts it."},
      {"lock-order", "UnpredictedLockOrder",
       "A run saw locks taken in orders that contradict each other, and no finding predicts it."},
      {"lost-task", "UnpredictedLostTask", "A run saw a task that was made and never ran, and no finding predicts it."},
      {"report", "UnpredictedReport", "A sanitizer reported something that no finding predicts."},
      {"stall", "UnpredictedStall", "A run saw an event loop stand still, and no finding predicts it."},
  };
  return kinds;
}

Judgements judge_all(const LoadedReport &report, const std::vector<Evidence> &evidence, const Thresholds &thresholds) {
  Judgements judgements;
  std::vector<const Evidence *> relevant = evidence_about(report, evidence, judgements.set_aside);
  Seen seen(relevant);
  for (const Subject &subject : report.subjects)
    if (subject.finding.rule == "blocking-call-in-coroutine")
      seen.add_call(subject.finding.place);
  std::vector<const Observation *> predicted;
  for (const Subject &subject : report.subjects) {
    Judged judged;
    Judge judge = judge_of(subject.finding.rule);
    if (!judge)
      judged = judged.give(Judgement::no_rule, "no kind of evidence decides on this check");
    else if (relevant.empty())
      judged = judged.give(Judgement::inconclusive, "no program that ran has a file of this report in its debug information");
    else
      judged = judge(subject.finding, seen, thresholds);
    if (!subject.suppressed)
      ++judgements.totals[judged.verdict.judgement];
    predicted.insert(predicted.end(), judged.predicted.begin(), judged.predicted.end());
    judgements.verdicts.push_back(std::move(judged.verdict));
  }
  std::set<const Observation *> known(predicted.begin(), predicted.end());
  Collector collector(report, thresholds);
  for (const Evidence &file : evidence) {
    for (const Observation &observation : file.seen)
      if (!known.count(&observation))
        collector.take(file, observation);
    collector.locks(file);
  }
  judgements.unpredicted = collector.finish();
  judgements.unplaced = collector.unplaced();
  judgements.lock_orders_cut = collector.searches_cut();
  return judgements;
}

} // namespace tenterhook::validate
