// `tenterhook record`: runs a program with the recorder preloaded.
#ifndef TENTERHOOK_DRIVER_RECORD_RECORD_H
#define TENTERHOOK_DRIVER_RECORD_RECORD_H

#include "llvm/Support/Error.h"
#include "llvm/Support/raw_ostream.h"
#include <string>
#include <vector>

namespace tenterhook::record {

struct Options {
  std::string output = "tenterhook.trace";
  std::string block_threshold = "1ms", stall_threshold = "100ms"; // a number and ns, us, ms or s; a stall's may be 0
  std::string children = "all"; // none, forked or all: which processes of the run besides the first are recorded
  bool every_event = false;
  bool quiet = false;
  std::vector<std::string> program; // and its arguments
};

// The program's exit code. If a signal ended it, this process ends by the same and the function does not return. Errors are what
// is wrong before it runs.
llvm::Expected<int> run(const Options &, llvm::raw_fd_ostream &messages);

} // namespace tenterhook::record

#endif
