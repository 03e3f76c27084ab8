// Guard effects, third part: locks by hand, as models say and as classes with lock() and unlock() have them.
#include "guards/guard_effects.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

// m.lock(), pthread_mutex_lock(&m), std::lock(a, b), as modelled.
bool GuardEffects::lock_clauses(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  const FunctionModel *m = library_.function(op);
  if (!m)
    return false;
  for (const LockClause &clause : m->locks) {
    std::vector<AccessPath> locks;
    bool recursive = false;
    for (const Operand &o : library_.subjects(op, clause.subject))
      if (!library_.is_async_lock(o.type)) {
        locks.push_back(path_of(o));
        const TypeModel *type = library_.type(program_.record_behind(o.type));
        recursive |= type && type->lock && type->lock->recursive;
      }
    switch (clause.action) {
    case LockAction::acquire:
      for (LockCase &c : state.cases)
        for (const AccessPath &lock : locks) {
          if (GuardState *g = c.find(lock)) // std::lock(guard1, guard2)
            g->held = true, g->since = i;
          else
            hold_by_hand(c, lock, clause.shared, i, recursive);
        }
      break;
    case LockAction::release:
      for (LockCase &c : state.cases)
        for (const AccessPath &lock : locks)
          release(c, lock);
      break;
    case LockAction::try_acquire:
      fork(
          i, state,
          [&](LockCase &c, bool success) {
            for (const AccessPath &lock : locks)
              if (success)
                hold_by_hand(c, lock, clause.shared, i, recursive);
          },
          clause.success_is);
      break;
    }
  }
  if (m->returns_guard) {
    std::vector<AccessPath> locks;
    for (const Operand &o : library_.subjects(op, m->returns_guard->subject))
      locks.push_back(path_of(o));
    const GuardState made{home(i), locks, true, m->returns_guard->shared, false, i};
    if (m->returns_guard->action == LockAction::try_acquire) {
      fork(i, state, [&](LockCase &c, bool success) {
        GuardState g = made;
        g.held = success;
        c.insert(g);
      });
      return true;
    }
    for (LockCase &c : state.cases)
      c.insert(made);
    return true;
  }
  return !m->locks.empty();
}

// lock(), unlock(), try_lock() of a class of the user's own whose bodies are not seen or tell nothing.
bool GuardEffects::lockable_method(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  if (op.callee == none || op.receiver.kind == OperandKind::unknown || !op.args.empty() ||
      !library_.is_thread_lock(op.receiver.type))
    return false;
  llvm::StringRef method = Library::last_name(program_.qualified(op.callee));
  AccessPath lock = path_of(op.receiver);
  if (!lock.valid())
    return false;
  bool shared = method.ends_with("_shared");
  if (method == "lock" || method == "lock_shared")
    for (LockCase &c : state.cases)
      hold_by_hand(c, lock, shared, i);
  else if (method == "unlock" || method == "unlock_shared")
    for (LockCase &c : state.cases)
      release(c, lock);
  else if (method == "try_lock" || method == "try_lock_shared")
    fork(i, state, [&](LockCase &c, bool success) {
      if (success)
        hold_by_hand(c, lock, shared, i);
    });
  else
    return false;
  return true;
}

} // namespace tenterhook::analysis
