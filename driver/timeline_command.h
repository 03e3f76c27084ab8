// `tenterhook timeline`: one or more traces as a page, as JSON for Perfetto, or as a few lines on the terminal.
#ifndef TENTERHOOK_DRIVER_TIMELINE_COMMAND_H
#define TENTERHOOK_DRIVER_TIMELINE_COMMAND_H

#include "driver/arguments.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace tenterhook::driver {

// `notes` says what of the traces is missing or uncertain.
llvm::Error run_timeline(const Arguments &arguments, llvm::raw_ostream &out, llvm::raw_ostream &notes);

} // namespace tenterhook::driver

#endif
