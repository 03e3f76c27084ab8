// Locks: summaries to their fixpoint, then the locks held at each suspension.
#include "locks/locks.h"
#include "program/dataflow.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

Locks::Locks(const Program &program, const Library &library, const CallGraph &calls, const LockNames &names, bool everywhere)
    : world_(program, library, calls, names), everywhere_(everywhere) {
  find_dependents();
  summarise_all();
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    if (program.functions[f].coroutine)
      record(f);
}

// Whether any operation can touch a lock by itself: most functions need no dataflow at all.
bool Locks::touches_locks(FunctionId f) const {
  const Library &library = world_.library;
  const Function &function = world_.program.functions[f];
  for (LocalId l = 0; l < function.parameter_count; ++l)
    if (library.guard(function.locals[l].type))
      return true;
  for (const Capture &c : function.captures)
    if (c.kind == CaptureKind::by_copy && library.guard(c.type))
      return true;
  auto moved = [&](const Operand &o) { return o.moved && o.type != none && (library.guard(o.type) || world_.has_guard(o.type)); };
  return std::any_of(function.ops.begin(), function.ops.end(), [&](const Operation &op) {
    if (std::any_of(op.args.begin(), op.args.end(), moved))
      return true;
    if (op.kind == OpKind::call && op.callee != none && Library::is_assignment(world_.program.qualified(op.callee)) &&
        world_.has_guard(op.receiver.type))
      return true;
    if (op.kind != OpKind::construct && op.kind != OpKind::call && op.kind != OpKind::await)
      return false;
    if (op.type != none && (library.guard(op.type) || library.wrapped_guard(op.type)))
      return true;
    if (op.kind == OpKind::construct && !op.args.empty() && library.is_thread_lock(op.args[0].type))
      return true;
    if (op.kind == OpKind::call && op.receiver.kind != OperandKind::unknown &&
        (library.guard(op.receiver.type) || library.wrapped_guard(op.receiver.type) || library.is_thread_lock(op.receiver.type)))
      return true;
    const FunctionModel *m = library.function(op);
    return m && (!m->locks.empty() || m->returns_guard);
  });
}

void Locks::find_dependents() {
  const Program &program = world_.program;
  dependents_.resize(program.functions.size() + world_.calls.sets());
  for (SetId s = 0; s < world_.calls.sets(); ++s)
    for (FunctionId f : world_.calls.members(s))
      dependents_[f].push_back(static_cast<FunctionId>(program.functions.size()) + s);
  for (FunctionId f = 0; f < program.functions.size(); ++f) {
    for (const Edge &e : world_.calls.edges_and_sets(f))
      dependents_[e.to].push_back(f);
    const auto &ops = program.functions[f].ops;
    for (const Operation &op : ops)
      if (op.kind == OpKind::construct)
        if (FunctionId deleter = deleter_of(program, world_.library, f, op); deleter != none)
          dependents_[deleter].push_back(f);
  }
  for (const Creation &c : world_.calls.creations())
    dependents_[c.coroutine].push_back(c.in);
  for (FunctionId f = 0; f < program.functions.size(); ++f) { // a closure that is called where it was written
    if (!program.functions[f].lambda || program.functions[f].enclosing == none)
      continue;
    for (FunctionId outer : program.bodies(program.functions[f].enclosing))
      dependents_[f].push_back(outer);
  }
  for (auto &all : dependents_) {
    std::sort(all.begin(), all.end());
    all.erase(std::unique(all.begin(), all.end()), all.end());
  }
}

// The functions whose summaries a suspension may ask for: coroutines, and what they run, whatever the way. A program's
// other functions, often most of it, lock as they like.
llvm::BitVector Locks::below_suspensions() const {
  const Program &program = world_.program;
  std::vector<std::vector<FunctionId>> runs(dependents_.size());
  for (FunctionId f = 0; f < dependents_.size(); ++f)
    for (FunctionId by : dependents_[f])
      runs[by].push_back(f);
  llvm::BitVector below(static_cast<unsigned>(dependents_.size()));
  std::vector<FunctionId> open;
  auto add = [&](FunctionId f) {
    if (!below.test(f)) {
      below.set(f);
      open.push_back(f);
    }
  };
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    if (program.functions[f].coroutine)
      add(f);
  while (!open.empty()) {
    const FunctionId f = open.back();
    open.pop_back();
    for (FunctionId to : runs[f])
      add(to);
    if (f >= program.functions.size())
      continue;
    for (FunctionId to : program.overriders(program.functions[f].entity)) // asked where one of several runs
      add(to);
    for (const Operation &op : program.functions[f].ops)
      if (op.virtual_call && op.callee != none)
        for (FunctionId to : program.overriders(op.callee))
          add(to);
  }
  return below;
}

