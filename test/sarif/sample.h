// A report that uses every feature of the output formats, and its sources, all in memory.
#ifndef TENTERHOOK_TEST_SARIF_SAMPLE_H
#define TENTERHOOK_TEST_SARIF_SAMPLE_H

#include "output/report.h"

namespace tenterhook::test {

inline constexpr const char *sample_root = "/srv/build farm/échange";

driver::Report sample_report();    // findings of all kinds, suppressed ones, troubles of all kinds
driver::Report empty_report();     // nothing found, everything analysed
driver::SourceReader sample_sources();

// The place of the `nth` (from 1) occurrence of `text` in the sample file `path` (below the root).
findings::Place place_of(const std::string &path, const std::string &text, unsigned nth = 1);

} // namespace tenterhook::test

#endif
