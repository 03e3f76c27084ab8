// Counting threads: up from a function to where its object is made.
#include "contexts/threads.h"
#include "values/callables.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

static constexpr unsigned several = 2;
static unsigned sum(unsigned a, unsigned b) { return std::min(a + b, several); }

Threads::Threads(const Program &program, const Library &library, const CallGraph &calls, const LockNames &names)
    : program_(program), library_(library), calls_(calls), names_(names), cycles_(program, calls.guards()),
      starts_(program.functions.size()) {
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    for (const LaterEdge &e : calls.later(f))
      starts_[e.to].push_back({f, e.op, e.on});
  for (const Creation &c : calls.creations())
    created_[c.coroutine].push_back({c.in, c.op});
}

const LockPaths &Threads::names(FunctionId f) { return paths_.try_emplace(f, program_, library_, names_, f).first->second; }

Threads::Count Threads::running(FunctionId f, const AccessPath &path) {
  Count most;
  for (const auto &[object, tally] : running_for({f, path})) {
    const Count count{sum(tally.here, tally.started), tally.exact && path.valid()};
    if (count.threads > most.threads || (count.threads == most.threads && most.exact && !count.exact))
      most = count;
  }
  return most;
}

// A local that is no parameter, or a temporary.
bool Threads::is_made_here(FunctionId f, const AccessPath &path) const {
  return path.root == RootKind::result || (path.root == RootKind::local && path.id >= program_.functions[f].parameter_count);
}

// Whether the operation runs several times for one object: on a cycle that does not make the object anew each time.
bool Threads::repeats_for(FunctionId f, OpId op, const AccessPath &path) {
  if (!cycles_.on_cycle(f, op))
    return false;
  if (path.root == RootKind::result)
    return path.id == none || !cycles_.on_cycle(f, path.id);
  if (!is_made_here(f, path))
    return true;
  const Function &function = program_.functions[f];
  for (OpId i = 0; i < function.ops.size(); ++i) {
    const Operation &made = function.ops[i];
    const bool itself = made.path.is_local(path.id) || (made.use.kind == UseKind::stored && made.use.target.is_local(path.id));
    if (itself && (made.kind == OpKind::construct || made.kind == OpKind::call) && cycles_.on_cycle(f, i))
      return false;
  }
  return true;
}

// Whether the thread lives in one variable that outlives the call: a second one there waits for the end of the first.
bool Threads::kept_alone(const Start &start) const {
  const Function &function = program_.functions[start.in];
  const Operation &op = function.ops[start.op];
  AccessPath home;
  if (op.kind == OpKind::construct && op.path.root != RootKind::result)
    home = op.path;
  else if (op.use.kind == UseKind::stored)
    home = op.use.target;
  else if (op.use.kind == UseKind::argument && op.use.user != none)
    home = replaced(function.ops[op.use.user]); // thread_ = std::thread(…), thread_.reset(new …)
  if (!home.valid())
    home = replaced(op); // thread_.emplace(…)
  const bool outlives = home.root == RootKind::self || home.root == RootKind::global;
  return outlives && llvm::none_of(home.steps, [](const PathStep &s) { return s.kind == StepKind::index; });
}

// The object whose content ends with the call.
AccessPath Threads::replaced(const Operation &op) const {
  if (op.kind != OpKind::call || op.callee == none || op.receiver.kind != OperandKind::path)
    return {};
  const TypeModel *type = library_.type(op.receiver.type);
  const llvm::StringRef qualified = program_.qualified(op.callee);
  const bool ends =
      Library::is_assignment(qualified) || (type && llvm::is_contained(type->destroyed_by, Library::last_name(qualified).str()));
  return ends ? op.receiver.path : AccessPath{};
}

// What a library that nobody sees into does with a callable, it may do for each element of something.
bool Threads::runs_again(FunctionId f, const Edge &edge) const {
  const Operation &op = program_.functions[f].ops[edge.op];
  return edge.link == Link::callback && op.callee != none && program_.bodies(op.callee).empty() && !library_.function(op);
}

bool Threads::runs_once(FunctionId f, const Edge &edge) const {
  const Operation &op = program_.functions[f].ops[edge.op];
  const FunctionModel *m = edge.link == Link::callback ? library_.function(op) : nullptr;
  for (unsigned a = 0; m && a < op.args.size(); ++a)
    if (const CallbackClause *clause = callback_clause(library_, *m, f, op, a); clause && clause->once)
      return true;
  return false;
}

AccessPath Threads::outside(FunctionId caller, OpId op, FunctionId body, const AccessPath &path) {
  if (!path.valid())
    return {};
  Site site = names(caller).site(op);
  if (program_.functions[body].constructor) // also of what a call makes: make_unique<T>(…)
    site.self = names(caller).home(op);
  return names(caller).substitute(path, site, body);
}