void Locks::summarise_all() {
  const Program &program = world_.program;
  const llvm::BitVector needed =
      everywhere_ ? llvm::BitVector(static_cast<unsigned>(program.functions.size()), true) : below_suspensions();
  std::vector<FunctionId> order; // callees first
  std::vector<std::uint32_t> rank(program.functions.size());
  std::vector<unsigned> rounds(program.functions.size());
  std::vector<bool> may_touch(program.functions.size()); // by itself or through what it runs
  std::set<std::uint32_t> work;                          // ranks
  for (const auto &component : world_.calls.components()) {
    bool touches = false, recursive = component.size() > 1;
    for (FunctionId f : component) {
      const bool itself = needed.test(f) && touches_locks(f);
      touches |= itself;
      if (itself)
        work.insert(static_cast<std::uint32_t>(order.size()));
      for (const Edge &e : world_.calls.edges(f)) {
        if (touches && recursive)
          break;
        touches |= may_touch[e.to];
        recursive |= e.to == f;
      }
      rank[f] = static_cast<std::uint32_t>(order.size());
      order.push_back(f);
    }
    for (FunctionId f : component) {
      may_touch[f] = touches;
      if (touches && recursive && needed.test(f)) { // what a recursion does is what its ends do
        world_.unknown[f] = true;
        work.insert(rank[f]);
      }
    }
  }
  auto again = [&](FunctionId f, auto &&self) -> void {
    for (FunctionId d : dependents_[f])
      if (d >= program.functions.size()) // a set of targets
        self(d, self);
      else if (needed.test(d))
        work.insert(rank[d]);
  };
  for (;;) {
    while (!work.empty()) {
      const FunctionId f = order[*work.begin()];
      work.erase(work.begin());
      if ((program.functions[f].coroutine ? world_.awaited : world_.summaries)[f].capped)
        continue; // one of its ways is missing already: which others there are says no more
      if (++rounds[f] > limit_of(Limit::lock_rounds)) {
        world_.program.limits().hit(Limit::lock_rounds, f);
        continue;
      }
      if (analyse(f))
        again(f, again);
    }
    for (FunctionId f = 0; f < program.functions.size(); ++f) // a recursion without an end
      if (world_.unknown[f]) {
        world_.unknown[f] = false;
        again(f, again);
      }
    if (work.empty())
      return;
  }
}

bool Locks::analyse(FunctionId f) {
  const Function &function = world_.program.functions[f];
  if (function.blocks.size() < 2) {
    const bool first = world_.unknown[f];
    world_.unknown[f] = false;
    return first;
  }
  LockTransfer transfer(world_, f);
  Solution<LockTransfer> solution = solve(function, transfer);
  bool capped = solution.capped;
  for (const auto &state : solution.at_entry)
    capped |= state && state->capped;
  if (capped)
    world_.program.limits().hit(Limit::lock_cases, f);
  if (transfer.hit_limit())
    world_.program.limits().hit(Limit::lock_bodies, f);
  // A coroutine's body runs when it is awaited, not when it is called.
  LockSummary &known = (function.coroutine ? world_.awaited : world_.summaries)[f];
  LockSummary now = solution.at_entry[1] ? summarise(world_.program, function, *solution.at_entry[1]) : LockSummary{};
  if (now.capped)
    world_.program.limits().hit(Limit::lock_exits, f);
  now.capped |= capped && !now.exits.empty(); // what is left is one of the ways, another may undo it
  const bool first = world_.unknown[f] && solution.at_entry[1];
  if (first)
    world_.unknown[f] = false;
  if (now == known)
    return first;
  known = std::move(now);
  return true;
}

