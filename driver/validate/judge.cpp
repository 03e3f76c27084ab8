// The table of verdict functions, and what they share. See judge.h.
#include "validate/judge.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"

namespace tenterhook::validate {

using namespace findings;

Judge judge_of(llvm::StringRef rule) {
  static constexpr std::pair<llvm::StringLiteral, Judge> table[] = {
      {"blocking-call-in-coroutine", judge_blocking_call_in_coroutine},
      {"discarded-awaitable", judge_discarded_awaitable},
      {"lock-across-await", judge_lock_across_await},
  };
  for (const auto &[name, judge] : table)
    if (rule == name)
      return judge;
  return nullptr;
}

Judged Judged::give(Judgement judgement, std::string reason) {
  verdict.judgement = judgement;
  verdict.reason = std::move(reason);
  if (misplaced && judgement == Judgement::confirmed) {
    verdict.judgement = Judgement::inconclusive;
    verdict.reason += "; but " + verdict.evidence + " is of another build, so it may have been another place";
  }
  return std::move(*this);
}

bool is_system(const Frame &frame) {
  llvm::StringRef file = frame.file, module = frame.module;
  if (file.empty() || frame.line == 0 || file.starts_with("/usr/"))
    return true;
  // The C library's debug information has relative names, as has that of reproducible builds.
  return module.starts_with("libc.so") || module.starts_with("ld-linux") || module.starts_with("libpthread") ||
         module.starts_with("libstdc++") || module.starts_with("libc++") ||
         (!file.starts_with("/") && (file.contains("/sysdeps/") || file.contains("csu/") || file.contains("nptl/")));
}

bool in_sources(const Stack &stack) {
  return llvm::any_of(stack, [](const Frame &frame) { return !is_system(frame); });
}

std::string times(std::uint64_t count) { return count == 1 ? "once" : std::to_string(count) + " times"; }

std::string duration(std::uint64_t nanoseconds) {
  double value = double(nanoseconds);
  if (nanoseconds >= 1'000'000'000)
    return llvm::formatv("{0:f2} s", value / 1e9);
  if (nanoseconds >= 10'000'000)
    return llvm::formatv("{0:f0} ms", value / 1e6);
  if (nanoseconds >= 1'000'000)
    return llvm::formatv("{0:f1} ms", value / 1e6);
  return llvm::formatv("{0:f0} us", value / 1e3);
}

namespace {

// Steps of a stack, outermost first: the frames with a place that a person may know, at most `most` of them.
constexpr std::size_t most_frames = 12;

void add_stack(std::vector<Step> &steps, const Stack &stack, const std::string &lane, std::uint32_t nesting,
               const std::string &last) {
  std::vector<const Frame *> shown;
  for (const Frame &frame : stack)
    if (!is_system(frame) && shown.size() < most_frames)
      shown.push_back(&frame);
  for (std::size_t i = shown.size(); i-- > 0;) {
    const Frame &frame = *shown[i];
    Step step;
    step.lane = lane;
    step.nesting = nesting;
    step.place = {frame.file, frame.line, std::max(frame.column, 1u), frame.line, std::max(frame.column, 1u)};
    step.message = i == 0 ? last : "in '" + (frame.function.empty() ? "?" : frame.function) + "'";
    steps.push_back(std::move(step));
  }
}

} // namespace

void show(Judged &judged, const Hit &hit, const std::string &last, const std::string &other) {
  const Observation &seen = *hit.seen;
  Verdict &verdict = judged.verdict;
  verdict.evidence = hit.evidence->file;
  std::string thread = seen.thread.empty() ? "a thread" : seen.thread;
  verdict.run = seen.time ? llvm::formatv("at +{0:f6} s on {1}", double(seen.time) / 1e9, thread).str() : "on " + thread;
  verdict.witness.clear();
  judged.misplaced = false;
  for (const Stack *stack : {&seen.stack, &seen.other})
    for (const Frame &frame : *stack)
      judged.misplaced |= !is_system(frame) && frame.trust == Trust::other_build;
  if (!other.empty() && !seen.other.empty())
    add_stack(verdict.witness, seen.other, "run: " + (seen.other_thread.empty() ? thread : seen.other_thread), 1, other);
  std::uint32_t nesting = !seen.other_thread.empty() && seen.other_thread != seen.thread ? 2 : 1;
  std::string when = seen.time ? llvm::formatv("at +{0:f6} s ", double(seen.time) / 1e9).str() : "";
  add_stack(verdict.witness, seen.stack, "run: " + thread, nesting, when + last);
}

std::string doubt(const Seen &seen, bool needs_events) {
  for (const Evidence &evidence : seen.evidence()) {
    if (evidence.totals_lost)
      return "totals were lost in " + evidence.file;
    if (needs_events && evidence.events_lost)
      return "events were lost in " + evidence.file;
    if (evidence.other_build)
      return evidence.file + " is of another build";
  }
  return "";
}

} // namespace tenterhook::validate
