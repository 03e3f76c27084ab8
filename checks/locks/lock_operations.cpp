// Lock transfer, second part: construction, calls, returns, destruction, and what branches may remember.
#include "locks/lock_transfer.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

void LockTransfer::construct(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  AccessPath object = home(i);
  if (const GuardType *guard = library_.guard(op.type))
    return construct_guard(i, *guard, object, state);
  TypeId type = program_.strip_references(op.type);
  if (op.args.size() == 1 && moves(op.args[0]) && program_.strip_references(op.args[0].type) == type)
    return move_object(path_of(op.args[0]), object, state);
  if (FunctionId body = op.callee == none ? none : program_.body_for(f_, op.callee); body != none) {
    apply_summary(world_.summaries[body], body, paths_.site(i), state);
    run_callbacks(i, state);
    return consume_moved(i, state);
  }
  if (op.callee == none)
    return aggregate(i, state);
  if (adopt_by_deleter(i, state))
    return;
  if (!wrapped_guard(i, state) && !unseen_guard(i, object, state) && !run_callbacks(i, state))
    contain(i, object, state);
}

void LockTransfer::call(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  FunctionId body = op.callee == none || op.virtual_call ? none : program_.body_for(f_, op.callee);
  if (swap(i, state) || exchange(i, state) || guard_method(i, state) || wrapped_guard(i, state) || owner_method(i, state) ||
      (body == none && unseen_method(i, state)))
    return;
  bool known = lock_clauses(i, state) || run_bodies(i, state) || lockable_method(i, state);
  if (!known && body == none && assignment(i, state))
    return;
  if (!known)
    result_guard(i, state);
  if (body == none)
    hand_to_unseen(i, state, known);
  consume_moved(i, state);
}

// Code that nobody sees may unlock what it is given a reference to: a guard that can be unlocked, a lock that is held by hand.
// `known`: what it runs was followed, but for what it is given references to.
void LockTransfer::hand_to_unseen(OpId i, LockState &state, bool known) {
  const Operation &op = function_.ops[i];
  if (op.callee == none)
    return;
  const bool runs = std::any_of(op.args.begin(), op.args.end(), [&](const Operand &a) { // std::apply([](auto &...l) { … }, locks)
    return a.kind == OperandKind::closure || world_.names.callable(a.type);
  });
  const FunctionModel *model = library_.function(op);
  if ((!runs && (program_.entities[op.callee].system || model)) || (model && model->condition_variable)) // which locks again
    return;
  if (std::all_of(state.cases.begin(), state.cases.end(), [](const LockCase &c) { return c.guards.empty(); }))
    return;
  auto doubt = [&](const AccessPath &given, TypeId type) {
    const GuardType *guard = type == none ? nullptr : library_.guard(type);
    for (LockCase &c : state.cases) {
      for (GuardState &g : c.guards)
        if (g.held &&
            (g.guard.valid() ? has_prefix(g.guard, given) && (!guard || !guard->unlock.empty()) : g.locks.front() == given))
          g.doubted = true;
      std::sort(c.guards.begin(), c.guards.end());
    }
  };
  for (const Operand &a : op.args) {
    const bool content = a.kind == OperandKind::path && !a.path.steps.empty() && a.path.steps.back().kind == StepKind::deref &&
                         !library_.guard(a.type) && !library_.is_thread_lock(a.type); // *value, and not the guard in it
    const AccessPath given = a.kind == OperandKind::closure ? AccessPath{} : path_of(a);
    if (given.valid() && !a.moved && !content && !known)
      doubt(given, a.type);
    for (const AccessPath &one : lent(a)) // std::apply(f, std::tie(lock))
      doubt(one, type_of(one));
  }
}

// The value decides which exit case a caller sees.
void LockTransfer::returns(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  if (op.args.empty())
    return;
  if (function_.return_type == none || program_.types[function_.return_type].pointee == none) {
    const AccessPath object = path_of(op.args[0]);
    if (const GuardType *guard = op.args[0].moved && op.args[0].type != none ? library_.guard(op.args[0].type) : nullptr)
      for (LockCase &c : state.cases)
        take_from_callers(c, object, guard->shared);
    move_object(object, returned_object(), state);
  }
  const Truth returned = is_true(returned_term());
  for (LockCase &c : state.cases) {
    c.known.erase(returned);
    std::optional<bool> value;
    if (op.args[0].kind == OperandKind::constant)
      value = op.args[0].value != 0;
    else if (Term of = term(op.args[0]); of.valid())
      value = look_up(c.known, is_true(of));
    if (value)
      c.known[returned] = *value;
  }
}

