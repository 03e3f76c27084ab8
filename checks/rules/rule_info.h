// What a check says of itself. The SARIF rule table, `list`, `explain`, the docs index and the plugin's check names all
// come from here.
#ifndef TENTERHOOK_CHECKS_RULES_RULE_INFO_H
#define TENTERHOOK_CHECKS_RULES_RULE_INFO_H

#include "findings/finding.h"
#include "llvm/ADT/StringRef.h"
#include <map>
#include <string>
#include <vector>

namespace tenterhook::rules {

enum class Category : std::uint8_t { blocked_loop, deadlock, data_race, lost_task, dangling, misuse };
enum class World : std::uint8_t {
  open,  // where only some of a program's TUs are seen, the rule says itself what hangs on the others
  closed // claims about all code ("never awaited"): there, all of it is possible at most
};
const char *to_string(Category c);

// An option of a check. A value is a comma list; where `values` is not empty, it may hold these and no others, which every
// host checks with config::wrong_value.
struct OptionInfo {
  std::string name, default_value, help; // "check.option"; help is one line
  std::vector<std::string> values;
};
using OptionValues = std::map<std::string, std::string>; // by OptionInfo::name; those that somebody set

struct RuleInfo {
  const char *name; // kebab-case: "lock-across-await"
  Category category;
  bool default_on;
  World world;
  unsigned cwe;        // 0: none fits
  const char *since;   // version
  const char *summary; // one line, no final stop
  const char *help;    // docs/checks/<name>.md, embedded by the build
};

} // namespace tenterhook::rules

#endif
