// Lock transfer, first part: guards, branches, handlers. Calls are in lock_calls.cpp, moves in lock_objects.cpp.
#include "locks/lock_transfer.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

LockTransfer::LockTransfer(const Program &program, const Library &library, const PathFacts &facts,
                           const std::vector<LockSummary> &summaries, const std::vector<LockSummary> &awaited,
                           FunctionId f)
    : program_(program), library_(library), facts_(facts), summaries_(summaries), awaited_(awaited), f_(f),
      function_(program.functions[f]), paths_(program, library, facts, f) {
  collect_handlers();
}

// What was made inside a try block is gone in its handlers.
void LockTransfer::collect_handlers() {
  for (BlockId b = 0; b < function_.blocks.size(); ++b)
    for (BlockId next : function_.blocks[b].succs)
      if (next != none && function_.blocks[next].handler) // in reverse post order, the way in comes first
        try_.try_emplace(next, function_.blocks[b].first + function_.blocks[b].count);
  if (try_.empty())
    return;
  declared_.resize(function_.locals.size(), none);
  for (OpId i = static_cast<OpId>(function_.ops.size()); i-- > 0;) {
    const Operation &op = function_.ops[i];
    if (op.kind == OpKind::construct && op.path.root == RootKind::local)
      declared_[op.path.id] = i;
    if (op.use.kind == UseKind::stored && op.use.target.root == RootKind::local)
      declared_[op.use.target.id] = i;
  }
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

void LockTransfer::hold_by_hand(LockCase &c, const AccessPath &lock, bool shared, OpId op, bool recursive) const {
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
  c.insert({{}, {lock}, true, shared, false, op});
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

// Both outcomes of an attempt, each remembering the operation's value.
void LockTransfer::fork(OpId i, LockState &state, const std::function<void(LockCase &, bool)> &apply,
                        bool success_is_zero) const {
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
  for (LockCase &c : state.cases) // in a loop: the value of the last round is gone
    std::erase_if(c.known, [&](const auto &t) { return t.first.kind == OperandKind::result && t.first.op == i; });
  switch (op.kind) {
  case OpKind::construct:
    construct(i, state);
    break;
  case OpKind::call:
    call(i, state);
    break;
  case OpKind::await:
    if (!awaited_call(i, state))
      result_guard(i, state);
    break;
  case OpKind::closure:
    for (FunctionId body = program_.body_for(f_, op.callee); body != none; body = none)
      for (const Capture &capture : program_.functions[body].captures)
        if (moves(capture.source))
          move_object(path_of(capture.source), home(i), state);
    break;
  case OpKind::destroy:
    destroy(i, state);
    break;
  case OpKind::ret:
    returns(i, state);
    break;
  case OpKind::access:
    if (op.access & (static_cast<unsigned>(AccessKind::write) | static_cast<unsigned>(AccessKind::address)))
      forget(op.path, state);
    if (op.access & static_cast<unsigned>(AccessKind::write) && !op.args.empty() &&
        op.args[0].kind == OperandKind::result)
      if (const Operation &made = function_.ops[op.args[0].op]; made.kind == OpKind::construct)
        move_object(home(op.args[0].op), paths_.resolve(op.path.without_derefs()), state); // p = new Guard(m)
    break;
  default:
    break;
  }
  remember(i, state);
  loop_over(i, state);
  state.normalise();
}

void LockTransfer::construct(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  AccessPath object = home(i);
  if (const GuardType *guard = library_.guard(op.type))
    return construct_guard(i, *guard, object, state);
  TypeId type = program_.strip_references(op.type);
  if (op.args.size() == 1 && moves(op.args[0]) && program_.strip_references(op.args[0].type) == type)
    return move_object(path_of(op.args[0]), object, state);
  if (FunctionId body = op.callee == none ? none : program_.body_for(f_, op.callee); body != none) {
    call_summary(i, body, object, state);
    return consume_moved(i, state);
  }
  if (op.callee == none)
    return aggregate(i, state);
  if (!wrapped_guard(i, state) && !unseen_guard(i, object, state))
    contain(i, object, state);
}

// A guard by all its signs, whose code nobody sees: called lock or guard, made of a lock, and with a destructor.
bool LockTransfer::unseen_guard(OpId i, const AccessPath &object, LockState &state) {
  const Operation &op = function_.ops[i];
  TypeId type = program_.strip_references(op.type);
  if (type == none || op.args.empty() || !program_.types[type].nontrivial_destructor ||
      !library_.is_thread_lock(op.args[0].type) || library_.type(type) ||
      program_.strip_references(op.args[0].type) == type)
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

void LockTransfer::call(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  FunctionId body = op.callee == none || op.virtual_call ? none : program_.body_for(f_, op.callee);
  if (swap(i, state) || guard_method(i, state) || wrapped_guard(i, state) || (body == none && unseen_method(i, state)))
    return;
  bool known =
      lock_clauses(i, state) ||
      (body != none && !program_.functions[body].coroutine && call_summary(i, body, path_of(op.receiver), state)) ||
      lockable_method(i, state);
  if (!known && body == none && assignment(i, state))
    return;
  if (!known)
    result_guard(i, state);
  consume_moved(i, state);
}

bool LockTransfer::unseen_method(OpId i, LockState &state) {
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

// The value decides which exit case a caller sees.
void LockTransfer::returns(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  if (op.args.empty())
    return;
  if (function_.return_type == none || program_.types[function_.return_type].pointee == none)
    move_object(path_of(op.args[0]), returned_object(), state);
  for (LockCase &c : state.cases) {
    std::erase_if(c.known, [](const auto &t) { return t.first.kind == OperandKind::null; });
    std::optional<bool> value;
    if (op.args[0].kind == OperandKind::constant)
      value = op.args[0].value != 0;
    else if (auto it = c.known.find({op.args[0].kind, op.args[0].path, op.args[0].op}); it != c.known.end())
      value = it->second;
    if (value)
      c.known[{OperandKind::null, {}, none}] = *value;
  }
}

void LockTransfer::construct_guard(OpId i, const GuardType &guard, const AccessPath &object, LockState &state,
                                   bool locks_only) {
  const Operation &op = function_.ops[i];
  GuardTag tag = GuardTag::none;
  std::vector<AccessPath> locks;
  bool timed = false;
  for (const Operand &a : op.args) {
    if (GuardTag t = library_.tag(a.type); t != GuardTag::none) {
      tag = t;
    } else if (library_.guard(a.type)) { // moved from another guard
      return move_object(path_of(a), object, state);
    } else if (library_.is_null_lock(a.type)) {
      continue;
    } else if (library_.is_thread_lock(a.type) ||
               (&a == &op.args.front() && a.kind != OperandKind::constant && !locks_only)) {
      if (AccessPath p = path_of(a); p.valid())
        locks.push_back(p);
      else
        locks.push_back({RootKind::result, i, {}, false}); // some lock without a name
    } else if (!locks_only || &a != &op.args.front()) {    // not std::in_place
      timed = true; // unique_lock(m, deadline): an attempt
    }
  }
  std::sort(locks.begin(), locks.end());
  bool none_given = locks.empty() && guard.mutexes.kind != Subject::receiver;
  GuardState made{object,       locks, !none_given && guard.on_construction && tag != GuardTag::deferred,
                  guard.shared, false, i};
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
  bool element = op.use.kind == UseKind::stored && op.use.target.is_local(op.use.target.id) &&
                 program_.types[function_.locals[op.use.target.id].type].kind == TypeKind::array;
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

// lock(), unlock(), release(), try_lock…() and owns_lock() of a guard.
bool LockTransfer::guard_method(OpId i, LockState &state) {
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
        without.known[{OperandKind::result, {}, i}] = false;
        cases.push_back(std::move(without));
      }
      if (g)
        c.known[{OperandKind::result, {}, i}] = g->held;
      cases.push_back(std::move(c));
    }
    state.cases = std::move(cases);
  } else if (method == "operator=" && op.args.size() == 1) {
    for (LockCase &c : state.cases)
      c.insert({object, {}, false, guard->shared, false, i});
    move_object(path_of(op.args[0]), object, state);
  } else {
    return false;
  }
  return true;
}

bool LockTransfer::edge(const Block &block, unsigned succ, LockState &state) const {
  if (block.count && function_.ops[block.first + block.count - 1].kind == OpKind::throw_ && block.succs[succ] == 1)
    return false; // nobody returns this way
  if (auto handler = try_.find(block.succs[succ]); handler != try_.end())
    for (LockCase &c : state.cases)
      c.erase_if([&](const GuardState &g) {
        bool temporary = g.guard.root == RootKind::result && g.guard.id != none && g.guard.id >= handler->second;
        bool local = g.guard.root == RootKind::local && g.guard.id >= function_.parameter_count &&
                     declared_[g.guard.id] != none && declared_[g.guard.id] >= handler->second;
        return temporary || local;
      });
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
    if ((it != c.known.end() && it->second != holds) ||
        (key.kind == OperandKind::result && passes_by(c, key.op, holds)))
      continue;
    c.known[key] = holds;
    feasible.push_back(std::move(c));
  }
  state.cases = std::move(feasible);
  state.normalise();
  return !state.cases.empty();
}

} // namespace tenterhook::analysis
