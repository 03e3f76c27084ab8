// The transfer function of the lock domain: what each operation does to the guards and locks of every case.
#ifndef TENTERHOOK_CHECKS_ANALYSIS_LOCK_TRANSFER_H
#define TENTERHOOK_CHECKS_ANALYSIS_LOCK_TRANSFER_H

#include "analysis/library.h"
#include "analysis/locks.h"

namespace tenterhook::analysis {

// The path of the object that a function returns, in its summary.
inline AccessPath returned_object() { return {facts::RootKind::result, none, {}, false}; }

class LockTransfer {
public:
  using State = LockState;

  LockTransfer(const Program &program, const Library &library, const std::vector<LockSummary> &summaries, FunctionId f)
      : program_(program), library_(library), summaries_(summaries), f_(f), function_(program.functions[f]) {
    collect_aliases();
  }

  State entry() const;
  void transfer(facts::OpId op, State &state);
  bool edge(const facts::Block &block, unsigned succ, State &state) const;

  // The path an operand means, without derefs; no root if it has none.
  AccessPath path_of(const facts::Operand &operand) const;
  // Where the value of operation `op` lives: the variable it initialises, else a temporary.
  AccessPath home(facts::OpId op) const;

private:
  void collect_aliases();
  bool releases_in_destructor(facts::TypeId type) const;
  void construct_guard(facts::OpId i, const models::GuardType &guard, const AccessPath &object, LockState &state);
  bool guard_method(facts::OpId i, LockState &state);
  bool wrapped_guard(facts::OpId i, LockState &state);
  bool lock_clauses(facts::OpId i, LockState &state);
  bool lockable_method(facts::OpId i, LockState &state);
  bool call_summary(facts::OpId i, FunctionId body, const AccessPath &self, LockState &state);
  void result_guard(facts::OpId i, LockState &state);
  void aggregate(facts::OpId i, LockState &state);
  void destroy(facts::OpId i, LockState &state);
  void move_object(const AccessPath &from, const AccessPath &to, LockState &state);
  void consume_moved(facts::OpId i, LockState &state);
  void remember(facts::OpId i, LockState &state);
  void forget(const AccessPath &written, LockState &state);
  void hold_by_hand(LockCase &c, const AccessPath &lock, bool shared, facts::OpId op) const;
  void release(LockCase &c, const AccessPath &lock) const;
  void fork(facts::OpId i, LockState &state, const std::function<void(LockCase &, bool)> &apply, bool success_is_zero = false) const;
  AccessPath substitute(const AccessPath &path, const facts::Operation &call, facts::OpId i, const AccessPath &self, FunctionId body) const;

  const Program &program_;
  const Library &library_;
  const std::vector<LockSummary> &summaries_;
  FunctionId f_;
  const facts::Function &function_;
  std::vector<std::pair<AccessPath, AccessPath>> aliases_; // constructors: a field, and the parameter that it refers to
};

} // namespace tenterhook::analysis

#endif
