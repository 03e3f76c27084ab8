// Evidence: what runs showed, in one vocabulary for all sources (a trace of the runtime or the recorder, a
// sanitizer's log, Valgrind's XML), and the verdict that it gives on a finding.
//
// Stacks are resolved: innermost first, inlined functions as frames of their own. A source says what it can see;
// where it is blind, silence is no proof, and what would be "contradicted" or "not exercised" is "inconclusive".
#ifndef TENTERHOOK_CHECKS_FINDINGS_EVIDENCE_H
#define TENTERHOOK_CHECKS_FINDINGS_EVIDENCE_H

#include "findings/finding.h"
#include <cstdint>
#include <map>
#include <set>
#include <string>
#include <vector>

namespace tenterhook::findings {

enum class SourceKind : std::uint8_t {
  runtime_trace,
  recorder_trace,
  thread_sanitizer,
  realtime_sanitizer,
  helgrind,
  drd,
};
const char *to_string(SourceKind kind); // for people: "recorder trace"

// How far a frame's place can be believed.
enum class Trust : std::uint8_t {
  unknown,     // no place: no symbols for it
  other_build, // from debug information of another build than ran
  exact,
};

struct Frame {
  std::string function; // demangled; empty if unknown
  std::string file;     // as the debug information spells it; empty if unknown
  std::uint32_t line = 0, column = 0;
  bool inlined = false;
  std::string module; // file name of the program or library; empty if unknown
  Trust trust = Trust::exact;
  bool operator==(const Frame &) const = default;
};
using Stack = std::vector<Frame>;

enum class Observed : std::uint8_t {
  block,           // `stack`: the call that waited, for `duration`
  held_at_suspend, // `stack`: the await; `other`: who took the lock
  held_at_wait,    // a thread went back to wait for events; `other`: who took the lock
  foreign_unlock,  // `stack`: who unlocks; `other`: who took it, on thread `other_thread`
  stall,           // a loop's thread was kept; `stack`: what it did meanwhile, may be empty
  task,            // one task's life; `stack`: the coroutine; `other`: who called it
  suspend,         // `stack`: the await; `count` times
  lock_edge,       // `stack`: takes lock `object` while `other_object` is held, which `other` took
  race,            // `stack` and `other`: the two accesses
  report,          // anything else that a sanitizer reports; `what` names it
  reach,           // totals of a place: `stack` is that one place
};

// How a thread or coroutine is named in a report, and what it does.
enum class ThreadRole : std::uint8_t { unknown, main, loop, worker };

struct Observation {
  Observed kind = Observed::report;
  std::string what; // block, reach: the function; report: its kind; race: "write after read"
  Stack stack, other;
  std::string thread, other_thread; // "thread 2", "main", "T1"
  ThreadRole role = ThreadRole::unknown;
  std::uint64_t time = 0;                     // nanoseconds from the start of the run; 0 if the source has no clock
  std::uint64_t duration = 0;                 // nanoseconds; of the longest, if `count` were seen
  std::uint64_t total = 0;                    // nanoseconds of all of them; only of blocking calls in traces
  std::uint64_t object = 0, other_object = 0; // lock, task, address: equal means the same one
  std::uint64_t count = 1;                    // how often the same was seen
  bool timed = true;                          // false: the source does not measure, `duration` says nothing
  // Blocking calls.
  bool in_coroutine = false, on_loop = false, on_worker = false, nonblocking = false, under_lock = false;
  bool in_callback = false; // a loop called, on its thread, what made the call: while it lasts, the loop does nothing
  // held_at_wait: the coroutine that took the lock is on the present stack, so it is not suspended.
  bool coroutine_on_stack = false;
  // Tasks.
  bool started = false, done = false, destroyed = false, awaited = false, failed = false;
  // Reach totals: how often outside and inside of coroutines; of both, calls that could not wait, and slow ones.
  std::uint64_t outside = 0, inside = 0, could_not_wait = 0, slow = 0, slow_inside = 0, longest = 0;
  bool by_jump = false; // what the place calls ended with a jump to the function: who called that is not on the stack
  // Lock edges: a lock that was held every time both were taken; whether more than one thread did so.
  std::uint64_t gate = 0;
  bool several_threads = false;
};

// What a source can see. Absent: silence about it says nothing.
struct Sight {
  bool blocking = false; // calls that wait, above the threshold
  bool reach = false;    // how often a call of a function that may wait was reached
  bool loops = false;    // which threads run loops
  bool tasks = false;    // lives of tasks
  bool suspends = false; // every suspension, with the locks held then
  bool locks = false;    // who holds which lock
  bool waits_with_lock = false;
  bool lock_edges = false;
  bool races = false;
  bool stalls = false;
};

// What one file gave.
struct Evidence {
  std::string file;
  SourceKind source = SourceKind::recorder_trace;
  Sight sight;
  std::vector<Observation> seen;
  // What was lost or cannot be known, as sentences: "1,200 events of thread 3 were dropped".
  std::vector<std::string> limits;
  bool events_lost = false;                               // dropped, torn: an event that is not there may have happened
  bool totals_lost = false;                               // so may a total
  bool other_build = false;                               // debug information does not belong to what ran
  bool ended = true;                                      // the end of the run was seen, so what never happened never happened
  std::uint64_t reports = 0;                              // logs: how many reports were read
  std::uint64_t block_threshold = 0, stall_threshold = 0; // nanoseconds; 0 if the source has none
  std::set<std::string> functions;                        // whose calls are counted, whether they waited or not
  // Traces: the program that ran, and the source files that its debug information names, without the system's. Of a
  // program without debug information nobody knows what is in it.
  std::string program;
  std::set<std::string> sources;
  bool knows_sources = false;
};

enum class Judgement : std::uint8_t { confirmed, contradicted, not_exercised, inconclusive, no_rule };
const char *to_string(Judgement judgement); // "confirmed", "not exercised"

struct Verdict {
  Judgement judgement = Judgement::inconclusive;
  std::string reason;   // one sentence without its full stop; "contradicted" says how often the place was reached
  std::string evidence; // the file that decides; empty if none does
  std::map<std::string, std::uint64_t> counts;     // "reached", "blocked", "suspended" …
  std::map<std::string, std::uint64_t> thresholds; // nanoseconds: "block"
  std::vector<Step> witness;                       // what the run did, newest last; empty without an observation to show
  std::string run;                                 // where to look in the run: "at +1.204 s on main"
};

} // namespace tenterhook::findings

#endif
