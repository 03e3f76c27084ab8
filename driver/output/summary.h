// What a run found, and what it did not look at: the end of the text output.
#ifndef TENTERHOOK_DRIVER_OUTPUT_SUMMARY_H
#define TENTERHOOK_DRIVER_OUTPUT_SUMMARY_H

#include "output/report.h"
#include <array>
#include <map>

namespace tenterhook::driver {

// Findings by check and confidence (indexed by findings::Confidence), checks without findings left out.
inline constexpr std::array confidences = {findings::Confidence::certain, findings::Confidence::likely,
                                           findings::Confidence::possible};
using ConfidenceCounts = std::array<std::uint32_t, 3>;
std::map<std::string, ConfidenceCounts> counts_by_rule(const Report &report);

// "src/a.cpp:3:10: does not parse: unknown type name 'x'", unprintable characters kept.
std::string one_line(const Trouble &trouble, const Report &report);

void write_summary(const Report &report, const TextStyle &style, llvm::raw_ostream &out);

} // namespace tenterhook::driver

#endif
