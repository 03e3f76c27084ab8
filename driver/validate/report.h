// The report whose findings are judged: SARIF or JSON of ours, read back into findings, and the SARIF document that the
// verdicts are written into. Reads any bytes: what is no report of ours is an error with file, offset or place, reason.
#ifndef TENTERHOOK_DRIVER_VALIDATE_REPORT_H
#define TENTERHOOK_DRIVER_VALIDATE_REPORT_H

#include "findings/finding.h"
#include "output/report.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <nlohmann/json.hpp>
#include <string>
#include <vector>

namespace tenterhook::validate {

using Json = nlohmann::ordered_json;

struct Subject {
  findings::Finding finding;
  std::size_t run = 0, result = 0; // where it stands in the document
  bool suppressed = false;
};

struct LoadedReport {
  std::string file;
  std::string root;              // absolute, of the first run of ours; empty if the report does not say
  Json document;                 // SARIF
  std::vector<Subject> subjects; // in the report's order
  bool has_kinds = true;         // false: written before steps had kinds; nothing can be joined
};

// `reader` gives the sources to a JSON report, which quotes none; `rules` are all that there are.
llvm::Expected<LoadedReport> read_report(llvm::StringRef file, llvm::StringRef text, const driver::SourceReader &reader,
                                         llvm::ArrayRef<const rules::RuleInfo *> rules);

// What in a run of SARIF has not the type that SARIF gives it ("/runs/0/results/3/message is not an object"), or
// nothing.
std::string misshapen(const Json &run, std::size_t index);

} // namespace tenterhook::validate

#endif
