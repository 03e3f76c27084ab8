// sarif-sample FORMAT [WIDTH]: writes the sample report to standard output. FORMAT is text, colour, concise, json or
// the name of a SARIF profile; "empty-" before it takes the report without findings. What validate.mjs validates, and what
// a person looks at after a change of the output.
#include "sample.h"
#include <map>

using namespace tenterhook;

int main(int argc, char **argv) {
  llvm::StringRef format = argc > 1 ? argv[1] : "";
  const driver::Report report = format.consume_front("empty-") ? test::empty_report() : test::sample_report();
  const driver::SourceReader sources = test::sample_sources();
  const unsigned width = argc > 2 ? static_cast<unsigned>(std::stoul(argv[2])) : 100;
  const std::map<std::string, driver::SarifProfile> profiles = {{"standard", driver::SarifProfile::standard},
                                                                {"github", driver::SarifProfile::github},
                                                                {"strict", driver::SarifProfile::strict}};
  if (const auto profile = profiles.find(format.str()); profile != profiles.end()) {
    write_sarif(report, sources, profile->second, llvm::outs());
  } else if (format == "text" || format == "colour") {
    write_text(report, sources, {format == "colour", width}, llvm::outs());
  } else if (format == "concise") {
    write_concise(report, llvm::outs());
  } else if (format == "json") {
    write_json(report, llvm::outs());
  } else {
    llvm::errs() << "usage: sarif-sample [empty-]text|colour|concise|json|standard|github|strict [WIDTH]\n";
    return 2;
  }
  return 0;
}