// What is handed over is an argument: a closure, a function with its arguments behind it, a member with its object.
AccessPath Threads::outside(const Start &start, FunctionId body, const AccessPath &path) {
  if (!path.valid())
    return {};
  const LockPaths &here = names(start.in);
  const Operation &op = program_.functions[start.in].ops[start.op];
  for (std::size_t a = 0; a < op.args.size(); ++a) {
    const auto targets = calls_.callable_targets(start.in, op.args[a]);
    if (!llvm::is_contained(targets, body))
      continue;
    Site site{start.op, here.of(op.args[a]), {}, nullptr};
    std::vector<AccessPath> args;
    for (std::size_t rest = a + 1; rest < op.args.size(); ++rest)
      args.push_back(here.of(op.args[rest]));
    const Function &function = program_.functions[body];
    const bool method =
        op.args[a].kind == OperandKind::function && !function.is_static && program_.entity_of(body).record != none;
    if (method && !args.empty()) {
      site.self = args.front();
      args.erase(args.begin());
    }
    site.args = &args;
    return here.substitute(path, site, body);
  }
  return {};
}

Threads::Tallies Threads::running_for(const Key &key) {
  const auto &[f, path] = key;
  if (is_made_here(f, path))
    return {{{f, path}, {1, 0, true}}};
  if (auto [it, added] = running_.try_emplace(key); !added)
    return it->second;
  Tallies out;
  auto merge = [&](const Tallies &more, bool exact) {
    for (const auto &[object, tally] : more) {
      Tally &t = out[object];
      t.here = std::max(t.here, tally.here);
      t.started = sum(t.started, tally.started);
      t.exact &= tally.exact && exact;
    }
  };
  const Object unknown{path.root == RootKind::global ? none : f, path};
  for (auto [caller, edge] : calls_.callers(f)) {
    const Edge &e = calls_.edges(caller)[edge];
    const AccessPath there = outside(caller, e.op, f, path);
    merge(running_for({caller, there}), there.valid() && e.sure);
  }
  for (const Start &start : starts_[f]) {
    const AccessPath there = outside(start, f, path);
    if (start.on == Executor::thread)
      merge(started(start, there), there.valid());
    else if (start.on == Executor::pool)
      merge({{{start.in, there}, {0, several, true}}}, there.valid());
    else
      merge({{{start.in, there}, {1, 0, start.on != Executor::unknown}}}, there.valid());
  }
  if (begins_on_main(program_, f))
    merge({{unknown, {1, 0, true}}}, true);
  else if (out.empty())
    merge({{unknown, {1, 0, false}}}, false);
  return running_[key] = out;
}

Threads::Tallies Threads::started(const Start &start, const AccessPath &path) {
  Tallies out;
  const bool again = repeats_for(start.in, start.op, path), alone = kept_alone(start);
  for (const auto &[object, tally] : runs_for({start.in, path}))
    out[object] = {0, alone ? 1 : sum(tally.started, again ? tally.started : 0), tally.exact};
  return out;
}

// How often a function runs for an object.
Threads::Tallies Threads::runs_for(const Key &key) {
  const auto &[f, path] = key;
  if (is_made_here(f, path))
    return {{{f, path}, {0, 1, true}}};
  if (auto [it, added] = runs_.try_emplace(key); !added)
    return it->second;
  Tallies out;
  const bool makes = program_.functions[f].constructor && path.root == RootKind::self; // an object is made once
  auto merge = [&](FunctionId in, OpId op, const AccessPath &there, bool exact, bool again, bool once) {
    again |= repeats_for(in, op, there);
    for (const auto &[object, tally] : runs_for({in, there})) {
      Tally &t = out[object];
      t.started = sum(t.started, once ? 1 : sum(tally.started, again && !makes ? tally.started : 0));
      t.exact &= tally.exact && exact && there.valid();
    }
  };
  for (auto [caller, edge] : calls_.callers(f)) {
    const Edge &e = calls_.edges(caller)[edge];
    merge(caller, e.op, outside(caller, e.op, f, path), e.sure, runs_again(caller, e), runs_once(caller, e));
  }
  for (const Start &start : starts_[f])
    merge(start.in, start.op, outside(start, f, path), start.on != Executor::unknown, false, false);
  if (auto it = created_.find(f); it != created_.end())
    for (auto [in, op] : it->second)
      merge(in, op, outside(in, op, f, path), true, false, false);
  const Object unknown{path.root == RootKind::global ? none : f, path};
  if (out.empty())
    out[unknown] = {0, 1, begins_on_main(program_, f)};
  return runs_[key] = out;
}

} // namespace tenterhook::analysis
