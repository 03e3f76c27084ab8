// What is wrong with a summary, and where: shared by validate() and the decoder, which adds the byte offset.
#ifndef TENTERHOOK_CHECKS_FACTS_FAULT_H
#define TENTERHOOK_CHECKS_FACTS_FAULT_H

#include "facts/tu_summary.h"
#include <optional>

namespace tenterhook::facts {

struct Fault {
  std::string table;     // of the TUSummary: "functions", "entities", …; empty for a field of the summary itself
  std::size_t index = 0; // in that table
  std::string reason;    // "ops[7].callee: 99 is not below 20"
};

std::optional<Fault> find_fault(const TUSummary &summary);

} // namespace tenterhook::facts

#endif
