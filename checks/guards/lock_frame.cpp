// What every part of the lock domain's transfer does to a case: hold, release, move, fork.
#include "guards/lock_frame.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;

void LockFrame::know(LockCase &c, const Truth &truth, bool holds) const {
  if (truth.of.kind == OperandKind::null || asked_.ever(truth.of))
    c.known[truth] = holds;
}

void LockFrame::hold_by_hand(LockCase &c, const AccessPath &lock, bool shared, OpId op, bool recursive, bool assumed) const {
  if (!lock.valid())
    return;
  for (GuardState &g : c.guards) {
    if (!g.guard.valid() && g.locks.front() == lock && !recursive)
      return;
    if (g.guard.valid() && !g.locks.empty() && has_prefix(lock, g.guard)) { // a guard's own lock(), through its field
      g.held = true;
      g.since = op;
      return;
    }
    if (g.guard.valid() && !g.held && has_deleter(g.guard) && std::find(g.locks.begin(), g.locks.end(), lock) != g.locks.end()) {
      g.held = true;
      g.shared = shared;
      g.since = op;
      return;
    }
  }
  c.insert({{}, {lock}, true, shared, assumed, op});
}

// A smart pointer that is no owner of a guard, and yet has locks: its deleter unlocks them.
bool LockFrame::has_deleter(const AccessPath &guard) const {
  const TypeId type = guard.is_local(guard.id) ? function_.locals[guard.id].type : none;
  const models::TypeModel *m = type == none ? nullptr : library_.type(type);
  return m && m->smart_pointer && !library_.wrapped_guard(type);
}

void LockFrame::release(LockCase &c, const AccessPath &lock) const {
  if (!lock.valid())
    return;
  bool found = false;
  auto by_hand = std::find_if(c.guards.rbegin(), c.guards.rend(),
                              [&](const GuardState &g) { return !g.guard.valid() && g.locks.front() == lock; });
  if (by_hand != c.guards.rend()) { // of a recursive lock, once
    by_hand->held = false;
    found = true;
  }
  for (GuardState &g : c.guards)
    if (by_hand == c.guards.rend() && g.held &&
        (has_prefix(lock, g.guard) || std::find(g.locks.begin(), g.locks.end(), lock) != g.locks.end())) {
      g.held = false;
      found = true;
    }
  c.erase_if([](const GuardState &g) { return !g.held && !g.guard.valid(); });
  bool own = (lock.root == RootKind::local && lock.id >= function_.parameter_count) || lock.root == RootKind::result;
  if (!found && !own) {
    auto at = std::lower_bound(c.released.begin(), c.released.end(), lock);
    if (at == c.released.end() || *at != lock)
      c.released.insert(at, lock);
  }
}

// Both outcomes of an attempt, each remembering the operation's value. `success_is`: what it is then; none: not zero.
void LockFrame::fork(OpId i, LockState &state, const std::function<void(LockCase &, bool)> &apply,
                     std::optional<std::int64_t> success_is) const {
  std::vector<LockCase> cases;
  for (const LockCase &c : state.cases)
    for (bool success : {true, false}) {
      LockCase copy = c;
      apply(copy, success);
      Truth truth = is_true(result_term(i));
      truth.value = success_is.value_or(0);
      know(copy, truth, success != (success_is == 0));
      if (success_is.value_or(0) < 0) { // and what says which one failed is not negative
        truth.test = Test::less;
        truth.value = 0;
        know(copy, truth, success);
      }
      cases.push_back(std::move(copy));
    }
  state.cases = std::move(cases);
}

// A value that its user may take the content of: a temporary, or moved.
bool LockFrame::moves(const Operand &o) const {
  if (o.kind == OperandKind::path)
    return o.moved;
  if (o.kind != OperandKind::result)
    return false;
  const Operation &op = function_.ops[o.op];
  return op.kind == OpKind::construct || op.kind == OpKind::await || op.prvalue_result || o.moved;
}

// The object at `from`, with every guard inside it, becomes the object at `to`.
void LockFrame::move_object(const AccessPath &from, const AccessPath &to, LockState &state) {
  if (!from.valid() || !to.valid() || from == to)
    return;
  for (LockCase &c : state.cases) {
    std::vector<GuardState> moved;
    for (GuardState &g : c.guards)
      if (has_prefix(g.guard, from)) {
        GuardState there = g;
        there.guard = rebase(g.guard, from, to);
        moved.push_back(std::move(there));
        g.held = false;
        g.locks.clear();
        g.assumed = false;
      }
    std::sort(c.guards.begin(), c.guards.end());
    for (GuardState &g : moved)
      c.insert(std::move(g));
  }
}

} // namespace tenterhook::analysis
