// Lock transfer, second half: locks by hand, calls with summaries, moves, destruction, and what branches may remember.
#include "analysis/lock_transfer.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

// m.lock(), pthread_mutex_lock(&m), std::lock(a, b), as modelled.
bool LockTransfer::lock_clauses(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  const FunctionModel *m = library_.function(op);
  if (!m)
    return false;
  for (const LockClause &clause : m->locks) {
    std::vector<AccessPath> locks;
    for (const Operand &o : library_.subjects(op, clause.subject))
      if (!library_.is_async_lock(o.type))
        locks.push_back(path_of(o));
    switch (clause.action) {
    case LockAction::acquire:
      for (LockCase &c : state.cases)
        for (const AccessPath &lock : locks) {
          if (GuardState *g = c.find(lock)) // std::lock(guard1, guard2)
            g->held = true, g->since = i;
          else
            hold_by_hand(c, lock, clause.shared, i);
        }
      break;
    case LockAction::release:
      for (LockCase &c : state.cases)
        for (const AccessPath &lock : locks)
          release(c, lock);
      break;
    case LockAction::try_acquire:
      fork(i, state, [&](LockCase &c, bool success) {
        for (const AccessPath &lock : locks)
          if (success)
            hold_by_hand(c, lock, clause.shared, i);
      }, clause.success_is_zero);
      break;
    }
  }
  if (m->returns_guard) {
    std::vector<AccessPath> locks;
    for (const Operand &o : library_.subjects(op, m->returns_guard->subject))
      locks.push_back(path_of(o));
    for (LockCase &c : state.cases)
      c.insert({home(i), locks, true, m->returns_guard->shared, false, i});
    return true;
  }
  return !m->locks.empty();
}