// What the awaited call was given: it may unlock meanwhile, as an awaitable condition variable does.
namespace {
struct Given {
  std::vector<AccessPath> paths;
  bool lock = false;            // one of them is a lock
  std::vector<AccessPath> seen; // … of which the awaiter, whose code is seen, knows: then its code tells
  bool covers(const GuardState &g) const {
    auto among = [&](const AccessPath &p) {
      return std::find(paths.begin(), paths.end(), p) != paths.end() && std::find(seen.begin(), seen.end(), p) == seen.end();
    };
    return (g.guard.valid() && among(g.guard)) || std::any_of(g.locks.begin(), g.locks.end(), among) || (g.assumed && lock);
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
static std::vector<HeldAtSuspension> held_at(const Program &program, const Library &library, const LockState &state, FunctionId f,
                                             OpId i, const Given &given) {
  struct Seen {
    GuardState first;
    std::size_t cases = 0;
    bool doubted = false;
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
      seen.doubted |= g->doubted;
      if (g->since < seen.first.since)
        seen.first = *g;
      ++seen.cases;
    }
  }
  std::vector<HeldAtSuspension> out;
  for (const auto &[locks, seen] : held) {
    const AccessPath &guard = seen.first.guard;
    const GuardType *type = guard.root == RootKind::local && guard.steps.empty()
                                ? library.guard(program.functions[f].locals[guard.id].type)
                                : nullptr;
    out.push_back({f, i, seen.first, !state.capped && !seen.doubted && seen.cases == state.cases.size(), state.capped,
                   type && type->unlock.empty()});
  }
  return out;
}

// Whether an awaiter gives itself, a guard or a lock to code that nobody sees: that may unlock meanwhile.
bool Locks::hands_out(FunctionId f) {
  auto [it, added] = hands_out_.try_emplace(f, false);
  if (!added)
    return it->second;
  const Program &program = world_.program;
  const Library &library = world_.library;
  bool out = false;
  for (const Operation &op : program.functions[f].ops) {
    if (op.kind != OpKind::call || op.callee == none || program.entities[op.callee].system || library.function(op))
      continue;
    FunctionId body = program.body_for(f, op.callee);
    if (body != none && !op.virtual_call) {
      out |= hands_out(body);
      continue;
    }
    auto gives = [&](const Operand &o) {
      return o.kind == OperandKind::path &&
             (plain(o.path) == own_object() || library.guard(o.type) || library.is_thread_lock(o.type));
    };
    out |= gives(op.receiver) || std::any_of(op.args.begin(), op.args.end(), gives);
  }
  return hands_out_[f] = out;
}

bool Locks::concerns(FunctionId f) const {
  bool concerned = touches_locks(f);
  for (const Edge &e : world_.calls.edges(f)) {
    if (concerned)
      break;
    concerned = !world_.summaries[e.to].exits.empty();
  }
  const Creation first{f, 0, 0};
  const auto &creations = world_.calls.creations();
  for (auto c = std::lower_bound(creations.begin(), creations.end(), first); c != creations.end() && c->in == f; ++c)
    concerned |= !world_.awaited[c->coroutine].exits.empty();
  return concerned;
}

void Locks::record(FunctionId f) {
  const Program &program = world_.program;
  const Function &function = program.functions[f];
  bool suspends = std::any_of(function.ops.begin(), function.ops.end(),
                              [](const Operation &op) { return op.kind == OpKind::await || op.kind == OpKind::yield; });
  if (function.blocks.size() < 2 || !suspends)
    return;
  if (!concerns(f))
    return;
  LockTransfer transfer(world_, f);
  Solution<LockTransfer> solution = solve(function, transfer);
  for (BlockId b = 0; b < function.blocks.size(); ++b) {
    if (!solution.at_entry[b])
      continue;
    LockState state = *solution.at_entry[b];
    for (OpId i = function.blocks[b].first; i < function.blocks[b].first + function.blocks[b].count; ++i) {
      const Operation &op = function.ops[i];
      if (op.kind == OpKind::await || op.kind == OpKind::yield) {
        Given given;
        if (!op.args.empty())
          collect_given(program, world_.library, transfer.paths(), f, op.args[0], 0, given);
        FunctionId suspend = op.await_suspend == none ? none : program.body_for(f, op.await_suspend);
        if (suspend != none && !hands_out(suspend))
          given.seen = transfer.paths().references(transfer.paths().awaiter(i));
        for (HeldAtSuspension &h : held_at(program, world_.library, transfer.suspended(i, state), f, i, given))
          held_.push_back(std::move(h));
      }
      transfer.transfer(i, state);
    }
  }
}

} // namespace tenterhook::analysis
