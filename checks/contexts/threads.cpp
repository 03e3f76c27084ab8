// Counting threads: up from a function to where its object is made.
#include "contexts/threads.h"
#include "values/callables.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

static constexpr std::size_t most_steps = 2 * AccessPath::max_steps; // of a name that is followed, derefs included
static unsigned sum(unsigned a, unsigned b) { return std::min(a + b, several); }

Threads::Threads(const Program &program, const Library &library, const CallGraph &calls, const LockNames &names, Origins &origins)
    : program_(program), library_(library), calls_(calls), names_(names), origins_(origins) {}

const LockPaths &Threads::names(FunctionId f) { return paths_.try_emplace(f, program_, library_, names_, f).first->second; }

Threads::Count Threads::Tally::count() const { return {sum(here, started), exact}; }

void Threads::Tally::join(const Tally &other, bool sure) {
  here = std::max(here, other.here);
  started = sum(started, other.started);
  exact &= other.exact && sure;
}

Threads::Count Threads::running(FunctionId f, const AccessPath &path) {
  Count most;
  for (const auto &[object, tally] : running_for({f, path})) {
    Count count = tally.count();
    count.exact &= path.valid();
    if (count.threads > most.threads || (count.threads == most.threads && most.exact && !count.exact))
      most = count;
  }
  return most;
}

// A global or a member of an object is one, whichever of the functions that nobody is seen to call reaches it.
Threads::Object Threads::outermost(FunctionId f, const AccessPath &path) const {
  const bool anywhere = path.root == RootKind::global || (path.root == RootKind::self && !path.steps.empty()) || !path.valid();
  return {anywhere ? none : f, path};
}

// A local that is no parameter, or a temporary.
bool Threads::is_made_here(FunctionId f, const AccessPath &path) const {
  return path.root == RootKind::result || (path.root == RootKind::local && path.id >= program_.functions[f].parameter_count);
}

bool Threads::repeats_for(FunctionId f, OpId op, const AccessPath &path) {
  if (!origins_.on_cycle(f, op))
    return false;
  if (path.root == RootKind::result)
    return path.id == none || !origins_.on_cycle(f, path.id);
  if (!is_made_here(f, path))
    return true;
  const Function &function = program_.functions[f];
  for (OpId i = 0; i < function.ops.size(); ++i) {
    const Operation &made = function.ops[i];
    const bool itself = made.path.is_local(path.id) || (made.use.kind == UseKind::stored && made.use.target.is_local(path.id));
    if (itself && (made.kind == OpKind::construct || made.kind == OpKind::call) && origins_.on_cycle(f, i))
      return false;
  }
  return true;
}

// A smart pointer that a closure has copied leads to what the one that it was copied from leads to.
static AccessPath shared(Threads &threads, const Library &library, const LockNames &names, FunctionId f, const AccessPath &path) {
  for (const PathStep &step : path.steps)
    if (const std::optional<std::uint32_t> number = captured_number(step)) {
      const auto [lambda, index] = names.capture(*number);
      const TypeModel *type = library.type(library.program().functions[lambda].captures[index].type);
      return type && type->smart_pointer ? threads.captured_source({f, path}) : path;
    }
  return path;
}

AccessPath Threads::outside(FunctionId caller, OpId op, FunctionId body, const AccessPath &path) {
  if (!path.valid())
    return {};
  Site site = names(caller).site(op);
  if (const Operation &ended = program_.functions[caller].ops[op]; ended.kind == OpKind::destroy) // the object itself, not a part
    site.self = program_.record_behind(ended.type) == program_.entity_of(body).record ? names(caller).resolve(plain(ended.path))
                                                                                      : AccessPath{};
  if (program_.functions[body].constructor) // also of what a call makes: make_unique<T>(…)
    site.self = names(caller).home(op);
  return followed(caller, shared(*this, library_, names_, caller, names(caller).substitute(path, site, body)));
}

AccessPath Threads::outside_as_given(FunctionId caller, OpId op, FunctionId body, const AccessPath &path) {
  const Operation &call = program_.functions[caller].ops[op];
  if (!path.valid() || call.kind != OpKind::call || call.callee == none || call.callee == program_.functions[body].entity)
    return outside(caller, op, body, path);
  for (const Operand &arg : call.args) {
    if (!llvm::is_contained(calls_.callable_targets(caller, arg), body))
      continue;
    const std::vector<AccessPath> unknown;
    Site site{op, names(caller).of(arg), {}, &unknown};
    return followed(caller, shared(*this, library_, names_, caller, names(caller).substitute(path, site, body)));
  }
  return outside(caller, op, body, path);
}

AccessPath Threads::followed(FunctionId f, AccessPath path) {
  if (!path.valid() || is_made_here(f, path))
    return path;
  std::set<AccessPath> &seen = followed_[f];
  if (path.truncated || path.steps.size() > most_steps || (seen.size() == limit_of(Limit::names) && !seen.contains(path))) {
    program_.limits().hit(Limit::names, f);
    return {};
  }
  seen.insert(path);
  return path;
}

