// Guard effects, first part: guards, and what is called on them.
#include "guards/guard_effects.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

// A guard by all its signs, whose code nobody sees: called lock or guard, made of a lock, and with a destructor.
bool GuardEffects::unseen_guard(OpId i, const AccessPath &object, LockState &state) {
  const Operation &op = function_.ops[i];
  TypeId type = program_.strip_references(op.type);
  if (type == none || op.args.empty() || !program_.types[type].nontrivial_destructor ||
      !library_.is_thread_lock(op.args[0].type) || library_.type(type) || program_.strip_references(op.args[0].type) == type)
    return false;
  std::string name = Library::last_name(program_.str(program_.types[type].qualified)).lower();
  auto has = [&](const char *part) { return name.find(part) != std::string::npos; };
  if (!(has("lock") || has("guard")) || has("unlock") || has("block") || has("clock") || has("reverse"))
    return false;
  const AccessPath lock = path_of(op.args[0]);
  for (LockCase &c : state.cases)
    c.insert({object, {lock.valid() ? lock : object}, true, false, true, i});
  return true;
}

bool GuardEffects::unseen_method(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  if (op.callee == none || op.receiver.kind == OperandKind::unknown || library_.function(op))
    return false;
  std::string method = Library::last_name(program_.qualified(op.callee)).lower();
  bool unlocks = method == "unlock" || method == "release" || method == "reset";
  if (!unlocks && method != "lock" && method != "relock")
    return false;
  const AccessPath object = path_of(op.receiver);
  bool any = false;
  for (LockCase &c : state.cases)
    if (GuardState *g = c.find(object)) {
      g->held = !unlocks;
      g->since = unlocks ? g->since : i;
      any = true;
    }
  return any;
}

void GuardEffects::construct_guard(OpId i, const GuardType &guard, const AccessPath &object, LockState &state, bool locks_only) {
  const Operation &op = function_.ops[i];
  GuardTag tag = GuardTag::none;
  std::vector<AccessPath> locks;
  bool timed = false;
  for (const Operand &a : op.args) {
    if (GuardTag t = library_.tag(a.type); t != GuardTag::none) {
      tag = t;
    } else if (library_.guard(a.type)) { // moved from another guard
      for (LockCase &c : state.cases)
        take_from_callers(c, path_of(a), guard.shared);
      return move_object(path_of(a), object, state);
    } else if (library_.is_null_lock(a.type)) {
      continue;
    } else if (library_.is_thread_lock(a.type) || (&a == &op.args.front() && a.kind != OperandKind::constant && !locks_only)) {
      if (AccessPath p = path_of(a); p.valid())
        locks.push_back(p);
      else
        locks.push_back({RootKind::result, i, {}, false}); // some lock without a name
    } else if (!locks_only || &a != &op.args.front()) {    // not std::in_place
      timed = true;                                        // unique_lock(m, deadline): an attempt
    }
  }
  std::sort(locks.begin(), locks.end());
  bool none_given = locks.empty() && guard.mutexes.kind != Subject::receiver;
  GuardState made{object, locks, !none_given && guard.on_construction && tag != GuardTag::deferred, guard.shared, false, i};
  if (tag == GuardTag::adopted)
    for (LockCase &c : state.cases)
      c.erase_if([&](const GuardState &g) {
        return !g.guard.valid() && std::find(locks.begin(), locks.end(), g.locks.front()) != locks.end();
      });
  if (made.held && (tag == GuardTag::try_to_lock || (timed && tag == GuardTag::none))) {
    fork(i, state, [&](LockCase &c, bool success) {
      GuardState g = made;
      g.held = success;
      c.insert(g);
    });
    return;
  }
  // The elements of an array are one object here: it holds what they hold.
  auto is_array = [&](TypeId t) { return t != none && program_.types[t].kind == TypeKind::array; };
  const bool element =
      op.use.kind == UseKind::stored &&
      ((object.root == RootKind::local &&
        (is_array(function_.locals[object.id].type) || library_.wrapped_guard(function_.locals[object.id].type))) ||
       std::any_of(object.steps.begin(), object.steps.end(), [&](const PathStep &step) {
         return step.kind == StepKind::index ||
                (step.kind == StepKind::field && step.field != none && is_array(program_.entities[step.field].type));
       }));
  for (LockCase &c : state.cases) {
    const GuardState *others = element ? c.find(object) : nullptr;
    GuardState g = made;
    if (others && others->held) {
      if (!g.held)
        continue;
      g.locks.insert(g.locks.end(), others->locks.begin(), others->locks.end());
      std::sort(g.locks.begin(), g.locks.end());
      g.locks.erase(std::unique(g.locks.begin(), g.locks.end()), g.locks.end());
    }
    c.insert(g);
  }
}

