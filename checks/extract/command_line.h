// A compile command as Clang can read it: unknown flags out, our resource directory in, no outputs.
#ifndef TENTERHOOK_CHECKS_EXTRACT_COMMAND_LINE_H
#define TENTERHOOK_CHECKS_EXTRACT_COMMAND_LINE_H

#include "extract/extract.h"

namespace tenterhook::extract {

struct AdjustedCommand {
  std::vector<std::string> argv;    // driver arguments; argv[0] is the compiler
  std::vector<std::string> dropped; // what Clang does not know
  std::string target;               // CMake's build target, from the output's path; may be empty
};

llvm::Expected<AdjustedCommand> adjust(const Command &command);

} // namespace tenterhook::extract

#endif
