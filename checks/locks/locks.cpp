// Locks: summaries bottom-up, then the locks held at each suspension.
#include "locks/locks.h"
#include "program/dataflow.h"
#include "locks/lock_transfer.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

Locks::Locks(const Program &program, const Library &library, const CallGraph &calls)
    : program_(program), library_(library), paths_(program) {
  summaries_.resize(program.functions.size());
  awaited_.resize(program.functions.size());
  for (const std::vector<FunctionId> &component : calls.components()) {
    // A summary inside a cycle starts as "no effect"; a second round sees what the first found.
    unsigned rounds = component.size() > 1 ? 2 : 1;
    for (unsigned round = 0; round < rounds; ++round)
      for (FunctionId f : component)
        if (relevant(f))
          analyse(f, false);
  }
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    if (program.functions[f].coroutine && relevant(f))
      analyse(f, true);
}

// Whether any operation can touch a lock: most functions need no dataflow at all.
bool Locks::relevant(FunctionId f) const {
  const Function &function = program_.functions[f];
  for (LocalId l = 0; l < function.parameter_count; ++l)
    if (library_.guard(function.locals[l].type))
      return true;
  for (const Capture &c : function.captures)
    if (c.kind == CaptureKind::by_copy && library_.guard(c.type))
      return true;
  return std::any_of(function.ops.begin(), function.ops.end(), [&](const Operation &op) {
    if (op.kind == OpKind::construct || op.kind == OpKind::call || op.kind == OpKind::await) {
      if (op.type != none && (library_.guard(op.type) || library_.wrapped_guard(op.type)))
        return true;
      if (op.kind == OpKind::construct && !op.args.empty() && library_.is_thread_lock(op.args[0].type))
        return true;
      if (op.kind == OpKind::call && op.receiver.kind != OperandKind::unknown &&
          (library_.guard(op.receiver.type) || library_.is_thread_lock(op.receiver.type)))
        return true;
      const FunctionModel *m = library_.function(op);
      if (m && (!m->locks.empty() || m->returns_guard))
        return true;
      if (op.callee != none && op.kind != OpKind::await)
        if (FunctionId body = program_.body_for(f, op.callee);
            body != none && !(summaries_[body].exits.empty() && awaited_[body].exits.empty()))
          return true;
    }
    if (op.kind == OpKind::destroy) {
      TypeId t = program_.strip_references(op.type);
      if (t != none && program_.types[t].destructor != none)
        if (FunctionId body = program_.body_for(f, program_.types[t].destructor); body != none)
          return !summaries_[body].exits.empty();
    }
    return false;
  });
}

static LockSummary summarise(const Program &program, const Function &function, const LockState &exit) {
  LockSummary summary;
  for (const LockCase &c : exit.cases) {
    ExitCase e;
    e.released = c.released;
    for (const GuardState &g : c.guards) {
      const AccessPath &place = g.guard.valid() ? g.guard : g.locks.front();
      bool parameter = place.root == RootKind::local && place.id < function.parameter_count;
      if (place.root == RootKind::local && !parameter)
        continue; // destroyed, or a lock that dies here
      if (place.root == RootKind::result && place.id != none && g.guard.valid())
        continue; // a temporary guard
      if (parameter && g.guard.valid() && place.steps.empty()) {
        TypeKind kind = program.types[function.locals[place.id].type].kind;
        bool by_reference =
            kind == TypeKind::lvalue_reference || kind == TypeKind::rvalue_reference || kind == TypeKind::pointer;
        bool untouched = g.held && g.assumed && g.since == none;
        if (!by_reference || untouched)
          continue; // its own copy, gone with the call
        GuardState changed = g;
        changed.assumed = true;
        e.guards.push_back(changed);
        continue;
      }
      if (g.held || place == returned_object())
        e.guards.push_back(g);
    }
    if (auto it = c.known.find({OperandKind::null, {}, none}); it != c.known.end())
      e.returns = it->second;
    summary.exits.push_back(std::move(e));
  }
  std::sort(summary.exits.begin(), summary.exits.end());
  summary.exits.erase(std::unique(summary.exits.begin(), summary.exits.end()), summary.exits.end());
  bool any = std::any_of(summary.exits.begin(), summary.exits.end(),
                         [](const ExitCase &e) { return !e.guards.empty() || !e.released.empty(); });
  if (!any)
    summary.exits.clear();
  if (summary.exits.size() > LockSummary::max_exits)
    summary.exits.resize(LockSummary::max_exits);
  return summary;
}