// auto [x, y] = std::pair{std::unique_lock(a), std::unique_lock(b)}: the part that a binding means.
AccessPath GuardEffects::bound_part(const Operand &binding, AccessPath whole) const {
  if (binding.kind != OperandKind::path || binding.path.root != RootKind::local || !binding.path.without_derefs().steps.empty())
    return whole;
  const Operand &made = function_.locals[binding.path.id].init;
  auto gets = [&](OpId i) {
    const Operation &op = function_.ops[i];
    return op.kind == OpKind::call && op.implicit && op.callee != none && op.args.size() == 1 &&
           Library::last_name(program_.qualified(op.callee)) == "get" && path_of(op.args[0]) == whole;
  };
  if (made.kind != OperandKind::result || !gets(made.op))
    return whole;
  PathStep part; // as contain() numbers them
  part.kind = StepKind::base;
  part.field = 0;
  for (OpId before = 0; before < made.op; ++before)
    part.field += gets(before) ? 1 : 0;
  whole.steps.push_back(part);
  return whole;
}

// lock(), unlock(), release(), try_lock…() and owns_lock() of a guard.
bool GuardEffects::guard_method(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  const GuardType *guard =
      op.receiver.kind == OperandKind::unknown || op.callee == none ? nullptr : library_.guard(op.receiver.type);
  if (!guard)
    return false;
  llvm::StringRef method = Library::last_name(program_.qualified(op.callee));
  auto among = [&](const std::vector<std::string> &names) {
    return std::find(names.begin(), names.end(), method) != names.end();
  };
  AccessPath object = path_of(op.receiver);
  if (const AccessPath part = bound_part(op.receiver, object);
      std::any_of(state.cases.begin(), state.cases.end(), [&](LockCase &c) { return c.find(part) != nullptr; }))
    object = part;
  auto state_of = [&](LockCase &c) -> GuardState & {
    if (!c.find(object))
      c.insert({object, {object}, false, guard->shared, true, i});
    return *c.find(object);
  };
  if (among(guard->lock) || among(guard->unlock)) {
    bool hold = among(guard->lock);
    for (LockCase &c : state.cases) {
      const bool whole = !hold && !c.find(object);
      if (whole)
        release(c, object); // a guard that the caller knows
      if (whole)            // std::get<0>(std::tie(a, b)).unlock(): one of them
        for (const AccessPath &one : lent(op.receiver))
          if (GuardState *g = c.find(one); g && g->held) {
            g->doubted = true;
            std::sort(c.guards.begin(), c.guards.end());
          }
      for (GuardState &g : c.guards)
        if (whole && has_prefix(g.guard, object)) // one part, nobody sees which: std::get<0>(guards).unlock()
          g.held = false;
      GuardState &g = state_of(c);
      g.held = hold;
      if (hold)
        g.since = i;
    }
  } else if (among(guard->release)) { // gives the lock up without unlocking it: whoever has the pointer unlocks it
    Operand pointer;
    pointer.kind = OperandKind::result;
    pointer.op = i;
    bool handed_on = op.use.kind == UseKind::argument || op.use.kind == UseKind::returned;
    bool named = op.use.kind == UseKind::stored || op.use.kind == UseKind::receiver;
    for (LockCase &c : state.cases) {
      GuardState g = state_of(c);
      c.insert({object, {}, false, guard->shared, false, i});
      if (g.held && !handed_on && named)
        c.insert({path_of(pointer), g.locks, true, g.shared, g.assumed, g.since});
      else if (g.held && !handed_on)
        for (const AccessPath &lock : g.locks)
          hold_by_hand(c, lock, g.shared, g.since);
    }
  } else if (among(guard->try_lock)) {
    fork(i, state, [&](LockCase &c, bool success) {
      GuardState &g = state_of(c);
      g.held = success;
      g.since = i;
    });
  } else if (among(guard->owns)) {
    std::vector<LockCase> cases;
    for (LockCase &c : state.cases) {
      GuardState *g = c.find(object);
      if (g && g->assumed && g->held) { // nobody saw what it holds: both are possible
        LockCase without = c;
        without.find(object)->held = false;
        know(without, is_true(result_term(i)), false);
        cases.push_back(std::move(without));
      }
      if (g)
        know(c, is_true(result_term(i)), g->held);
      cases.push_back(std::move(c));
    }
    state.cases = std::move(cases);
  } else if (method == "operator=" && op.args.size() == 1) {
    for (LockCase &c : state.cases) {
      take_from_callers(c, object, guard->shared);
      take_from_callers(c, path_of(op.args[0]), guard->shared);
      let_go(c, object);
      c.insert({object, {}, false, guard->shared, false, i});
    }
    move_object(path_of(op.args[0]), object, state);
  } else {
    return false;
  }
  return true;
}

// A call or await whose value is a guard that nobody explains: taken to hold a lock without a name.
void GuardEffects::result_guard(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  if (op.kind == OpKind::call && !op.prvalue_result)
    return;
  const GuardType *guard = op.type == none ? nullptr : library_.guard(op.type);
  if (!guard)
    return;
  if (op.args.size() == 1 && library_.guard(op.args[0].type)) // std::move, std::exchange
    return move_object(path_of(op.args[0]), home(i), state);
  for (LockCase &c : state.cases)
    c.insert({home(i), {home(i)}, true, guard->shared, true, i});
}

} // namespace tenterhook::analysis
