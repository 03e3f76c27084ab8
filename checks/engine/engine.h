// Facts in, findings out: link, analyses, rules, suppressions. What the CLI and the clang-tidy plugin share, so that
// both report the same things.
#ifndef TENTERHOOK_CHECKS_ENGINE_ENGINE_H
#define TENTERHOOK_CHECKS_ENGINE_ENGINE_H

#include "facts/tu_summary.h"
#include "findings/finding.h"
#include "models/models.h"
#include "rules/rule_info.h"
#include "llvm/ADT/StringMap.h"
#include <map>
#include <string>
#include <vector>

namespace tenterhook::engine {

struct Options {
  std::vector<std::string> rules;            // names to run; empty: those that are on by default
  rules::World world = rules::World::closed; // open: one TU of many is seen (the plugin)
  rules::OptionValues check_options;         // "blocking-call-in-coroutine.classes" → "wait,sleep,lock"
  unsigned jobs = 1;                         // threads at most
  std::vector<std::string> allowed;          // functions (qualified names or globs) that count as not blocking
  std::vector<std::string> third_party;      // path globs whose code is passed through, never reported
};

struct Result {
  std::vector<findings::Finding> findings;   // sorted, all confidences
  std::vector<findings::Finding> suppressed; // by NOLINT comments
  std::vector<std::string> notes;            // caps that were hit, ambiguous definitions: one line each, for people
  std::uint32_t functions = 0, operations = 0;
  std::vector<std::pair<std::string, double>> passes; // link, each analysis and rule: CPU seconds
};

// Deterministic in the multiset of `units`: their order does not matter.
Result run(std::vector<facts::TUSummary> units, const models::Models &models, const Options &options);

// Every check, sorted by name.
const std::vector<const rules::RuleInfo *> &all_rules();

// The options of all checks.
const std::vector<rules::OptionInfo> &all_options();

// Options::third_party where nobody says anything else.
const std::vector<std::string> &default_third_party();

} // namespace tenterhook::engine

#endif
