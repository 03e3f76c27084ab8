// How paths, functions and places are called in messages and identities.
#ifndef TENTERHOOK_CHECKS_LIBRARY_PATHS_H
#define TENTERHOOK_CHECKS_LIBRARY_PATHS_H

#include "program/program.h"

namespace tenterhook::analysis {

// As code in `f` would write it: "g_mutex", "state.mutex", "mutex_" for this->mutex_; for the value of an operation, the
// name of the function that gave it with "()".
std::string spell(const Program &program, FunctionId f, const facts::AccessPath &path);

// Stable under edits and the same in every function that names the memory: "Cache::mutex_", "ns::g_mutex", "session:lock".
std::string identity(const Program &program, FunctionId f, const facts::AccessPath &path);

// The type of what it names, as it is spelled: "std::mutex", without references and pointers; empty if unknown.
std::string type_name(const Program &program, FunctionId f, const facts::AccessPath &path);

} // namespace tenterhook::analysis

#endif
