// A finding: a claim about runs, with the path that proves it.
#ifndef TENTERHOOK_CHECKS_FINDINGS_FINDING_H
#define TENTERHOOK_CHECKS_FINDINGS_FINDING_H

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace tenterhook::findings {

enum class Confidence : std::uint8_t { possible, likely, certain };
const char *to_string(Confidence c);

// As facts::Place, but with the file's name: a finding outlives the program it was found in.
struct Place {
  std::string file;                                                 // absolute
  std::uint32_t line = 0, column = 0, end_line = 0, end_column = 0; // columns count bytes from 1; end is exclusive
  auto operator<=>(const Place &) const = default;
};

// What happens at a step, for those who join it with what a run saw.
enum class StepKind : std::uint8_t {
  other,
  enter,   // a root begins: the coroutine or callback whose run the finding is about
  call,    // the next function on the way
  block,   // the thread waits
  acquire, // a lock is taken
  suspend, // the coroutine is suspended
  create,  // an awaitable is made
  drop,    // it is lost
  access,  // memory that threads share is read or written
};
const char *to_string(StepKind kind);

// The function whose source holds a step; its lines are of the step's file. Empty if unknown.
struct Within {
  std::string function; // display name
  std::uint32_t line = 0, end_line = 0;
  auto operator<=>(const Within &) const = default;
};

// One step of the witness, in the order in which a run would do them.
struct Step {
  std::string lane;          // which thread or coroutine does it: "coroutine session", "thread 1", "io_context"
  std::uint32_t nesting = 1; // the lane as a number from 1
  Place place;
  std::string message; // starts lower-case, no final stop: "calls 'helper'"
  StepKind kind = StepKind::other;
  Within within = {};
  std::string subject = {}; // block: the function that waits; acquire: the lock; create: the awaitable's type
  std::string type = {};    // acquire: the lock's type, "std::mutex"; empty if unknown
  bool operator==(const Step &) const = default;
};

struct Related {
  Place place;
  std::string message;
  StepKind kind = StepKind::other; // enter, block, suspend: further entries and places of the same finding
  Within within = {};
  std::string subject = {};
  bool operator==(const Related &) const = default;
};

struct Finding {
  std::string rule;    // "lock-across-await"
  Place place;         // the root cause, in user code
  std::string what;    // one sentence: what happens to the program. Ends with a full stop.
  std::string instead; // one sentence: what to do. Ends with a full stop.
  Confidence confidence = Confidence::likely;
  std::vector<Step> witness;    // never empty
  std::vector<Related> related; // further entries, declarations
  std::string function;         // display name of the function that holds `place`
  std::string identity;         // what it is about, stable under edits: the lock, the blocking function, the variable
  std::uint32_t ordinal = 0;    // how many before it are of the same rule, function and identity: number_equals()
  std::uint32_t entries = 1;    // how many roots (coroutines, callbacks) reach it
  std::string target;           // build target, where known
  bool operator==(const Finding &) const = default;
};

// Stable order: file, line, column, rule, message.
void sort_unique(std::vector<Finding> &findings);

// Gives sorted findings their ordinals. Suppressed ones count, so that a NOLINT changes no other finding's.
void number_equals(std::vector<Finding> &findings);

} // namespace tenterhook::findings

#endif
