// What an operation does to guards and locks by what it is called, models and types: no body of the program runs in it.
//
// lock_guards.cpp: guards and what is called on them. lock_objects.cpp: guards inside of other objects, and guards that
// move. lock_by_hand.cpp: locks without a guard.
#ifndef TENTERHOOK_CHECKS_GUARDS_GUARD_EFFECTS_H
#define TENTERHOOK_CHECKS_GUARDS_GUARD_EFFECTS_H

#include "guards/lock_frame.h"

namespace tenterhook::analysis {

// What returns bool says whether the operation was such a one.
class GuardEffects : public LockFrame {
public:
  using LockFrame::LockFrame;

protected:
  bool unseen_guard(facts::OpId i, const AccessPath &object, LockState &state);
  bool unseen_method(facts::OpId i, LockState &state);
  void construct_guard(facts::OpId i, const models::GuardType &guard, const AccessPath &object, LockState &state,
                       bool locks_only = false);
  AccessPath bound_part(const facts::Operand &binding, AccessPath whole) const;
  bool guard_method(facts::OpId i, LockState &state);
  void result_guard(facts::OpId i, LockState &state);

  bool wrapped_guard(facts::OpId i, LockState &state);
  void aggregate(facts::OpId i, LockState &state);
  void contain(facts::OpId i, const AccessPath &object, LockState &state);
  void assign(const facts::Operand &from, const AccessPath &to, LockState &state);
  bool assignment(facts::OpId i, LockState &state);
  bool swap(facts::OpId i, LockState &state);
  bool exchange(facts::OpId i, LockState &state);
  void consume_moved(facts::OpId i, LockState &state);
  void loop_over(facts::OpId i, LockState &state) const;
  bool passes_by(const LockCase &c, facts::OpId test, bool holds) const;

  bool lock_clauses(facts::OpId i, LockState &state);
  bool lockable_method(facts::OpId i, LockState &state);
};

} // namespace tenterhook::analysis

#endif
