// Names of confidences and the one order in which findings are shown.
//
// The order and the survivor among duplicates depend on the findings alone, never on the order they came in: that is
// what makes -j1 and -jN print the same bytes.
#include "findings/finding.h"
#include "llvm/Support/ErrorHandling.h"
#include <algorithm>
#include <map>
#include <tuple>

namespace tenterhook::findings {

const char *to_string(Confidence c) {
  switch (c) {
  case Confidence::possible: return "possible";
  case Confidence::likely: return "likely";
  case Confidence::certain: return "certain";
  }
  llvm_unreachable("a confidence of no name");
}

const char *to_string(StepKind kind) {
  switch (kind) {
  case StepKind::other: return "other";
  case StepKind::enter: return "enter";
  case StepKind::call: return "call";
  case StepKind::block: return "block";
  case StepKind::acquire: return "acquire";
  case StepKind::suspend: return "suspend";
  case StepKind::create: return "create";
  case StepKind::drop: return "drop";
  case StepKind::access: return "access";
  }
  llvm_unreachable("a step of no kind");
}

namespace {

// What a reader takes for one finding: the same sentence at the same place.
auto shown(const Finding &f) { return std::tie(f.place.file, f.place.line, f.place.column, f.rule, f.what); }

// Among findings that read the same (one header seen by two TUs), the surest with the shortest witness comes first;
// the rest of the fields only make the order total.
bool better(const Finding &a, const Finding &b) {
  if (a.confidence != b.confidence)
    return a.confidence > b.confidence;
  if (a.witness.size() != b.witness.size())
    return a.witness.size() < b.witness.size();
  if (a.entries != b.entries)
    return a.entries > b.entries;
  const auto step_less = [](const Step &x, const Step &y) {
    return std::tie(x.place, x.lane, x.nesting, x.message, x.kind, x.within, x.subject, x.type) <
           std::tie(y.place, y.lane, y.nesting, y.message, y.kind, y.within, y.subject, y.type);
  };
  if (a.witness != b.witness)
    return std::ranges::lexicographical_compare(a.witness, b.witness, step_less);
  const auto related_less = [](const Related &x, const Related &y) {
    return std::tie(x.place, x.message, x.kind, x.within, x.subject) < std::tie(y.place, y.message, y.kind, y.within, y.subject);
  };
  if (a.related != b.related)
    return std::ranges::lexicographical_compare(a.related, b.related, related_less);
  return std::tie(a.place, a.instead, a.function, a.identity, a.target) <
         std::tie(b.place, b.instead, b.function, b.identity, b.target);
}

} // namespace

void sort_unique(std::vector<Finding> &findings) {
  std::ranges::sort(findings,
                    [](const Finding &a, const Finding &b) { return shown(a) != shown(b) ? shown(a) < shown(b) : better(a, b); });
  const auto repeats = std::ranges::unique(findings, [](const Finding &a, const Finding &b) { return shown(a) == shown(b); });
  findings.erase(repeats.begin(), repeats.end());
}

void number_equals(std::vector<Finding> &findings) {
  std::map<std::tuple<std::string, std::string, std::string>, std::uint32_t> seen;
  for (Finding &f : findings)
    f.ordinal = seen[{f.rule, f.function, f.identity}]++;
}

} // namespace tenterhook::findings
