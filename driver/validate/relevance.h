// Which evidence is about the report at all. A recorded program starts others, and each writes a trace: what is not
// known of a shell that was started (it has no symbols, it was killed) says nothing about findings in the program.
#ifndef TENTERHOOK_DRIVER_VALIDATE_RELEVANCE_H
#define TENTERHOOK_DRIVER_VALIDATE_RELEVANCE_H

#include "findings/evidence.h"
#include "validate/report.h"

namespace tenterhook::validate {

// All evidence but the traces of programs that have nothing of the report: their debug information names none of its
// files; or they have none, and another trace, of a program of another name, does have those files. These go
// to `set_aside`, by file, with the program. Logs say nothing of the program's files, and are kept.
std::vector<const findings::Evidence *> evidence_about(const LoadedReport &report,
                                                       const std::vector<findings::Evidence> &evidence,
                                                       std::map<std::string, std::string> &set_aside);

} // namespace tenterhook::validate

#endif
