// LLVM's iterator over components, for graphs by number.
#include "program/components.h"
#include "facts/entity.h"
#include "llvm/ADT/GraphTraits.h"
#include "llvm/ADT/SCCIterator.h"
#include <algorithm>

namespace tenterhook::analysis {
namespace {

struct Numbered {
  std::uint32_t id = facts::none;
  std::vector<Numbered *> next;
};

} // namespace
} // namespace tenterhook::analysis

namespace llvm {
template <> struct GraphTraits<tenterhook::analysis::Numbered *> {
  using NodeRef = tenterhook::analysis::Numbered *;
  using ChildIteratorType = std::vector<NodeRef>::iterator;
  static NodeRef getEntryNode(NodeRef n) { return n; }
  static ChildIteratorType child_begin(NodeRef n) { return n->next.begin(); }
  static ChildIteratorType child_end(NodeRef n) { return n->next.end(); }
};
} // namespace llvm

namespace tenterhook::analysis {

std::vector<std::vector<std::uint32_t>> components(const std::vector<std::vector<std::uint32_t>> &successors) {
  std::vector<Numbered> nodes(successors.size());
  Numbered root; // reaches everything, so that one walk finds every component
  for (std::uint32_t n = 0; n < nodes.size(); ++n) {
    nodes[n].id = n;
    root.next.push_back(&nodes[n]);
    for (std::uint32_t s : successors[n])
      if (s != facts::none)
        nodes[n].next.push_back(&nodes[s]);
  }
  std::vector<std::vector<std::uint32_t>> out;
  for (auto it = llvm::scc_begin(&root); !it.isAtEnd(); ++it) {
    std::vector<std::uint32_t> component;
    for (const Numbered *n : *it)
      if (n->id != facts::none)
        component.push_back(n->id);
    std::sort(component.begin(), component.end());
    if (!component.empty())
      out.push_back(std::move(component));
  }
  return out;
}

} // namespace tenterhook::analysis
