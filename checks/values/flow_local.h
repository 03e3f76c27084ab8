// Values inside one function: which sources each local and each operation's result has. Flow-insensitive: a worklist over
// the assignments of the body. A call of a body is what that body returns, with this call's arguments for its parameters.
#ifndef TENTERHOOK_CHECKS_VALUES_FLOW_LOCAL_H
#define TENTERHOOK_CHECKS_VALUES_FLOW_LOCAL_H

#include "values/flow.h"

namespace tenterhook::analysis {

class LocalFlow {
public:
  LocalFlow(Flow &flow, FunctionId f);
  void solve();
  const Sources &node(std::uint32_t n) const { return sets_[n]; }
  std::uint32_t nodes() const { return static_cast<std::uint32_t>(sets_.size()); }
  Sources returned() const;

private:
  struct FieldRead { // `into` holds what field `field` of the object at node `base` holds
    facts::EntityId field;
    std::uint32_t into;
    bool seen = false;
  };
  std::uint32_t result(facts::OpId op) const { return static_cast<std::uint32_t>(function_.locals.size()) + op; }
  void add(std::uint32_t n, Source s);
  void edge(std::uint32_t from, std::uint32_t to);
  void flow(const facts::Operand &operand, std::uint32_t into);
  void read_field(const Named &name, std::uint32_t into);
  void operation(facts::OpId i);
  void call(facts::OpId i);
  void construct(facts::OpId i);
  void given(const facts::Operand &to, const facts::Operand &what);
  void propagate();

  Flow &flow_;
  const Program &program_;
  const Library &library_;
  FunctionId f_;
  const facts::Function &function_;
  std::vector<Sources> sets_;
  std::vector<std::vector<std::uint32_t>> users_;
  std::vector<std::vector<FieldRead>> reads_; // by base node
  std::vector<std::uint32_t> work_;
  std::vector<bool> queued_;
};

} // namespace tenterhook::analysis

#endif