// What the awaited call was given: it may unlock meanwhile, as an awaitable condition variable does.
namespace {
struct Given {
  std::vector<AccessPath> paths;
  bool lock = false; // one of them is a lock
  bool covers(const GuardState &g) const {
    auto among = [&](const AccessPath &p) { return std::find(paths.begin(), paths.end(), p) != paths.end(); };
    return (g.guard.valid() && among(g.guard)) || std::any_of(g.locks.begin(), g.locks.end(), among) ||
           (g.assumed && lock);
  }
};
} // namespace

static void collect_given(const Program &program, const Library &library, const LockPaths &paths, FunctionId f,
                          const Operand &operand, unsigned depth, Given &out) {
  const Function &function = program.functions[f];
  if (depth > 6)
    return;
  if (operand.kind == OperandKind::path && depth == 0) // an awaitable that was stored
    for (const Value &v : library.origins(f, operand))
      if (v.function == f && v.operand.kind == OperandKind::result)
        collect_given(program, library, paths, f, v.operand, depth + 1, out);
  if (operand.kind != OperandKind::result)
    return;
  const Operation &made = function.ops[operand.op];
  for (const Operand &a : made.args) {
    bool content = a.kind == OperandKind::path && !a.path.steps.empty() && a.path.steps.back().kind == StepKind::deref;
    if (AccessPath path = paths.of(a);
        path.valid() && !content && program.record_behind(a.type) != none) // not *locked, but locked itself
      out.paths.push_back(path);
    out.lock |= library.is_thread_lock(a.type);
    collect_given(program, library, paths, f, a, depth + 1, out);
  }
  collect_given(program, library, paths, f, made.receiver, depth + 1, out);
}

// The guards and locks of all cases at one suspension, one for each lock.
static std::vector<HeldAtSuspension> held_at(const LockState &state, FunctionId f, OpId i, const Given &given) {
  struct Seen {
    GuardState first;
    std::size_t cases = 0;
  };
  std::map<std::vector<AccessPath>, Seen> held;
  for (const LockCase &c : state.cases) {
    std::map<std::vector<AccessPath>, const GuardState *> here;
    for (const GuardState &g : c.guards)
      if (g.held && !g.locks.empty() && !given.covers(g)) {
        const GuardState *&known = here[g.locks];
        if (!known || g.since < known->since)
          known = &g;
      }
    for (const auto &[locks, g] : here) {
      Seen &seen = held.try_emplace(locks, *g, 0).first->second;
      if (g->since < seen.first.since)
        seen.first = *g;
      ++seen.cases;
    }
  }
  std::vector<HeldAtSuspension> out;
  for (const auto &[locks, seen] : held)
    out.push_back({f, i, seen.first, seen.cases == state.cases.size()});
  return out;
}

void Locks::analyse(FunctionId f, bool record) {
  const Function &function = program_.functions[f];
  if (function.blocks.size() < 2)
    return;
  LockTransfer transfer(program_, library_, paths_, summaries_, awaited_, f);
  if (function.constructor)
    paths_.references[f] = transfer.paths().members();
  Solution<LockTransfer> solution = solve(function, transfer);
  bool capped = solution.capped;
  for (const auto &state : solution.at_entry)
    capped |= state && state->capped;
  if (!record) {
    if (solution.at_entry[1]) // a coroutine's body runs when it is awaited, not when it is called
      (function.coroutine ? awaited_ : summaries_)[f] = summarise(program_, function, *solution.at_entry[1]);
    if (capped)
      capped_.push_back(f);
    return;
  }
  for (BlockId b = 0; b < function.blocks.size(); ++b) {
    if (!solution.at_entry[b])
      continue;
    LockState state = *solution.at_entry[b];
    for (OpId i = function.blocks[b].first; i < function.blocks[b].first + function.blocks[b].count; ++i) {
      const Operation &op = function.ops[i];
      if ((op.kind == OpKind::await || op.kind == OpKind::yield) && may_suspend(program_, library_, f, op)) {
        Given given;
        if (!op.args.empty())
          collect_given(program_, library_, transfer.paths(), f, op.args[0], 0, given);
        for (HeldAtSuspension &h : held_at(state, f, i, given))
          held_.push_back(std::move(h));
      }
      transfer.transfer(i, state);
    }
  }
}

bool may_suspend(const Program &program, const Library &library, FunctionId f, const Operation &op) {
  if (op.await_ready == none)
    return true;
  if (FunctionId body = program.body_for(f, op.await_ready); body != none) {
    const Function &ready = program.functions[body];
    if (ready.has_constant_return)
      return ready.constant_return == 0;
  }
  TypeId awaiter = program.entities[op.await_ready].record;
  const TypeModel *m = awaiter == none ? nullptr : library.type(awaiter);
  return !(m && m->ready && *m->ready);
}

} // namespace tenterhook::analysis
