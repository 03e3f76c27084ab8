// Guard effects, second part: guards inside of other objects, and guards that move: aggregates, std::optional,
// containers, smart pointers, pairs; assignment and swap.
#include "guards/guard_effects.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

// A guard inside std::optional, a smart pointer or a container: emplace(m), push_back(move(l)), reset(), clear(),
// make_unique<std::lock_guard<…>>(m).
bool GuardEffects::wrapped_guard(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  if (op.callee == none)
    return false;
  llvm::StringRef method = Library::last_name(program_.qualified(op.callee));
  auto made_of_locks = [&] {
    return std::any_of(op.args.begin(), op.args.end(), [&](const Operand &a) { return library_.is_thread_lock(a.type); });
  };
  if (op.kind == OpKind::construct || method.starts_with("make_")) {
    const GuardType *guard = library_.wrapped_guard(op.type);
    if (!guard || !made_of_locks())
      return false;
    construct_guard(i, *guard, home(i), state, true);
    return true;
  }
  const GuardType *guard = op.receiver.kind == OperandKind::unknown ? nullptr : library_.wrapped_guard(op.receiver.type);
  if (!guard)
    return false;
  AccessPath object = path_of(op.receiver);
  auto held_in_it = [&](const GuardState &g) { return has_prefix(g.guard, object); };
  if (method.starts_with("emplace") || method.starts_with("push") || method == "insert") {
    LockState before = state;
    if (made_of_locks())
      construct_guard(i, *guard, object, state, true);
    else
      contain(i, object, state);
    if (method != "emplace") // what was there stays there
      for (std::size_t c = 0; c < state.cases.size() && state.cases.size() == before.cases.size(); ++c)
        if (GuardState *now = state.cases[c].find(object), *old = before.cases[c].find(object); now && old && old->held) {
          now->locks.insert(now->locks.end(), old->locks.begin(), old->locks.end());
          std::sort(now->locks.begin(), now->locks.end());
          now->locks.erase(std::unique(now->locks.begin(), now->locks.end()), now->locks.end());
          now->held = true;
          now->since = old->since;
        }
    return true;
  }
  if (method == "operator=" && op.args.size() == 1) {
    for (LockCase &c : state.cases)
      if (known_to_callers(object) && std::none_of(c.guards.begin(), c.guards.end(), held_in_it))
        release(c, object);
    assign(op.args[0], object, state);
    return true;
  }
  if (method == "operator bool" || method == "has_value") {
    auto any = [&](const LockCase &c) { return std::any_of(c.guards.begin(), c.guards.end(), held_in_it); };
    if (std::any_of(state.cases.begin(), state.cases.end(), any)) // else nobody saw what it was made of
      for (LockCase &c : state.cases)
        if (!any(c) ||
            std::any_of(c.guards.begin(), c.guards.end(), [&](const GuardState &g) { return held_in_it(g) && g.held; }))
          know(c, is_true(result_term(i)), any(c));
    return true;
  }
  if (method == "reset" || method == "clear" || method.starts_with("pop_") || method == "erase") {
    for (LockCase &c : state.cases) {
      if (known_to_callers(object) && std::none_of(c.guards.begin(), c.guards.end(), held_in_it))
        release(c, object);
      c.erase_if(held_in_it);
    }
    return true;
  }
  if (method == "resize" || method == "assign") { // some are left, or none
    const std::vector<LockCase> before = state.cases;
    for (LockCase &c : state.cases)
      c.erase_if(held_in_it);
    state.cases.insert(state.cases.end(), before.begin(), before.end());
    return true;
  }
  return false;
}

// An object made of other objects has their guards: std::optional(std::unique_lock(m)), pairs, std::any.
void GuardEffects::contain(OpId i, const AccessPath &object, LockState &state) {
  const Operation &op = function_.ops[i];
  std::vector<AccessPath> parts;
  const TypeModel *type = library_.type(op.type);
  for (const Operand &a : op.args) // unique_ptr(p) owns what `p` points to
    if (AccessPath part = path_of(a); part.valid() && (moves(a) || (type && type->smart_pointer)))
      if (std::any_of(state.cases.begin(), state.cases.end(), [&](const LockCase &c) {
            return std::any_of(c.guards.begin(), c.guards.end(), [&](const GuardState &g) { return has_prefix(g.guard, part); });
          }))
        parts.push_back(part);
  for (std::size_t p = 0; p < parts.size(); ++p) {
    AccessPath place = object;
    if (parts.size() > 1) { // which part it became is not known: a place of its own inside
      PathStep part;
      part.kind = StepKind::base;
      part.field = static_cast<EntityId>(p);
      place.steps.push_back(part);
    }
    move_object(parts[p], place, state);
  }
}

// What `to` held is given up; what `from` held moves, if it may.
void GuardEffects::assign(const Operand &from, const AccessPath &to, LockState &state) {
  AccessPath source = path_of(from);
  if (!to.valid() || source == to)
    return;
  const bool of_callers = known_to_callers(to) && !to.steps.empty() && world_.has_guard(type_of(to));
  for (LockCase &c : state.cases)
    if (of_callers && !any_in(c, to)) // what their guards in it held is unlocked
      release(c, to);
  for (LockCase &c : state.cases)
    c.erase_if([&](const GuardState &g) { return has_prefix(g.guard, to); });
  if (moves(from))
    move_object(source, to, state);
}

bool GuardEffects::assignment(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  if (op.callee == none || op.args.size() != 1 || op.receiver.kind == OperandKind::unknown ||
      Library::last_name(program_.qualified(op.callee)) != "operator=")
    return false;
  assign(op.args[0], path_of(op.receiver), state);
  return true;
}

