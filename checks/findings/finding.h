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
  std::string file; // absolute
  std::uint32_t line = 0, column = 0, end_line = 0, end_column = 0; // columns count bytes from 1; end is exclusive
  auto operator<=>(const Place &) const = default;
};

// One step of the witness, in the order in which a run would do them.
struct Step {
  std::string lane;        // which thread or coroutine does it: "coroutine session", "thread 1", "io_context"
  std::uint32_t nesting = 1; // the lane as a number from 1
  Place place;
  std::string message;     // starts lower-case, no final stop: "calls 'helper'"
  bool operator==(const Step &) const = default;
};

struct Related {
  Place place;
  std::string message;
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
  std::uint32_t entries = 1;    // how many roots (coroutines, callbacks) reach it
  std::string target;           // build target, where known
  bool operator==(const Finding &) const = default;
};

// Stable order: file, line, column, rule, message.
void sort_unique(std::vector<Finding> &findings);

} // namespace tenterhook::findings

#endif