// lock(), unlock(), try_lock() of a class of the user's own whose bodies are not seen or tell nothing.
bool LockTransfer::lockable_method(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  if (op.callee == none || op.receiver.kind == OperandKind::unknown || !op.args.empty() || !library_.is_thread_lock(op.receiver.type))
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

// A guard inside std::optional or a smart pointer: emplace(m), reset(), make_unique<std::lock_guard<…>>(m).
bool LockTransfer::wrapped_guard(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  if (op.callee == none)
    return false;
  auto wrapped = [&](TypeId t) -> const GuardType * {
    t = program_.strip_references(t);
    if (t == none || program_.types[t].kind != TypeKind::record || program_.types[t].args.empty())
      return nullptr;
    return library_.guard(program_.types[t].args[0]);
  };
  llvm::StringRef method = Library::last_name(program_.qualified(op.callee));
  if (op.kind == OpKind::call && op.receiver.kind == OperandKind::path) {
    const GuardType *guard = wrapped(op.receiver.type);
    if (!guard)
      return false;
    AccessPath object = path_of(op.receiver);
    if (method == "emplace") {
      construct_guard(i, *guard, object, state);
      return true;
    }
    if (method == "reset" || (method == "operator=" && !op.args.empty() && !library_.guard(op.args[0].type) && !wrapped(op.args[0].type))) {
      for (LockCase &c : state.cases)
        c.erase_if([&](const GuardState &g) { return has_prefix(g.guard, object); });
      return true;
    }
    return false;
  }
  const GuardType *guard = wrapped(op.type);
  if (!guard || op.args.empty() || !method.starts_with("make_"))
    return false;
  construct_guard(i, *guard, home(i), state);
  return true;
}

// A call or await whose value is a guard that nobody explains: taken to hold a lock without a name.
void LockTransfer::result_guard(OpId i, LockState &state) {
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

AccessPath LockTransfer::substitute(const AccessPath &path, const Operation &call, OpId i, const AccessPath &self, FunctionId body) const {
  AccessPath root;
  switch (path.root) {
  case RootKind::local:
    if (path.id >= program_.functions[body].parameter_count || path.id >= call.args.size())
      return {};
    root = path_of(call.args[path.id]);
    break;
  case RootKind::self:
    root = self;
    break;
  case RootKind::global:
    return path;
  case RootKind::capture: {
    const Function &lambda = program_.functions[body];
    if (path.id >= lambda.captures.size() || lambda.enclosing != function_.entity)
      return {};
    root = path_of(lambda.captures[path.id].source);
    break;
  }
  case RootKind::result:
    if (path.id != none)
      return {RootKind::result, i, {}, false}; // a temporary of the callee: no name here
    root = home(i);
    break;
  default:
    return {};
  }
  if (!root.valid())
    return {};
  AccessPath prefix{path.root, path.id, {}, false};
  return rebase(path, prefix, root);
}

bool LockTransfer::releases_in_destructor(TypeId type) const {
  type = program_.strip_references(type);
  if (type == none || program_.types[type].destructor == none)
    return false;
  FunctionId body = program_.body_for(f_, program_.types[type].destructor);
  if (body == none)
    return true; // defined where nobody looks: that is what it is for
  const auto &exits = summaries_[body].exits;
  return std::any_of(exits.begin(), exits.end(), [](const ExitCase &e) { return !e.released.empty(); });
}

bool LockTransfer::call_summary(OpId i, FunctionId body, const AccessPath &self, LockState &state) {
  const LockSummary &summary = summaries_[body];
  if (summary.exits.empty())
    return false;
  const Operation &op = function_.ops[i];
  bool owns = op.kind == OpKind::construct && releases_in_destructor(op.type);
  std::vector<LockCase> cases;
  for (const LockCase &before : state.cases)
    for (const ExitCase &exit : summary.exits) {
      LockCase c = before;
      for (const AccessPath &lock : exit.released)
        release(c, substitute(lock, op, i, self, body));
      for (const GuardState &g : exit.guards) {
        GuardState made{g.guard.valid() ? substitute(g.guard, op, i, self, body) : AccessPath{}, {}, g.held, g.shared, g.assumed, i};
        for (const AccessPath &lock : g.locks) {
          AccessPath here = substitute(lock, op, i, self, body);
          // A guard that was handed over: what the caller knows of it goes with it.
          if (GuardState *given = here.valid() ? c.find(here) : nullptr; given && given->guard != made.guard) {
            made.held = given->held;
            made.since = given->since;
            made.assumed = given->assumed;
            made.locks.insert(made.locks.end(), given->locks.begin(), given->locks.end());
            AccessPath gone = given->guard;
            c.erase_if([&](const GuardState &x) { return x.guard == gone; });
          } else {
            made.locks.push_back(here.valid() ? here : AccessPath{RootKind::result, i, {}, false});
          }
        }
        if (GuardState *known = c.find(made.guard); known && g.assumed) { // a reference parameter: its state after the call
          known->held = known->held ? g.held : (g.held && !g.locks.empty() && g.since != none);
          continue;
        }
        if (!made.guard.valid() && g.guard.valid() && !made.held)
          continue;
        if (made.locks.empty() && made.held)
          continue;
        if (!made.guard.valid() && owns)
          made.guard = self; // a guard of the user's own: its destructor unlocks
        if (!made.guard.valid())
          for (const AccessPath &lock : made.locks)
            hold_by_hand(c, lock, made.shared, i);
        else
          c.insert(made);
      }
      if (exit.returns)
        c.known[{OperandKind::result, {}, i}] = *exit.returns;
      cases.push_back(std::move(c));
    }
  state.cases = std::move(cases);
  return true;
}

// Session{std::unique_lock{m}, …}: what initialises a field lives there.
void LockTransfer::aggregate(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  TypeId type = program_.strip_references(op.type);
  if (type == none)
    return;
  const std::vector<FieldInfo> &fields = program_.types[type].fields;
  for (std::size_t a = 0; a < op.args.size() && a < fields.size(); ++a) {
    AccessPath field = home(i);
    field.steps.push_back({StepKind::field, fields[a].entity});
    move_object(path_of(op.args[a]), field, state);
  }
}

void LockTransfer::destroy(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  AccessPath object = op.path.root == RootKind::result ? home(op.path.id) : op.path.without_derefs();
  if (!object.valid())
    return;
  for (LockCase &c : state.cases) {
    c.erase_if([&](const GuardState &g) { return has_prefix(g.guard, object); });
    // The lock itself is gone.
    c.erase_if([&](const GuardState &g) { return !g.guard.valid() && has_prefix(g.locks.front(), object); });
  }
  TypeId type = program_.strip_references(op.type);
  if (type != none && program_.types[type].destructor != none)
    if (FunctionId body = program_.body_for(f_, program_.types[type].destructor); body != none)
      call_summary(i, body, object, state);
}

// The object at `from`, with every guard inside it, becomes the object at `to`.
void LockTransfer::move_object(const AccessPath &from, const AccessPath &to, LockState &state) {
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

// std::move(guard) as an argument: whoever took it has the lock now.
void LockTransfer::consume_moved(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  for (const Operand &a : op.args)
    if (a.moved && a.kind == OperandKind::path)
      for (LockCase &c : state.cases)
        if (GuardState *g = c.find(path_of(a))) {
          g->held = false;
          g->locks.clear();
        }
  for (LockCase &c : state.cases)
    std::sort(c.guards.begin(), c.guards.end());
}

// A value that is stored is as true in its variable as where it came from; a constant is what it is.
void LockTransfer::remember(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  if (op.use.kind == UseKind::stored) {
    forget(op.use.target, state);
    for (LockCase &c : state.cases)
      if (auto it = c.known.find({OperandKind::result, {}, i}); it != c.known.end())
        c.known[{OperandKind::path, op.use.target, none}] = it->second;
  }
  if (op.kind == OpKind::access && (op.access & static_cast<unsigned>(AccessKind::write)) && !op.args.empty()) {
    const Operand &value = op.args[0];
    for (LockCase &c : state.cases) {
      if (value.kind == OperandKind::constant) {
        c.known[{OperandKind::path, op.path, none}] = value.value != 0;
      } else if (auto it = c.known.find({value.kind, value.path, value.op}); it != c.known.end()) {
        bool known = it->second;
        c.known[{OperandKind::path, op.path, none}] = known;
      }
    }
  }
  if ((op.kind == OpKind::call && !op.implicit) || op.kind == OpKind::await) // others may have changed what is shared
    for (LockCase &c : state.cases)
      std::erase_if(c.known, [](const auto &t) {
        const AccessPath &p = t.first.path;
        return t.first.kind == OperandKind::path && (p.root != RootKind::local || !p.steps.empty());
      });
}

void LockTransfer::forget(const AccessPath &written, LockState &state) {
  for (LockCase &c : state.cases)
    std::erase_if(c.known, [&](const auto &t) { return t.first.kind == OperandKind::path && has_prefix(t.first.path, written); });
}

} // namespace tenterhook::analysis
