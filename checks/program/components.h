// Strongly connected components of a graph.
#ifndef TENTERHOOK_CHECKS_PROGRAM_COMPONENTS_H
#define TENTERHOOK_CHECKS_PROGRAM_COMPONENTS_H

#include <cstdint>
#include <vector>

namespace tenterhook::analysis {

// Of nodes by their successors; edges to `facts::none` are none. What a component leads to comes before it; each is sorted.
std::vector<std::vector<std::uint32_t>> components(const std::vector<std::vector<std::uint32_t>> &successors);

} // namespace tenterhook::analysis

#endif
