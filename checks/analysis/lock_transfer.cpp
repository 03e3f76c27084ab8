// Lock transfer, first half: guards, locks by hand, branches. Calls and moves are in lock_calls.cpp.
#include "analysis/lock_transfer.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

// `explicit Guard(std::mutex &m) : m_(m) { m_.lock(); }` locks what the caller calls `m`.
void LockTransfer::collect_aliases() {
  if (!function_.constructor)
    return;
  for (const Operation &op : function_.ops) {
    if (op.kind != OpKind::access || op.path.root != RootKind::self || op.path.steps.size() != 1 || op.args.empty())
      continue;
    const Operand &from = op.args[0];
    EntityId field = op.path.steps[0].field;
    TypeId type = field == none ? none : program_.entities[field].type;
    bool refers = type != none && (program_.types[type].pointee != none);
    if (refers && from.kind == OperandKind::path && from.path.root == RootKind::local && from.path.id < function_.parameter_count)
      aliases_.push_back({op.path.without_derefs(), from.path.without_derefs()});
  }
}

AccessPath LockTransfer::path_of(const Operand &operand) const {
  if (operand.kind == OperandKind::path) {
    AccessPath path = operand.path.without_derefs();
    for (const auto &[field, parameter] : aliases_)
      if (has_prefix(path, field))
        return rebase(path, field, parameter);
    return path;
  }
  if (operand.kind == OperandKind::result)
    return home(operand.op);
  return {};
}

AccessPath LockTransfer::home(OpId i) const {
  const Operation &op = function_.ops[i];
  if (op.kind == OpKind::construct && op.path.valid() && op.path.root != RootKind::result)
    return op.path.without_derefs();
  if (op.use.kind == UseKind::stored && op.use.target.valid())
    return op.use.target.without_derefs();
  return {RootKind::result, i, {}, false};
}

LockState LockTransfer::entry() const {
  LockState state;
  LockCase start;
  auto assume = [&](RootKind root, std::uint32_t id, TypeId type) {
    TypeId t = program_.strip_references(type);
    if (const GuardType *g = t == none ? nullptr : library_.guard(t)) {
      AccessPath self{root, id, {}, false};
      start.insert({self, {self}, true, g->shared, true, none});
    }
  };
  for (LocalId l = 0; l < function_.parameter_count; ++l)
    assume(RootKind::local, l, function_.locals[l].type);
  for (std::uint32_t c = 0; c < function_.captures.size(); ++c)
    if (function_.captures[c].kind == CaptureKind::by_copy)
      assume(RootKind::capture, c, function_.captures[c].type);
  state.cases.push_back(std::move(start));
  return state;
}

void LockTransfer::hold_by_hand(LockCase &c, const AccessPath &lock, bool shared, OpId op) const {
  if (!lock.valid())
    return;
  for (GuardState &g : c.guards) {
    if (!g.guard.valid() && g.locks.front() == lock) // a recursive lock: once is enough
      return;
    if (g.guard.valid() && !g.locks.empty() && has_prefix(lock, g.guard)) { // a guard's own lock(), through its field
      g.held = true;
      g.since = op;
      return;
    }
  }
  c.insert({{}, {lock}, true, shared, false, op});
}

