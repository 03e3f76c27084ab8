// The transfer function of the lock domain: what each operation does to the guards and locks of every case.
#ifndef TENTERHOOK_CHECKS_LOCKS_LOCK_TRANSFER_H
#define TENTERHOOK_CHECKS_LOCKS_LOCK_TRANSFER_H

#include "library/library.h"
#include "locks/locks.h"

namespace tenterhook::analysis {

class LockTransfer {
public:
  using State = LockState;

  LockTransfer(const Program &program, const Library &library, const PathFacts &facts,
               const std::vector<LockSummary> &summaries, const std::vector<LockSummary> &awaited, FunctionId f);

  State entry() const;
  void transfer(facts::OpId op, State &state);
  bool edge(const facts::Block &block, unsigned succ, State &state) const;

  const LockPaths &paths() const { return paths_; }

private:
  AccessPath path_of(const facts::Operand &operand) const { return paths_.of(operand); }
  AccessPath home(facts::OpId op) const { return paths_.home(op); }
  void collect_handlers();
  void construct(facts::OpId i, LockState &state);
  bool unseen_guard(facts::OpId i, const AccessPath &object, LockState &state);
  void call(facts::OpId i, LockState &state);
  bool unseen_method(facts::OpId i, LockState &state);
  void returns(facts::OpId i, LockState &state);
  bool releases_in_destructor(facts::TypeId type) const;
  void construct_guard(facts::OpId i, const models::GuardType &guard, const AccessPath &object, LockState &state,
                       bool locks_only = false);
  bool guard_method(facts::OpId i, LockState &state);
  bool wrapped_guard(facts::OpId i, LockState &state);
  bool lock_clauses(facts::OpId i, LockState &state);
  bool lockable_method(facts::OpId i, LockState &state);
  bool call_summary(facts::OpId i, FunctionId body, const AccessPath &self, LockState &state);
  bool awaited_call(facts::OpId i, LockState &state);
  bool apply_summary(facts::OpId i, facts::OpId value, const LockSummary &summary, FunctionId body,
                     const AccessPath &self, LockState &state);
  void result_guard(facts::OpId i, LockState &state);
  void aggregate(facts::OpId i, LockState &state);
  void contain(facts::OpId i, const AccessPath &object, LockState &state);
  void assign(const facts::Operand &from, const AccessPath &to, LockState &state);
  bool assignment(facts::OpId i, LockState &state);
  bool swap(facts::OpId i, LockState &state);
  bool moves(const facts::Operand &operand) const;
  void destroy(facts::OpId i, LockState &state);
  void move_object(const AccessPath &from, const AccessPath &to, LockState &state);
  void consume_moved(facts::OpId i, LockState &state);
  void remember(facts::OpId i, LockState &state);
  void loop_over(facts::OpId i, LockState &state) const;
  bool passes_by(const LockCase &c, facts::OpId test, bool holds) const;
  void forget(const AccessPath &written, LockState &state);
  void hold_by_hand(LockCase &c, const AccessPath &lock, bool shared, facts::OpId op, bool recursive = false) const;
  void release(LockCase &c, const AccessPath &lock) const;
  void fork(facts::OpId i, LockState &state, const std::function<void(LockCase &, bool)> &apply,
            bool success_is_zero = false) const;

  const Program &program_;
  const Library &library_;
  const PathFacts &facts_;
  const std::vector<LockSummary> &summaries_, &awaited_;
  FunctionId f_;
  const facts::Function &function_;
  LockPaths paths_;
  std::vector<facts::OpId> declared_;        // by local: its first operation; empty where no handler needs it
  std::map<facts::BlockId, facts::OpId> try_; // by handler: the first operation of its try block
};

} // namespace tenterhook::analysis

#endif
