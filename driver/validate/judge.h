// How findings and observations are joined, and who gives the verdict.
//
// A frame is at a place if file and line are those of the place, the line lies in the source of the function that the
// finding names, and the function's name is the same where both have one. A symbol alone never joins.
#ifndef TENTERHOOK_DRIVER_VALIDATE_JUDGE_H
#define TENTERHOOK_DRIVER_VALIDATE_JUDGE_H

#include "findings/evidence.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/iterator.h"
#include <map>
#include <string>
#include <vector>

namespace tenterhook::validate {

enum class FileMatch { none, by_suffix, equal };
// Lexical; by_suffix if the shorter spelling, or a path of the same file in another checkout, ends the longer one.
FileMatch same_file(llvm::StringRef left, llvm::StringRef right);

// Whether two spellings of a function's name can mean one function: the last component without parameters, template
// arguments and what compilers add. Names of lambdas and operators, and empty ones, go with any.
bool same_function(llvm::StringRef symbol, llvm::StringRef display);

FileMatch frame_at(const findings::Frame &frame, const findings::Place &place, const findings::Within &within);
// Whether the frame is anywhere in the source of that function.
FileMatch frame_within(const findings::Frame &frame, const findings::Place &place, const findings::Within &within);

// Of an observed call: whether it takes or gives back a lock, by its name, since a run has no more of it.
bool is_lock(llvm::StringRef function);

// Whether the frame is at another call of the same line: its column lies outside of this one.
bool is_beside(const findings::Frame &frame, const findings::Place &call);

struct Hit {
  const findings::Evidence *evidence;
  const findings::Observation *seen;
  bool in_other;     // found in Observation::other
  std::size_t frame; // which
  FileMatch match;
};

// Evidence, indexed by file name and line.
class Seen {
public:
  explicit Seen(std::vector<const findings::Evidence *> evidence);
  auto evidence() const { return llvm::make_pointee_range(evidence_); }
  // Observations of `kind` with a frame at that place, in order; each once for each of its two stacks.
  std::vector<Hit> at(findings::Observed kind, const findings::Place &place, const findings::Within &within) const;

  // What no place in the sources can be compared with: totals, with how many of their calls stacks explain, and stalls.
  // Among the totals are those of places whose callee jumped: the call may be of any function that ends with it.
  struct UnplacedReach {
    const findings::Observation *seen;
    std::uint64_t explained;
  };
  llvm::ArrayRef<UnplacedReach> unplaced_reaches() const { return unplaced_reaches_; }
  llvm::ArrayRef<const findings::Observation *> unplaced_stalls() const { return unplaced_stalls_; }
  // Whatever says that a lock was held somewhere, or taken.
  struct OfLock {
    const findings::Evidence *evidence;
    const findings::Observation *seen;
  };
  llvm::ArrayRef<OfLock> of_locks() const { return of_locks_; }

  // A line with several findings: a frame belongs to the innermost call of them that its column lies in.
  void add_call(const findings::Place &of_a_finding);
  bool is_of_another_call(const findings::Frame &frame, const findings::Place &call) const;

private:
  struct Entry {
    std::uint32_t evidence, observation, frame;
    bool in_other;
  };
  void collect_unplaced(const findings::Evidence &evidence);

  std::vector<const findings::Evidence *> evidence_;
  std::vector<UnplacedReach> unplaced_reaches_;
  std::vector<OfLock> of_locks_;
  std::vector<const findings::Observation *> unplaced_stalls_;
  llvm::StringMap<std::map<std::uint32_t, std::vector<Entry>>> index_;
  llvm::StringMap<std::map<std::uint32_t, std::vector<findings::Place>>> calls_; // on one line each
};

// Where a step of a finding happens.
struct Spot {
  findings::Place place;
  findings::Within within;
};

struct Thresholds {
  std::uint64_t block = 0; // nanoseconds; 0: what the evidence was recorded with
  // From how long on a call of that evidence counts; 1 ms where nobody says.
  std::uint64_t block_of(const findings::Evidence &evidence) const {
    return block ? block : evidence.block_threshold ? evidence.block_threshold : 1'000'000;
  }
};

struct Judged {
  findings::Verdict verdict;
  std::vector<const findings::Observation *> predicted; // what the finding explains, whatever the verdict
  bool misplaced = false; // what show() shows has places by the debug information of another build than ran

  // The end of the judging, with all that was gathered so far. Nothing is confirmed at a place that may be another one.
  [[nodiscard]] Judged give(findings::Judgement judgement, std::string reason);
};

using Judge = Judged (*)(const findings::Finding &finding, const Seen &seen, const Thresholds &thresholds);
// Of a check, by name; null if no kind of evidence decides on it.
Judge judge_of(llvm::StringRef rule);
Judged judge_blocking_call_in_coroutine(const findings::Finding &, const Seen &, const Thresholds &);
Judged judge_lock_across_await(const findings::Finding &, const Seen &, const Thresholds &);
Judged judge_discarded_awaitable(const findings::Finding &, const Seen &, const Thresholds &);

// --- what the verdict functions share ------------------------------------------------------------------------------

// Not written by who wrote the program: libc, the C++ library, what is installed, and what has no line.
bool is_system(const findings::Frame &frame);
// Whether any frame is the program's.
bool in_sources(const findings::Stack &stack);

// "3 times", "once".
std::string times(std::uint64_t count);
// "50 ms", "1.2 s", "800 us".
std::string duration(std::uint64_t nanoseconds);

// The run's side of a witness: `last` of the observation's own stack, before it the frames of user code on the way.
void show(Judged &judged, const Hit &hit, const std::string &last, const std::string &other = "");

// Why a contradiction by this evidence is none, or empty: drops, missing symbols, another build.
std::string doubt(const Seen &seen, bool needs_events);

} // namespace tenterhook::validate

#endif
