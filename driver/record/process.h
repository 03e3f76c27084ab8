// The program as a child that nobody notices: a terminal's keys, hang-ups and job control reach it as without us, as it is
// in the same process group; what is sent to us alone is passed on; and how it ended is how we end.
#ifndef TENTERHOOK_DRIVER_RECORD_PROCESS_H
#define TENTERHOOK_DRIVER_RECORD_PROCESS_H

#include "record/program.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace tenterhook::record {

// Executes it with the dispositions and the mask that we were started with, after `prepare` in the new process. The status,
// as of waitpid.
llvm::Expected<int> run_and_wait(const Program &program, const std::vector<std::string> &arguments,
                                 llvm::function_ref<void()> prepare);

// By the same signal, as shells and makes expect of who runs a program for them: it stops their loops at Ctrl-C, and they
// show 128 + n. No core of our own. Returns only if the signal ends nothing.
void die_by(int number);

} // namespace tenterhook::record

#endif
