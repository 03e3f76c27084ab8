// `tenterhook validate REPORT EVIDENCE… [-o OUT.sarif]`.
#ifndef TENTERHOOK_DRIVER_VALIDATE_COMMAND_H
#define TENTERHOOK_DRIVER_VALIDATE_COMMAND_H

#include "driver/arguments.h"
#include "llvm/Support/raw_ostream.h"

namespace tenterhook::driver {

// The exit code: 0, 1 if something that --fail-on names is there, 2 if an evidence file could not be used (each is
// told on standard error, the rest is judged). An error: the report, or the output.
llvm::Expected<int> run_validate(const Arguments &arguments, llvm::raw_ostream &out);

} // namespace tenterhook::driver

#endif
