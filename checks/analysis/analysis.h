// All analyses of one program, computed once, shared by the rules. Rules read; nothing here changes after construction.
#ifndef TENTERHOOK_CHECKS_ANALYSIS_ANALYSIS_H
#define TENTERHOOK_CHECKS_ANALYSIS_ANALYSIS_H

#include "analysis/blocking.h"
#include "analysis/dropped.h"
#include "analysis/locks.h"
#include "analysis/paths.h"

namespace tenterhook::analysis {

struct Analysis {
  Analysis(Program linked, const models::Models &models, BlockingOptions blocking_options)
      : program(std::move(linked)), library(program, models), calls(program, library), contexts(program, library, calls),
        descriptors(program, library),
        blocking(program, library, calls, contexts, descriptors, std::move(blocking_options)),
        locks(program, library, calls), dropped(find_dropped(program, library)) {}
  Analysis(const Analysis &) = delete;

  Program program;
  Library library;
  CallGraph calls;
  Contexts contexts;
  Descriptors descriptors;
  Blocking blocking;
  Locks locks;
  std::vector<Dropped> dropped;
};

} // namespace tenterhook::analysis

#endif
