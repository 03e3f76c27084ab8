// Whether a local object that owns others still has any where it is destroyed.
#ifndef TENTERHOOK_CHECKS_CALLS_OWNERSHIP_H
#define TENTERHOOK_CHECKS_CALLS_OWNERSHIP_H

#include "library/library.h"

namespace tenterhook::analysis {

// Operation `destroy` of `f` finds nothing in its object, whatever way was taken to it: moved from, released, returned,
// or asked and found empty, and nothing put in again.
bool empty_where_destroyed(const Program &program, const Library &library, FunctionId f, facts::OpId destroy);

} // namespace tenterhook::analysis

#endif