// What is handed over is an argument: a closure, a function with its arguments behind it, a member with its object.
AccessPath Threads::bound(OriginId id, FunctionId body, const AccessPath &path) {
  const Origin &start = origins_.all()[id];
  if (!path.valid() || start.in == none)
    return {};
  if (start.made != none)
    return outside(start.in, start.made, body, path);
  const LockPaths &here = names(start.in);
  const Function &creator = program_.functions[start.in];
  const Operation *op = &creator.ops[start.op];
  for (std::size_t a = 0; a < op->args.size(); ++a) {
    if (!llvm::is_contained(calls_.callable_targets(start.in, op->args[a]), body))
      continue;
    const Operand *made = &op->args[a];
    if (made->kind == OperandKind::path && made->path.root == RootKind::local && made->path.steps.empty())
      made = &creator.locals[made->path.id].init; // auto work = std::bind(…)
    bool member = false;                          // std::mem_fn(&Pool::work), whose object comes behind it
    if (made->kind == OperandKind::result)        // std::bind(&Pool::work, this)
      if (const Operation &bind = creator.ops[made->op];
          bind.kind == OpKind::call && !bind.args.empty() && bind.args[0].kind == OperandKind::function &&
          llvm::is_contained(calls_.callable_targets(start.in, bind.args[0]), body)) {
        member = bind.args.size() == 1;
        if (!member) {
          op = &bind;
          a = 0;
        }
      }
    Site site{start.op, here.of(op->args[a]), {}, nullptr};
    std::vector<AccessPath> args;
    for (std::size_t rest = a + 1; rest < op->args.size(); ++rest)
      args.push_back(here.of(op->args[rest]));
    const Function &function = program_.functions[body];
    const bool method =
        (member || op->args[a].kind == OperandKind::function) && !function.is_static && program_.entity_of(body).record != none;
    if (method && !args.empty()) {
      site.self = args.front();
      args.erase(args.begin());
    }
    site.args = &args;
    return followed(start.in, shared(*this, library_, names_, start.in, here.substitute(path, site, body)));
  }
  return {};
}

AccessPath Threads::captured_source(const Object &object) {
  AccessPath path = object.path;
  for (std::size_t s = 0; s < path.steps.size(); ++s) {
    const std::optional<std::uint32_t> number = captured_number(path.steps[s]);
    if (!number)
      continue;
    const auto [lambda, index] = names_.capture(*number);
    const Function &function = program_.functions[lambda];
    if (function.enclosing == none || program_.body_for(lambda, function.enclosing) != object.in)
      break;
    AccessPath closure = path;
    closure.steps.resize(s + 1);
    const AccessPath source = names(object.in).of(function.captures[index].source);
    if (!source.valid())
      break;
    path = rebase(path, closure, source);
    s = source.steps.size();
  }
  return path;
}

// A name that may be many objects is any object, run as often as the one of them that is run most.
static Threads::Tallies few(const Program &program, FunctionId f, Threads::Tallies tallies) {
  if (tallies.size() <= limit_of(Limit::objects))
    return tallies;
  program.limits().hit(Limit::objects, f);
  Threads::Tally any;
  for (const auto &[object, tally] : tallies) {
    any.here = std::max(any.here, tally.here);
    any.started = std::max(any.started, tally.started);
  }
  any.exact = false;
  return {{{}, any}};
}

const Threads::Tallies &Threads::running_for(const Key &key) {
  const auto &[f, path] = key;
  auto [it, added] = running_.try_emplace(key);
  if (!added)
    return it->second;
  if (is_made_here(f, path))
    return it->second = {{{f, path}, {1, 0, true}}};
  Tallies out;
  auto merge = [&](const Tallies &more, bool exact) {
    for (const auto &[object, tally] : more)
      out[object].join(tally, exact);
  };
  const Object unknown = outermost(f, path);
  for (auto [caller, edge] : calls_.callers(f)) {
    const Edge &e = calls_.edges(caller)[edge];
    const AccessPath there = outside(caller, e.op, f, path);
    merge(running_for({caller, there}), there.valid() && e.sure);
  }
  for (OriginId id : origins_.starting(f)) {
    const Origin &origin = origins_.all()[id];
    const AccessPath there = bound(id, f, path);
    if (origin.kind == OriginKind::thread)
      merge(started(origin, there), there.valid());
    else if (origin.kind == OriginKind::pool)
      merge({{{origin.in, there}, {0, several, true}}}, there.valid());
    else
      merge({{{origin.in, there}, {1, 0, origin.kind != OriginKind::kept}}}, there.valid());
  }
  if (begins_on_main(program_, f))
    merge({{unknown, {1, 0, true}}}, true);
  else if (out.empty())
    merge({{unknown, {1, 0, false}}}, false);
  return it->second = few(program_, f, std::move(out));
}

Threads::Tallies Threads::started(const Origin &origin, const AccessPath &path) {
  Tallies out;
  const bool again = repeats_for(origin.in, origin.op, path);
  for (const auto &[object, tally] : runs_for({origin.in, path}))
    out[object] = {0, origin.alone ? 1 : sum(tally.started, again ? tally.started : 0), tally.exact};
  return out;
}

// How often a function runs for an object.
const Threads::Tallies &Threads::runs_for(const Key &key) {
  const auto &[f, path] = key;
  auto [it, added] = runs_.try_emplace(key);
  if (!added)
    return it->second;
  if (is_made_here(f, path))
    return it->second = {{{f, path}, {0, 1, true}}};
  if (!path.valid()) {
    const Origins::Often all = origins_.runs(f);
    return it->second = {{{}, {0, all.times, all.exact}}};
  }
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
    merge(caller, e.op, outside(caller, e.op, f, path), e.sure, origins_.runs_again(caller, e), origins_.runs_once(caller, e));
  }
  for (OriginId id : origins_.starting(f))
    merge(origins_.all()[id].in, origins_.all()[id].op, bound(id, f, path), origins_.all()[id].kind != OriginKind::kept, false,
          false);
  for (auto [in, op] : origins_.created(f))
    merge(in, op, outside(in, op, f, path), true, false, false);
  const Object unknown = outermost(f, path);
  if (out.empty())
    out[unknown] = {0, 1, begins_on_main(program_, f)};
  return it->second = few(program_, f, std::move(out));
}

} // namespace tenterhook::analysis