void LockTransfer::destroy(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  const TypeModel *pointer =
      op.type == none ? nullptr : library_.type(op.type); // what a copy of another pointer is called ends with that one
  AccessPath object = op.path.root == RootKind::result    ? home(op.path.id)
                      : pointer && pointer->smart_pointer ? plain(op.path)
                                                          : paths_.resolve(plain(op.path));
  if (!object.valid())
    return;
  if (op.path.root == RootKind::result && op.path.steps.empty() && function_.ops[op.path.id].use.kind == UseKind::returned)
    move_object(object, returned_object(), state); // co_return: the value has been taken
  for (LockCase &c : state.cases)                  // the lock itself is gone
    c.erase_if([&](const GuardState &g) { return !g.guard.valid() && has_prefix(g.locks.front(), object); });
  destroy_parts(i, object, op.type, state, 0);
  for (LockCase &c : state.cases)
    let_go(c, object);
}

// A value that is stored is as true in its variable as where it came from; a constant is what it is.
void LockTransfer::remember(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  if (op.kind == OpKind::call || op.kind == OpKind::construct)
    forget_lent(op, state);
  if (op.use.kind == UseKind::stored) {
    const Term to = term(op.use.target);
    for (LockCase &c : state.cases) {
      forget_path(c.known, op.use.target);
      if (asked_.ever(to))
        copy_known(c.known, result_term(i), to);
    }
  }
  if (op.kind == OpKind::access && (op.access & static_cast<unsigned>(AccessKind::write)) && !op.args.empty())
    if (const Term to = term(op.path); asked_.ever(to))
      for (LockCase &c : state.cases) {
        if (op.args[0].kind == OperandKind::constant) {
          Truth value = is_true(to);
          c.known[value] = op.args[0].value != 0;
          value.value = op.args[0].value;
          if (value.value != 0)
            c.known[value] = true;
        } else if (const Term from = term(op.args[0]); from.valid()) {
          copy_known(c.known, from, to);
        }
      }
  bool locks = op.kind == OpKind::call && (library_.guard(op.receiver.type) || library_.is_thread_lock(op.receiver.type));
  if (const FunctionModel *m = op.kind == OpKind::call && !locks ? library_.function(op) : nullptr)
    locks = !m->locks.empty();
  if ((op.kind == OpKind::call && !op.implicit && !locks) || op.kind == OpKind::await) { // others may change what is shared
    auto shared = [&](const Term &t) {
      return t.kind == OperandKind::path && (t.path.root != RootKind::local || !t.path.steps.empty()) &&
             !world_.names.stable(t.path);
    };
    for (LockCase &c : state.cases)
      std::erase_if(c.known,
                    [&](const auto &t) { return t.first.test != Test::runs && (shared(t.first.of) || shared(t.first.than)); });
  }
}

// Whoever is given a variable to write to may have written it: memcpy(&value, …), read(value).
void LockTransfer::forget_lent(const Operation &op, LockState &state) const {
  const auto *parameters = op.callee == none ? nullptr : &program_.entities[op.callee].parameters;
  for (std::size_t a = 0; a < op.args.size(); ++a) {
    const Operand &given = op.args[a];
    if (given.kind == OperandKind::closure) {
      if (const FunctionId lambda = program_.body_for(f_, given.entity); lambda != none)
        for (const Capture &capture : program_.functions[lambda].captures)
          if (capture.kind == CaptureKind::by_reference && capture.source.kind == OperandKind::path)
            for (LockCase &c : state.cases)
              forget_path(c.known, capture.source.path);
      continue;
    }
    if (given.kind != OperandKind::path || given.path.root != RootKind::local)
      continue;
    bool lent = given.address || given.by_reference;
    if (parameters && a < parameters->size() && (*parameters)[a].type != none) {
      const TypeId type = (*parameters)[a].type;
      lent = (lent || program_.types[type].kind == TypeKind::lvalue_reference) && !(*parameters)[a].pointee_const;
    }
    if (lent)
      for (LockCase &c : state.cases)
        forget_path(c.known, given.path);
  }
}

} // namespace tenterhook::analysis
