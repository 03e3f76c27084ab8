// Which source files the programs and libraries of a run were made of, by their debug information: whether a run is one
// of the program that somebody asks about, also where nothing happened in it.
#ifndef TENTERHOOK_DRIVER_TRACE_SOURCES_H
#define TENTERHOOK_DRIVER_TRACE_SOURCES_H

#include "trace/model.h"
#include <set>

namespace tenterhook::runs {

struct Sources {
  bool known = false;          // whether the program itself has debug information; libraries may have some all the same
  std::set<std::string> files; // as the debug information spells them, made absolute; the system's are left out
};

Sources sources_of(const Run &);

} // namespace tenterhook::runs

#endif
