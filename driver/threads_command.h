// `tenterhook threads`: the abstract threads of a program, shown.
#ifndef TENTERHOOK_DRIVER_THREADS_COMMAND_H
#define TENTERHOOK_DRIVER_THREADS_COMMAND_H

#include "driver/arguments.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace tenterhook::driver {

// The exit code: 0, or 3 if some files could not be read wholly; then `problems` says why.
llvm::Expected<int> run_threads(const Arguments &arguments, llvm::raw_ostream &out, std::vector<Trouble> &problems);

} // namespace tenterhook::driver

#endif
