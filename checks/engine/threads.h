// What `tenterhook threads` prints: the abstract threads of a program, for people.
#ifndef TENTERHOOK_CHECKS_ENGINE_THREADS_H
#define TENTERHOOK_CHECKS_ENGINE_THREADS_H

#include "facts/tu_summary.h"
#include "models/models.h"
#include "rules/rule_info.h"
#include "llvm/Support/raw_ostream.h"
#include <vector>

namespace tenterhook::engine {

// Each origin (contexts/origins.h) with its id: kind, one or several at a time, where it is created and by which origins, what
// it runs first with what is bound there, and the functions that it reaches. The same for any order of the units.
void describe_threads(std::vector<facts::TUSummary> units, const models::Models &models, rules::World world,
                      llvm::raw_ostream &out);

} // namespace tenterhook::engine

#endif