// a.swap(b), std::swap(a, b) of guards, and of what has them.
bool GuardEffects::swap(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  if (op.callee == none || Library::last_name(program_.qualified(op.callee)) != "swap")
    return false;
  const bool of_library = program_.entities[op.callee].system; // one of the program's own does what its body says
  AccessPath a, b;
  if (op.receiver.kind != OperandKind::unknown && op.args.size() == 1 && (of_library || library_.guard(op.receiver.type))) {
    a = path_of(op.receiver);
    b = path_of(op.args[0]);
  } else if (op.args.size() == 2 && (of_library || library_.guard(op.args[0].type))) {
    a = path_of(op.args[0]);
    b = path_of(op.args[1]);
  }
  if (!a.valid() || !b.valid() || a == b)
    return false;
  if (const GuardType *guard = library_.guard(op.args[0].type))
    for (LockCase &c : state.cases)
      for (const AccessPath &one : {a, b})
        take_from_callers(c, one, guard->shared);
  if (!any_in(state, a) && !any_in(state, b))
    return false;
  for (LockCase &c : state.cases) {
    for (GuardState &g : c.guards)
      if (has_prefix(g.guard, a))
        g.guard = rebase(g.guard, a, b);
      else if (has_prefix(g.guard, b))
        g.guard = rebase(g.guard, b, a);
    std::sort(c.guards.begin(), c.guards.end());
  }
  return true;
}

// std::exchange(a, b): what the object was is the value, and what it is given is the object.
bool GuardEffects::exchange(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  const FunctionModel *m = op.args.size() == 2 && op.prvalue_result ? library_.function(op) : nullptr;
  if (!m || !m->returns_subject || m->returned_arg > 0)
    return false;
  const auto kept = library_.kept_by_library(op);
  const AccessPath object = path_of(op.args[0]), value = home(i);
  if (!object.valid() || std::none_of(kept.begin(), kept.end(), [&](const auto &k) { return k.first == &op.args[0]; }))
    return false;
  if (!any_in(state, object)) { // a guard that the caller knows
    if (!library_.guard(op.args[0].type))
      return false;
    for (LockCase &c : state.cases)
      release(c, object);
    return true;
  }
  move_object(object, value, state);
  if (moves(op.args[1]))
    move_object(path_of(op.args[1]), object, state);
  return true;
}

// Session{std::unique_lock{m}, …}: what initialises a field lives there.
void GuardEffects::aggregate(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  TypeId type = program_.strip_references(op.type);
  if (type == none)
    return;
  const std::vector<FieldInfo> &fields = program_.types[type].fields;
  for (std::size_t a = 0; a < op.args.size() && a < fields.size(); ++a) {
    if (!moves(op.args[a]) || (fields[a].type != none && program_.types[fields[a].type].pointee != none))
      continue;
    AccessPath field = home(i);
    PathStep step;
    step.kind = StepKind::field;
    step.field = fields[a].entity;
    field.steps.push_back(step);
    move_object(path_of(op.args[a]), field, state);
  }
}

// That a range-for stands at its container's first element, told by the iterator that it made of begin().
static Truth first_round(LocalId iterator) {
  Truth first = is_true(term(AccessPath{RootKind::local, iterator, {}, false}));
  first.test = Test::first;
  return first;
}

void GuardEffects::loop_over(OpId i, LockState &state) const {
  const Operation &op = function_.ops[i];
  if (op.kind != OpKind::call || !op.implicit || op.callee == none)
    return;
  llvm::StringRef name = Library::last_name(program_.qualified(op.callee));
  if (name == "begin" && op.use.kind == UseKind::stored && op.use.target.is_local(op.use.target.id))
    for (LockCase &c : state.cases)
      c.known[first_round(op.use.target.id)] = true;
  else if (name == "operator++" && op.receiver.kind == OperandKind::path && op.receiver.path.is_local(op.receiver.path.id))
    for (LockCase &c : state.cases)
      c.known.erase(first_round(op.receiver.path.id));
}

// A range-for that ends before its first round, over a container that holds a lock: it has an element.
bool GuardEffects::passes_by(const LockCase &c, OpId test, bool holds) const {
  const Operation &op = function_.ops[test];
  if (op.kind != OpKind::call || !op.implicit || op.callee == none)
    return false;
  llvm::StringRef name = Library::last_name(program_.qualified(op.callee));
  if (!(name == "operator==" && holds) && !(name == "operator!=" && !holds))
    return false;
  const Operand &begin = op.receiver.kind == OperandKind::unknown && !op.args.empty() ? op.args.front() : op.receiver;
  if (begin.kind != OperandKind::path || !begin.path.is_local(begin.path.id) || !c.known.count(first_round(begin.path.id)))
    return false;
  const Operand &made = function_.locals[begin.path.id].init;
  if (made.kind != OperandKind::result)
    return false;
  AccessPath container = path_of(function_.ops[made.op].receiver);
  return container.valid() && std::any_of(c.guards.begin(), c.guards.end(),
                                          [&](const GuardState &g) { return g.held && has_prefix(g.guard, container); });
}

// std::move(guard) as an argument: whoever took it has the lock now.
void GuardEffects::consume_moved(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  for (const Operand &a : op.args)
    if (a.moved && a.kind == OperandKind::path)
      for (LockCase &c : state.cases)
        for (GuardState &g : c.guards)
          if (has_prefix(g.guard, path_of(a))) {
            g.held = false;
            g.locks.clear();
          }
  for (LockCase &c : state.cases)
    std::sort(c.guards.begin(), c.guards.end());
}

} // namespace tenterhook::analysis
