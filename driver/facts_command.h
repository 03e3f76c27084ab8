// `tenterhook facts`: what extraction reads from one file, shown or stored.
#ifndef TENTERHOOK_DRIVER_FACTS_COMMAND_H
#define TENTERHOOK_DRIVER_FACTS_COMMAND_H

#include "driver/arguments.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace tenterhook::driver {

// The exit code: 0, or 3 if the file could not be read wholly; then `problems` says why.
llvm::Expected<int> run_facts(const Arguments &arguments, llvm::raw_ostream &out, std::vector<Trouble> &problems);

} // namespace tenterhook::driver

#endif
