// Lock transfer, second part: locks by hand, calls with summaries, destruction, and what branches may remember.
#include "locks/lock_transfer.h"
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
      fork(i, state, [&](LockCase &c, bool success) {
        for (const AccessPath &lock : locks)
          if (success)
            hold_by_hand(c, lock, clause.shared, i, recursive);
      }, clause.success_is_zero);
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
bool LockTransfer::lockable_method(OpId i, LockState &state) {
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
  return apply_summary(i, i, summaries_[body], body, self, state);
}

// A coroutine's body runs when it is awaited.
bool LockTransfer::awaited_call(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  if (op.args.empty() || op.args[0].kind != OperandKind::result)
    return false;
  const Operation &call = function_.ops[op.args[0].op];
  FunctionId body =
      call.kind != OpKind::call || call.callee == none || call.virtual_call ? none : program_.body_for(f_, call.callee);
  return body != none && program_.functions[body].coroutine &&
         apply_summary(op.args[0].op, i, awaited_[body], body, path_of(call.receiver), state);
}

// `if (locked_) mutex_.unlock();`: where the object's own state decides, and the lock is held, it does; and the same
// for `if (!locked_) mutex_.lock();` of a guard that holds nothing.
static bool keeps_out(const LockCase &c, const LockSummary &summary, const ExitCase &exit, const AccessPath &self,
                      const std::function<AccessPath(const AccessPath &)> &here) {
  if (exit.returns || !exit.released.empty() || !exit.guards.empty())
    return false;
  auto holds = [&](const AccessPath &lock) {
    return std::any_of(c.guards.begin(), c.guards.end(), [&](const GuardState &g) {
      return g.held && std::find(g.locks.begin(), g.locks.end(), lock) != g.locks.end();
    });
  };
  bool guard = std::any_of(c.guards.begin(), c.guards.end(),
                           [&](const GuardState &g) { return g.guard.valid() && g.guard == self; });
  for (const ExitCase &other : summary.exits) {
    if (other.returns)
      continue;
    for (const AccessPath &lock : other.released)
      if (lock.root == RootKind::self && holds(here(lock)))
        return true;
    for (const GuardState &g : other.guards)
      if (guard && !g.guard.valid() && g.locks.front().root == RootKind::self && !holds(here(g.locks.front())))
        return true;
  }
  return false;
}

// `i` has the arguments; the result is the value of operation `value`, which also is where locks are taken.
bool LockTransfer::apply_summary(OpId i, OpId value, const LockSummary &summary, FunctionId body,
                                 const AccessPath &self, LockState &state) {
  if (summary.exits.empty())
    return false;
  auto here = [&](const AccessPath &path) {
    return path.root == RootKind::result && path.id == none ? rebase(path, returned_object(), home(value))
                                                            : paths_.substitute(path, i, self, body);
  };
  const Operation &op = function_.ops[i];
  bool owns = op.kind == OpKind::construct && releases_in_destructor(op.type);
  std::vector<LockCase> cases;
  for (const LockCase &before : state.cases)
    for (const ExitCase &exit : summary.exits) {
      LockCase c = before;
      if (keeps_out(before, summary, exit, self, here))
        continue;
      bool ends = op.kind == OpKind::destroy; // a guard, known here: that it is gone says all
      bool was_guard = ends && std::erase_if(c.guards, [&](const GuardState &g) { return has_prefix(g.guard, self); });
      for (const AccessPath &lock : exit.released)
        if (!was_guard)
          release(c, here(lock));
      for (const GuardState &g : exit.guards) {
        GuardState made{g.guard.valid() ? here(g.guard) : AccessPath{}, {}, g.held, g.shared, g.assumed, value};
        for (const AccessPath &lock : g.locks) {
          AccessPath mine = here(lock);
          // A guard that was handed over: what the caller knows of it goes with it.
          if (GuardState *given = mine.valid() ? c.find(mine) : nullptr; given && given->guard != made.guard) {
            made.held = given->held;
            made.since = given->since;
            made.assumed = given->assumed;
            made.locks.insert(made.locks.end(), given->locks.begin(), given->locks.end());
            AccessPath gone = given->guard;
            c.erase_if([&](const GuardState &x) { return x.guard == gone; });
          } else {
            made.locks.push_back(mine.valid() ? mine : AccessPath{RootKind::result, value, {}, false});
          }
        }
        if (GuardState *known = c.find(made.guard);
            known && g.assumed) { // a reference parameter: its state after the call
          bool own = made.locks.empty() || made.locks.front() == made.guard; // its own lock, locked or unlocked again
          known->held = known->held ? g.held : (g.held && !g.locks.empty() && g.since != none);
          if (!own)
            known->locks = made.locks;
          if (g.since != none)
            known->since = value;
          continue;
        }
        if (!made.guard.valid() && g.guard.valid() && !made.held)
          continue;
        if (made.locks.empty() && made.held)
          continue;
        if (!made.guard.valid() && owns)
          made.guard = self; // a guard of the user's own: its destructor unlocks
        if (GuardState *own = made.guard.valid() || !self.valid() ? nullptr : c.find(self);
            own && own->locks == made.locks) {
          own->held = true; // its lock(): locked again
          own->since = value;
          continue;
        }
        if (!made.guard.valid())
          for (const AccessPath &lock : made.locks)
            hold_by_hand(c, lock, made.shared, value);
        else
          c.insert(made);
      }
      if (exit.returns)
        c.known[{OperandKind::result, {}, value}] = *exit.returns;
      cases.push_back(std::move(c));
    }
  state.cases = std::move(cases);
  return true;
}

void LockTransfer::destroy(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  AccessPath object = op.path.root == RootKind::result ? home(op.path.id) : paths_.resolve(op.path.without_derefs());
  if (!object.valid())
    return;
  if (op.path.root == RootKind::result && op.path.steps.empty() &&
      function_.ops[op.path.id].use.kind == UseKind::returned)
    move_object(object, returned_object(), state); // co_return: the value has been taken
  for (LockCase &c : state.cases) // the lock itself is gone
    c.erase_if([&](const GuardState &g) { return !g.guard.valid() && has_prefix(g.locks.front(), object); });
  TypeId type = program_.strip_references(op.type);
  if (type != none && program_.types[type].destructor != none)
    if (FunctionId body = program_.body_for(f_, program_.types[type].destructor); body != none)
      call_summary(i, body, object, state);
  for (LockCase &c : state.cases)
    c.erase_if([&](const GuardState &g) { return has_prefix(g.guard, object); });
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
  bool locks =
      op.kind == OpKind::call && (library_.guard(op.receiver.type) || library_.is_thread_lock(op.receiver.type));
  if (const FunctionModel *m = op.kind == OpKind::call && !locks ? library_.function(op) : nullptr)
    locks = !m->locks.empty();
  if ((op.kind == OpKind::call && !op.implicit && !locks) ||
      op.kind == OpKind::await) // others may change what is shared
    for (LockCase &c : state.cases)
      std::erase_if(c.known, [&](const auto &t) {
        const AccessPath &p = t.first.path;
        return t.first.kind == OperandKind::path && (p.root != RootKind::local || !p.steps.empty()) &&
               !facts_.stable(p);
      });
}

void LockTransfer::forget(const AccessPath &written, LockState &state) {
  for (LockCase &c : state.cases)
    std::erase_if(
        c.known, [&](const auto &t) { return t.first.kind == OperandKind::path && has_prefix(t.first.path, written); });
}

} // namespace tenterhook::analysis
