// All analyses of one program, computed once, shared by the rules. Rules read; nothing here changes after construction.
#ifndef TENTERHOOK_CHECKS_ANALYSIS_ANALYSIS_H
#define TENTERHOOK_CHECKS_ANALYSIS_ANALYSIS_H

#include "blocking/blocking.h"
#include "awaitables/dropped.h"
#include "locks/locks.h"
#include "library/paths.h"

namespace tenterhook::analysis {

struct Analysis {
  Analysis(Program linked, const models::Models &models, BlockingOptions blocking_options);
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
