// All TUs through extraction, on a pool of threads.
//
// A TU that crashes the parser, overflows the stack or ends in a fatal error of LLVM is a Trouble, not the end of the
// run. Results stand in the order of the commands whatever the number of threads. One AST is alive per worker: it dies
// inside extract() before the worker takes the next command.
#ifndef TENTERHOOK_DRIVER_SCHEDULE_H
#define TENTERHOOK_DRIVER_SCHEDULE_H

#include "extract/extract.h"
#include "output/report.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include <vector>

namespace tenterhook::driver {

struct Extraction {
  std::vector<facts::TUSummary> units; // TUs with source errors included, as far as they could be read
  std::vector<Trouble> troubles;
  std::uint32_t analysed = 0; // TUs without any trouble but caps
  std::uint32_t bodies_shared = 0;
  std::uint32_t dropped_flags = 0; // compiler flags that clang does not know
  extract::Times times;            // CPU seconds, all threads
  std::string slowest;             // the TU that took longest, and how long
  double slowest_seconds = 0;
};

// `done` is called after each TU, from any worker, one call at a time.
using Progress = llvm::function_ref<void(std::size_t done, std::size_t total, llvm::StringRef file)>;

// As many as were asked for; of 0, one for each core.
unsigned workers_for(unsigned asked);

Extraction extract_all(llvm::ArrayRef<extract::Command> commands, unsigned workers, bool time_phases, Progress done);

} // namespace tenterhook::driver

#endif