void LockTransfer::release(LockCase &c, const AccessPath &lock) const {
  if (!lock.valid())
    return;
  bool found = false;
  for (GuardState &g : c.guards)
    if (g.held && (has_prefix(lock, g.guard) || std::find(g.locks.begin(), g.locks.end(), lock) != g.locks.end())) {
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

// Both outcomes of an attempt, each remembering the operation's value.
void LockTransfer::fork(OpId i, LockState &state, const std::function<void(LockCase &, bool)> &apply, bool success_is_zero) const {
  std::vector<LockCase> cases;
  for (const LockCase &c : state.cases)
    for (bool success : {true, false}) {
      LockCase copy = c;
      apply(copy, success);
      copy.known[{OperandKind::result, {}, i}] = success != success_is_zero;
      cases.push_back(std::move(copy));
    }
  state.cases = std::move(cases);
}

void LockTransfer::transfer(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  switch (op.kind) {
  case OpKind::construct:
    if (const GuardType *guard = library_.guard(op.type))
      construct_guard(i, *guard, home(i), state);
    else if (op.args.size() == 1 && op.args[0].moved)
      move_object(path_of(op.args[0]), home(i), state);
    else if (FunctionId body = op.callee == none ? none : program_.body_for(f_, op.callee); body != none)
      call_summary(i, body, home(i), state);
    else if (op.callee == none)
      aggregate(i, state);
    else
      wrapped_guard(i, state);
    break;
  case OpKind::call: {
    FunctionId body = op.callee == none || op.virtual_call ? none : program_.body_for(f_, op.callee);
    if (!guard_method(i, state) && !wrapped_guard(i, state) && !lock_clauses(i, state) &&
        !(body != none && !program_.functions[body].coroutine && call_summary(i, body, path_of(op.receiver), state)) &&
        !lockable_method(i, state))
      result_guard(i, state);
    consume_moved(i, state);
    break;
  }
  case OpKind::await:
    result_guard(i, state);
    break;
  case OpKind::closure:
    for (FunctionId body = program_.body_for(f_, op.callee); body != none; body = none)
      for (const Capture &capture : program_.functions[body].captures)
        if (capture.source.moved)
          move_object(path_of(capture.source), {RootKind::result, i, {}, false}, state);
    break;
  case OpKind::destroy:
    destroy(i, state);
    break;
  case OpKind::ret:
    if (!op.args.empty())
      move_object(path_of(op.args[0]), returned_object(), state);
    for (LockCase &c : state.cases) // the value decides which exit case a caller sees
      if (!op.args.empty()) {
        std::erase_if(c.known, [](const auto &t) { return t.first.kind == OperandKind::null; });
        std::optional<bool> value;
        if (op.args[0].kind == OperandKind::constant)
          value = op.args[0].value != 0;
        else if (auto it = c.known.find({op.args[0].kind, op.args[0].path, op.args[0].op}); it != c.known.end())
          value = it->second;
        if (value)
          c.known[{OperandKind::null, {}, none}] = *value;
      }
    break;
  case OpKind::access:
    if (op.access & (static_cast<unsigned>(AccessKind::write) | static_cast<unsigned>(AccessKind::address)))
      forget(op.path, state);
    break;
  default:
    break;
  }
  remember(i, state);
  state.normalise();
}

void LockTransfer::construct_guard(OpId i, const GuardType &guard, const AccessPath &object, LockState &state) {
  const Operation &op = function_.ops[i];
  GuardTag tag = GuardTag::none;
  std::vector<AccessPath> locks;
  bool timed = false;
  for (const Operand &a : op.args) {
    if (GuardTag t = library_.tag(a.type); t != GuardTag::none) {
      tag = t;
    } else if (library_.guard(a.type)) { // moved from another guard
      return move_object(path_of(a), object, state);
    } else if (library_.is_thread_lock(a.type) || (&a == &op.args.front() && a.kind != OperandKind::constant)) {
      if (AccessPath p = path_of(a); p.valid())
        locks.push_back(p);
      else
        locks.push_back({RootKind::result, i, {}, false}); // some lock without a name
    } else {
      timed = true; // unique_lock(m, deadline): an attempt
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
  for (LockCase &c : state.cases)
    c.insert(made);
}

// lock(), unlock(), release(), try_lock…() and owns_lock() of a guard.
bool LockTransfer::guard_method(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  const GuardType *guard = op.receiver.kind == OperandKind::unknown || op.callee == none ? nullptr : library_.guard(op.receiver.type);
  if (!guard)
    return false;
  llvm::StringRef method = Library::last_name(program_.qualified(op.callee));
  auto among = [&](const std::vector<std::string> &names) { return std::find(names.begin(), names.end(), method) != names.end(); };
  AccessPath object = path_of(op.receiver);
  auto state_of = [&](LockCase &c) -> GuardState & {
    if (!c.find(object))
      c.insert({object, {object}, false, guard->shared, true, i});
    return *c.find(object);
  };
  if (among(guard->lock) || among(guard->unlock)) {
    bool hold = among(guard->lock);
    for (LockCase &c : state.cases) {
      if (!hold && !c.find(object))
        release(c, object); // a guard that the caller knows
      GuardState &g = state_of(c);
      g.held = hold;
      if (hold)
        g.since = i;
    }
  } else if (among(guard->release)) { // gives the lock up without unlocking it: held by hand from here on
    for (LockCase &c : state.cases) {
      GuardState g = state_of(c);
      c.insert({object, {}, false, guard->shared, false, i});
      for (const AccessPath &lock : g.locks)
        if (g.held)
          hold_by_hand(c, lock, g.shared, g.since);
    }
  } else if (among(guard->try_lock)) {
    fork(i, state, [&](LockCase &c, bool success) {
      GuardState &g = state_of(c);
      g.held = success;
      g.since = i;
    });
  } else if (among(guard->owns)) {
    for (LockCase &c : state.cases)
      if (GuardState *g = c.find(object); g && !g->assumed)
        c.known[{OperandKind::result, {}, i}] = g->held;
  } else if (method == "operator=" && op.args.size() == 1) {
    AccessPath from = path_of(op.args[0]);
    for (LockCase &c : state.cases)
      c.insert({object, {}, false, guard->shared, false, i});
    move_object(from, object, state);
  } else {
    return false;
  }
  return true;
}

bool LockTransfer::edge(const Block &block, unsigned succ, LockState &state) const {
  const Branch &b = block.branch;
  if (!b.present || block.succs.size() != 2)
    return true;
  bool holds = (succ == 0) != b.negated; // of the operand itself
  Truth key{b.condition.kind, b.condition.path, b.condition.op, 0};
  if (b.compares) {
    if (b.value == 0)
      holds = !holds;
    else
      key.equals = b.value;
  }
  if (key.kind != OperandKind::path && key.kind != OperandKind::result)
    return true;
  std::vector<LockCase> feasible;
  for (LockCase &c : state.cases) {
    auto it = c.known.find(key);
    if (it != c.known.end() && it->second != holds)
      continue;
    c.known[key] = holds;
    feasible.push_back(std::move(c));
  }
  state.cases = std::move(feasible);
  state.normalise();
  return !state.cases.empty();
}

} // namespace tenterhook::analysis
