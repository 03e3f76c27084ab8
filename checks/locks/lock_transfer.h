// The transfer function of the lock domain: what each operation does to the guards and locks of every case.
//
// In layers: what every part does to a case (guards/lock_frame.h), what operations do by themselves
// (guards/guard_effects.h), what the bodies do that they run (body_effects.h), and here, which of these an operation is.
// lock_transfer.cpp: operations, edges and exceptions. lock_operations.cpp: construction, calls, destruction.
// lock_awaits.cpp: awaiters.
#ifndef TENTERHOOK_CHECKS_LOCKS_LOCK_TRANSFER_H
#define TENTERHOOK_CHECKS_LOCKS_LOCK_TRANSFER_H

#include "locks/body_effects.h"

namespace tenterhook::analysis {

class LockTransfer : public BodyEffects {
public:
  using State = LockState;

  LockTransfer(const LockWorld &world, FunctionId f);

  State entry() const;
  void transfer(facts::OpId op, State &state);
  bool edge(const facts::Block &block, unsigned succ, State &state) const;
  // Whether an exception may leave operation `op`; the state is then what the handler begins with.
  bool unwinds(facts::OpId op, const facts::Block &block, State &state) const;

  // The state in which the coroutine is suspended at an await or yield: no case if it never is.
  State suspended(facts::OpId op, State before);

private:
  void collect_handlers();
  bool stays_as_given(const Term &of) const;
  void leave_try(facts::BlockId to, LockState &state) const;
  bool may_throw(facts::OpId i) const;
  void construct(facts::OpId i, LockState &state);
  void call(facts::OpId i, LockState &state);
  void hand_to_unseen(facts::OpId i, LockState &state, bool known);
  void returns(facts::OpId i, LockState &state);
  void destroy(facts::OpId i, LockState &state);
  void remember(facts::OpId i, LockState &state);
  void forget_lent(const facts::Operation &op, LockState &state) const;
  void await(facts::OpId i, LockState &state, LockState *suspended);
  bool awaited_call(facts::OpId i, LockState &state);
  bool awaiter_step(facts::OpId i, facts::EntityId method, const Site &site, LockState &state);

  std::vector<facts::OpId> declared_;         // by local: its first operation; empty where no handler needs it
  std::map<facts::BlockId, facts::OpId> try_; // by handler: the first operation of its try block
};

} // namespace tenterhook::analysis

#endif
