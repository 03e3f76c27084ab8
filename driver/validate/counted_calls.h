// Which calls of libc a library's function always ends in, and whether the evidence counts these: only then does a
// count of zero say that the function was not called.
#ifndef TENTERHOOK_DRIVER_VALIDATE_COUNTED_CALLS_H
#define TENTERHOOK_DRIVER_VALIDATE_COUNTED_CALLS_H

#include "validate/judge.h"

namespace tenterhook::validate {

struct CountedCalls {
  bool always = false;            // each call of the function is one that some source counts
  std::vector<std::string> names; // as which; empty: any, since nobody knows which calls the function makes
  bool may_be(llvm::StringRef counted) const;
};

// Those of the C++ library that may return without a call (a future that is ready, a predicate that holds, a read from
// a stream's buffer) are not counted always.
CountedCalls counted_calls(llvm::StringRef function, const Seen &seen);

} // namespace tenterhook::validate

#endif
