// Loops that never begin: `int threads = 0; for (int n = 0; n < threads; ++n)`. A pass of linking.
//
// A comparison that is false for the first values of its locals stays false if whatever could change one of them is reached
// through its own true edge alone: by induction, no run takes that edge. It is cut.
#ifndef TENTERHOOK_CHECKS_PROGRAM_FIRST_VALUES_H
#define TENTERHOOK_CHECKS_PROGRAM_FIRST_VALUES_H

#include "program/program.h"
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace tenterhook::analysis {

class FirstValues {
public:
  explicit FirstValues(Program &program) : program_(program) {}
  void run(); // before Throws: asks nothing of bodies

private:
  void cut(facts::Function &function);
  // The value of a constant, or the first one of a local that is added to `locals`.
  std::optional<std::int64_t> first(const facts::Function &function, const facts::Operand &operand,
                                    std::vector<facts::LocalId> &locals) const;
  // The locals that the operation may give another value.
  std::vector<facts::LocalId> changed(const facts::Function &function, const facts::Operation &op) const;

  Program &program_;
  std::map<facts::EntityId, std::set<facts::LocalId>> captured_; // by reference, in closures of that function
};

} // namespace tenterhook::analysis

#endif
