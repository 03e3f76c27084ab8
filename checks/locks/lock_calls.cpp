// Lock transfer, third part: locks by hand, calls with summaries, destruction, and what branches may remember.
#include "locks/lock_transfer.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

void LockTransfer::hold_by_hand(LockCase &c, const AccessPath &lock, bool shared, OpId op, bool recursive,
                                bool assumed) const {
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
  }
  c.insert({{}, {lock}, true, shared, assumed, op});
}

void LockTransfer::release(LockCase &c, const AccessPath &lock) const {
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
void LockTransfer::fork(OpId i, LockState &state, const std::function<void(LockCase &, bool)> &apply,
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

void LockTransfer::call(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  FunctionId body = op.callee == none || op.virtual_call ? none : program_.body_for(f_, op.callee);
  if (swap(i, state) || guard_method(i, state) || wrapped_guard(i, state) || owner_method(i, state) ||
      (body == none && unseen_method(i, state)))
    return;
  bool known = lock_clauses(i, state) || run_bodies(i, state) || lockable_method(i, state);
  if (!known && body == none && assignment(i, state))
    return;
  if (!known)
    result_guard(i, state);
  consume_moved(i, state);
}

// The value decides which exit case a caller sees.
void LockTransfer::returns(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  if (op.args.empty())
    return;
  if (function_.return_type == none || program_.types[function_.return_type].pointee == none)
    move_object(path_of(op.args[0]), returned_object(), state);
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
      }, clause.success_is);
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

bool LockTransfer::releases_in_destructor(TypeId type) const {
  type = program_.strip_references(type);
  if (type == none || program_.types[type].destructor == none)
    return false;
  FunctionId body = program_.body_for(f_, program_.types[type].destructor);
  if (body == none)
    return true; // defined where nobody looks: that is what it is for
  const auto &exits = world_.summaries[body].exits;
  return std::any_of(exits.begin(), exits.end(), [](const ExitCase &e) { return !e.released.empty(); });
}

// `if (locked_) mutex_.unlock();`: where the object's own state decides, and the lock is held, it does; and the same
// for `if (!locked_) mutex_.lock();` of a guard that holds nothing.
bool LockTransfer::keeps_out(const LockCase &c, const LockSummary &summary, const ExitCase &exit, const Site &site,
                             FunctionId body) const {
  if (exit.returns || !exit.released.empty() || !exit.guards.empty())
    return false;
  auto here = [&](const AccessPath &path) { return paths_.substitute(path, site, body); };
  bool guard = c.find(site.self) != nullptr;
  for (const ExitCase &other : summary.exits) {
    if (other.returns)
      continue;
    for (const AccessPath &lock : other.released)
      if (lock.root == RootKind::self && c.holds(here(lock)))
        return true;
    for (const GuardState &g : other.guards)
      if (guard && !g.guard.valid() && g.locks.front().root == RootKind::self && !c.holds(here(g.locks.front())))
        return true;
  }
  return false;
}

// Whether the callables and objects that the callee was given are such that it takes this exit.
bool LockTransfer::chosen(const LockCase &c, const ExitCase &exit, FunctionId body, const Site &site) const {
  return std::all_of(exit.choices.begin(), exit.choices.end(), [&](const auto &choice) {
    const auto &[truth, holds] = choice;
    AccessPath object = paths_.substitute(truth.of.path, site, body);
    if (!object.valid())
      return true;
    if (FunctionId closure = paths_.closure_at(object); closure != none && truth.of.op == none && truth.value >= 0)
      return (closure == static_cast<FunctionId>(truth.value)) == holds;
    Truth mine = truth;
    mine.of.path = object;
    auto known = look_up(c.known, mine);
    return known ? *known == holds : !holds || may_run(c.known, object, truth.of.op, truth.value);
  });
}

// `unsure`: nobody can tell that this body runs.
bool LockTransfer::apply_summary(const LockSummary &summary, FunctionId body, const Site &site, LockState &state,
                                 bool unsure) {
  if (world_.unknown[body]) {
    state.cases.clear();
    return true;
  }
  if (summary.exits.empty())
    return false;
  state.capped |= summary.capped;
  std::vector<LockCase> cases;
  for (const LockCase &before : state.cases)
    for (const ExitCase &exit : summary.exits) {
      if (keeps_out(before, summary, exit, site, body) || !chosen(before, exit, body, site))
        continue;
      LockCase c = before;
      apply_exit(exit, body, site, c, unsure);
      for (const auto &[choice, holds] : exit.choices) {
        Truth mine = choice;
        mine.of.path = paths_.substitute(choice.of.path, site, body);
        if (mine.of.path.valid())
          c.known[mine] = holds;
      }
      cases.push_back(std::move(c));
    }
  if (!cases.empty()) // else: what was chosen tells of a body that this one does not know
    state.cases = std::move(cases);
  return true;
}

void LockTransfer::apply_exit(const ExitCase &exit, FunctionId body, const Site &site, LockCase &c, bool unsure) const {
  auto here = [&](const AccessPath &path) { return paths_.substitute(path, site, body); };
  const Operation &op = function_.ops[site.op];
  const OpId since = site.op;
  bool owns = program_.functions[body].constructor && releases_in_destructor(program_.entity_of(body).record);
  bool ends = op.kind == OpKind::destroy; // a guard, known here: that it is gone says all
  bool was_guard = ends && std::erase_if(c.guards, [&](const GuardState &g) { return has_prefix(g.guard, site.self); });
  for (const AccessPath &lock : exit.released)
    if (!was_guard)
      release(c, here(lock));
  for (const GuardState &g : exit.guards) {
    GuardState made{g.guard.valid() ? here(g.guard) : AccessPath{}, {}, g.held, g.shared, g.assumed, since};
    bool unseen = false; // of an object that nobody sees here
    for (const AccessPath &lock : g.locks) {
      AccessPath mine = here(lock);
      unseen |= !mine.valid() && lock.root == RootKind::self && !site.self.valid();
      // A guard that was handed over: what the caller knows of it goes with it.
      if (GuardState *given = c.find(mine); given && given->guard != made.guard) {
        made.held = given->held;
        made.since = given->since;
        made.assumed = given->assumed;
        made.locks.insert(made.locks.end(), given->locks.begin(), given->locks.end());
        AccessPath gone = given->guard;
        c.erase_if([&](const GuardState &x) { return x.guard == gone; });
      } else {
        made.locks.push_back(mine.valid() ? mine : AccessPath{RootKind::result, site.op, {}, false});
      }
    }
    if (GuardState *known = c.find(made.guard); known && g.assumed) { // a reference parameter: its state after the call
      bool own = made.locks.empty() || made.locks.front() == made.guard; // its own lock, locked or unlocked again
      known->held = known->held ? g.held : (g.held && !g.locks.empty() && g.since != none);
      if (!own)
        known->locks = made.locks;
      if (g.since != none)
        known->since = since;
      continue;
    }
    if (unseen || (!made.guard.valid() && g.guard.valid() && !made.held))
      continue;
    if (made.locks.empty() && made.held)
      continue;
    made.assumed |= unsure && made.held;
    if (!made.guard.valid() && owns)
      made.guard = site.self; // a guard of the user's own: its destructor unlocks
    if (GuardState *own = made.guard.valid() ? nullptr : c.find(site.self); own && own->locks == made.locks) {
      own->held = true; // its lock(): locked again
      own->since = since;
      continue;
    }
    if (!made.guard.valid())
      for (const AccessPath &lock : made.locks)
        hold_by_hand(c, lock, made.shared, since, false, made.assumed);
    else
      c.insert(made);
  }
  const Truth answer = is_true(result_term(site.op));
  if (exit.returns && site.answers)
    c.known[answer] = *exit.returns;
  else if (exit.returns)
    know(c, answer, *exit.returns);
}

void LockTransfer::destroy(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  AccessPath object = op.path.root == RootKind::result ? home(op.path.id) : paths_.resolve(plain(op.path));
  if (!object.valid())
    return;
  if (op.path.root == RootKind::result && op.path.steps.empty() &&
      function_.ops[op.path.id].use.kind == UseKind::returned)
    move_object(object, returned_object(), state); // co_return: the value has been taken
  for (LockCase &c : state.cases) // the lock itself is gone
    c.erase_if([&](const GuardState &g) { return !g.guard.valid() && has_prefix(g.locks.front(), object); });
  destroy_parts(i, object, op.type, state, 0);
  for (LockCase &c : state.cases)
    c.erase_if([&](const GuardState &g) { return has_prefix(g.guard, object); });
}

// A value that is stored is as true in its variable as where it came from; a constant is what it is.
void LockTransfer::remember(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
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
  bool locks =
      op.kind == OpKind::call && (library_.guard(op.receiver.type) || library_.is_thread_lock(op.receiver.type));
  if (const FunctionModel *m = op.kind == OpKind::call && !locks ? library_.function(op) : nullptr)
    locks = !m->locks.empty();
  if ((op.kind == OpKind::call && !op.implicit && !locks) ||
      op.kind == OpKind::await) { // others may change what is shared
    auto shared = [&](const Term &t) {
      return t.kind == OperandKind::path && (t.path.root != RootKind::local || !t.path.steps.empty()) &&
             !world_.names.stable(t.path);
    };
    for (LockCase &c : state.cases)
      std::erase_if(c.known, [&](const auto &t) {
        return t.first.test != Test::runs && (shared(t.first.of) || shared(t.first.than));
      });
  }
}

} // namespace tenterhook::analysis
