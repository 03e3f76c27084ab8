// One line a finding, one line a trouble: for grep, editors' error lists and logs. Nothing is ever broken or coloured.
#include "output/names.h"
#include "output/summary.h"
#include "output/terminal.h"

namespace tenterhook::driver {

void write_concise(const Report &report, llvm::raw_ostream &out) {
  for (const findings::Finding &finding : report.findings)
    out << printable(shown_path(finding.place.file, report)) << ':' << finding.place.line << ':' << finding.place.column
        << ": warning: " << printable(finding.what) << " (" << findings::to_string(finding.confidence) << ") ["
        << check_name(finding.rule) << "]\n";
  for (const Trouble &trouble : report.troubles)
    out << printable(one_line(trouble, report)) << '\n';
}

} // namespace tenterhook::driver
