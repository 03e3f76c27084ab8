// What every part of the lock domain's transfer does to a case: hold, release, move, fork.
#include "guards/lock_frame.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;

static constexpr unsigned deepest_part = 6; // members of members, references to references

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

// The type of what a path ends in; none if it does not say.
TypeId LockFrame::type_of(const AccessPath &path) const {
  if (path.truncated)
    return none;
  if (!path.steps.empty())
    return path.steps.back().kind == StepKind::field && path.steps.back().field != none
               ? program_.entities[path.steps.back().field].type
               : none;
  switch (path.root) {
  case RootKind::global: return program_.entities[path.id].type;
  case RootKind::local: return function_.locals[path.id].type;
  case RootKind::result: return path.id < function_.ops.size() ? function_.ops[path.id].type : none;
  default: return none;
  }
}

// Whether a name says which object it means, whatever runs: a variable, or what the callers gave and members of it. A local
// pointer, an iterator, an element and what a call gives may be any.
bool LockFrame::means_one(const AccessPath &path) const {
  auto index = [](const PathStep &step) { return step.kind == StepKind::index; };
  if (!path.valid() || path.truncated || path.root == RootKind::result ||
      std::any_of(path.steps.begin(), path.steps.end(), index))
    return false;
  if (path.root != RootKind::local)
    return true;
  const TypeId type = function_.locals[path.id].type;
  if (path.id >= function_.parameter_count)
    return program_.types[type].kind == TypeKind::record && (library_.is_thread_lock(type) || !program_.types[type].system) &&
           std::none_of(path.steps.begin(), path.steps.end(), [&](const PathStep &step) {
             return step.kind == StepKind::field && step.field != none && refers(program_, program_.entities[step.field].type);
           });
  return !written_[path.id];
}

// Whether two names may stand for one lock: one of them may be any, and nothing tells them apart.
bool LockFrame::may_be_one(const AccessPath &a, const AccessPath &b) const {
  if (means_one(a) && means_one(b))
    return a == b;
  const TypeId first = type_of(a), second = type_of(b);
  const TypeId first_record = program_.record_behind(first), second_record = program_.record_behind(second);
  if (first_record != none && second_record != none && first_record != second_record && library_.is_thread_lock(first_record) &&
      library_.is_thread_lock(second_record))
    return false;                                          // of two classes
  auto object = [&](const AccessPath &path, TypeId type) { // itself, and no pointer or reference to one
    return type != none && type == program_.record_behind(type) && library_.is_thread_lock(type) && !path.steps.empty();
  };
  return !object(a, first) || !object(b, second) || a.steps.back() == b.steps.back(); // members of two names
}

// What nobody here has locked is unlocked: one of the locks that are held by hand may be meant.
void LockFrame::doubt(LockCase &c, const AccessPath &unlocked) const {
  bool changed = false;
  for (GuardState &g : c.guards)
    if (!g.guard.valid() && g.held && !g.doubted && may_be_one(g.locks.front(), unlocked))
      g.doubted = changed = true;
  if (changed)
    std::sort(c.guards.begin(), c.guards.end());
}

// A guard that lives in what the function was given: it may be held by what its callers did.
bool LockFrame::known_to_callers(const AccessPath &guard) const {
  switch (guard.root) {
  case RootKind::self:
  case RootKind::global:
  case RootKind::capture: return true;
  case RootKind::local: return guard.id < function_.parameter_count;
  default: return false;
  }
}

// What the callers know of such a guard is asked for where it is moved: it then holds what it holds there.
void LockFrame::take_from_callers(LockCase &c, const AccessPath &guard, bool shared) const {
  if (known_to_callers(guard) && !c.find(guard))
    c.insert({guard, {guard}, true, shared, true, none});
}

// A guard ends, or gets another lock: what its callers' guards held with it is unlocked.
void LockFrame::let_go(LockCase &c, const AccessPath &guard) const {
  std::vector<AccessPath> unlocked;
  for (const GuardState &g : c.guards)
    if (g.guard.valid() && has_prefix(g.guard, guard) && g.held && g.assumed && g.since == none)
      for (const AccessPath &lock : g.locks)
        if (known_to_callers(lock) && (lock.root != RootKind::local || refers(program_, function_.locals[lock.id].type)))
          unlocked.push_back(lock);
  c.erase_if([&](const GuardState &g) { return has_prefix(g.guard, guard); });
  for (const AccessPath &lock : unlocked)
    release(c, lock);
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
  for (GuardState &g : c.guards)
    if (!found && g.held && has_prefix(g.guard, lock)) // one part of it, nobody sees which
      g.held = false;
  c.erase_if([](const GuardState &g) { return !g.held && !g.guard.valid(); });
  const TypeId type = type_of(lock);
  if (!found && (type == none || (!library_.guard(type) && !library_.wrapped_guard(type))))
    doubt(c, lock);
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

// What a value of library code that nobody sees has references to: std::tie(a, b), std::make_tuple(std::ref(a)).
std::vector<AccessPath> LockFrame::lent(const Operand &operand) const {
  std::vector<AccessPath> out;
  std::vector<std::pair<Operand, unsigned>> work{{operand, 0}};
  while (!work.empty()) {
    const auto [value, depth] = work.back();
    work.pop_back();
    for (const Value &v : library_.origins(f_, value)) {
      if (v.function != f_ || v.operand.kind != OperandKind::result)
        continue;
      const Operation &op = function_.ops[v.operand.op];
      const bool of_library = (op.kind == OpKind::call || op.kind == OpKind::construct) && op.callee != none &&
                              program_.entities[op.callee].system && program_.body_for(f_, op.callee) == none;
      const TypeId made = program_.strip_references(op.type);
      const bool refers_to =
          made != none && std::any_of(program_.types[made].args.begin(), program_.types[made].args.end(), [&](TypeId a) {
            return a != none && program_.types[a].kind == TypeKind::lvalue_reference;
          });
      if (of_library && !refers_to && !op.prvalue_result) // std::get<0>(…)
        for (const Operand &a : op.args)
          if (depth < deepest_part)
            work.emplace_back(a, depth + 1);
      if (!of_library || !refers_to)
        continue;
      for (const Operand &a : op.args)
        if (a.kind == OperandKind::path && !a.moved)
          out.push_back(path_of(a));
        else if (a.kind == OperandKind::result && depth < deepest_part) {
          if (AccessPath named = path_of(a); named.valid())
            out.push_back(std::move(named)); // std::ref(lock)
          work.emplace_back(a, depth + 1);
        }
    }
  }
  return out;
}

// Whether a guard lives at a path, or in what lives there.
bool LockFrame::any_in(const LockCase &c, const AccessPath &object) {
  return std::any_of(c.guards.begin(), c.guards.end(), [&](const GuardState &g) { return has_prefix(g.guard, object); });
}
bool LockFrame::any_in(const LockState &state, const AccessPath &object) {
  return object.valid() &&
         std::any_of(state.cases.begin(), state.cases.end(), [&](const LockCase &c) { return any_in(c, object); });
}

// The object at `from`, with every guard inside it, becomes the object at `to`.
void LockFrame::move_object(const AccessPath &from, const AccessPath &to, LockState &state) {
  if (!from.valid() || !to.valid() || from == to)
    return;
  const bool of_callers = known_to_callers(from) && world_.has_guard(type_of(from));
  for (LockCase &c : state.cases) {
    if (of_callers && !any_in(c, from)) // what their guards in it hold: where it is now nobody follows
      release(c, from);
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
