// What will run if a person asks for a program: the file found, its interpreter if it is a script, and whether the
// recorder can do its work in it. Everything that would record nothing, or break the program, is an error here.
#ifndef TENTERHOOK_DRIVER_RECORD_PROGRAM_H
#define TENTERHOOK_DRIVER_RECORD_PROGRAM_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace tenterhook::record {

struct Program {
  std::string path;               // of the file to execute
  std::vector<std::string> notes; // what the person should know of the trace, a line each
};

// By the shell's rules: a name without '/' is looked up in PATH.
llvm::Expected<Program> find_program(llvm::StringRef name);

llvm::Error error(const llvm::Twine &message);

} // namespace tenterhook::record

#endif
