// What functions return, whatever way they take: a constant, a parameter, a field of their object.
#ifndef TENTERHOOK_CHECKS_CALLS_ANSWERS_H
#define TENTERHOOK_CHECKS_CALLS_ANSWERS_H

#include "calls/call_graph.h"
#include <optional>

namespace tenterhook::analysis {

// What a function returns on every path.
struct Answer {
  enum Kind : std::uint8_t { unknown, constant, parameter, field } kind = unknown;
  std::int64_t value = 0; // the constant, the number of the parameter, or the entity of its object's field
  bool operator==(const Answer &) const = default;
};
std::vector<Answer> collect_answers(const Program &program, const CallGraph &calls);

// The value that a field of the object made by operation `made` has got; none if nobody sees it.
std::optional<std::int64_t> initial_value(const Program &program, FunctionId f, facts::OpId made, facts::EntityId field);

} // namespace tenterhook::analysis

#endif
