// What every output format writes: one run's findings and what was not analysed. Writers are pure: the same report gives
// the same bytes.
#ifndef TENTERHOOK_DRIVER_OUTPUT_REPORT_H
#define TENTERHOOK_DRIVER_OUTPUT_REPORT_H

#include "findings/finding.h"
#include "rules/rule_info.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <functional>
#include <optional>
#include <string>
#include <vector>

namespace tenterhook::driver {

// A TU that was not (wholly) analysed, or a cap that was hit.
struct Trouble {
  enum Kind { missing_file, parse_error, crash, failed, capped, note } kind = failed;
  std::string file;    // absolute
  std::string message; // one line: reason and, where there is one, the remedy
  std::uint32_t line = 0, column = 0;
};

struct Report {
  std::string version;
  std::string root;                           // absolute; places below it are shown relative to it
  std::vector<const rules::RuleInfo *> rules; // those that ran, by name
  std::vector<findings::Finding> findings;    // sorted; suppressed ones left out
  std::vector<findings::Finding> suppressed;  // by NOLINT
  std::vector<Trouble> troubles;              // sorted
  std::uint32_t units = 0, units_analysed = 0, functions = 0, bodies_shared = 0, below_threshold = 0;
  std::vector<std::string> arguments; // the command line
};

// Reads a source file; absent if it cannot be read. Writers take snippets through it.
using SourceReader = std::function<std::optional<std::string>(llvm::StringRef path)>;

struct TextStyle {
  bool colour = false;
  unsigned width = 100;
};

enum class SarifProfile { standard, github, strict };

void write_text(const Report &, const SourceReader &, const TextStyle &, llvm::raw_ostream &);
void write_concise(const Report &, llvm::raw_ostream &);
void write_json(const Report &, llvm::raw_ostream &);
void write_sarif(const Report &, const SourceReader &, SarifProfile, llvm::raw_ostream &);

} // namespace tenterhook::driver

#endif
