// The loops of one function's control flow, as compilers define them: the nodes that reach an edge back to a header
// which dominates them.
#ifndef TENTERHOOK_DRIVER_TRACE_CODE_LOOPS_H
#define TENTERHOOK_DRIVER_TRACE_CODE_LOOPS_H

#include "llvm/ADT/BitVector.h"
#include <vector>

namespace tenterhook::runs {

// `successors` by node; node 0 is the entry. What is not reached from it is in no loop.
using FlowGraph = std::vector<std::vector<unsigned>>;

// The loops around `node`, the innermost first. Linear in the graph for each edge back.
std::vector<llvm::BitVector> loops_around(const FlowGraph &successors, unsigned node);

} // namespace tenterhook::runs

#endif
