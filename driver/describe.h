// list, explain, config --show: what the tool can say without looking at code.
#ifndef TENTERHOOK_DRIVER_DESCRIBE_H
#define TENTERHOOK_DRIVER_DESCRIBE_H

#include "driver/arguments.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"

namespace tenterhook::driver {

llvm::Error run_list(const Arguments &arguments, llvm::raw_ostream &out);
llvm::Error run_explain(const Arguments &arguments, llvm::raw_ostream &out);
llvm::Error run_config(const Arguments &arguments, llvm::raw_ostream &out);

} // namespace tenterhook::driver

#endif
