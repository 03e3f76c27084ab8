// Origins: creation sites from the call graph, then one pass over its components, callers first.
#include "contexts/origins.h"
#include "program/components.h"
#include "values/callables.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

llvm::StringRef name(OriginKind kind) {
  switch (kind) {
  case OriginKind::main: return "main";
  case OriginKind::unseen: return "unseen";
  case OriginKind::thread: return "thread";
  case OriginKind::pool: return "pool";
  case OriginKind::loop: return "loop";
  case OriginKind::fiber: return "fiber";
  case OriginKind::deferred: return "deferred";
  case OriginKind::kept: return "kept";
  }
  llvm_unreachable("not a kind");
}

static OriginKind kind_on(Executor on) {
  switch (on) {
  case Executor::thread: return OriginKind::thread;
  case Executor::pool: return OriginKind::pool;
  case Executor::loop: return OriginKind::loop;
  case Executor::fiber: return OriginKind::fiber;
  case Executor::inherited: return OriginKind::deferred;
  case Executor::unknown: break;
  }
  return OriginKind::kept;
}

Origins::Origins(const Program &program, const Library &library, const CallGraph &calls)
    : program_(program), library_(library), calls_(calls), cycles_(program, calls.guards()), starting_(program.functions.size()) {
  collect();
}

void Origins::collect() {
  all_.resize(2);
  all_[main].kind = OriginKind::main;
  all_[unseen].kind = OriginKind::unseen;
  struct Handed {
    OpId op;
    OriginKind kind;
    OpId made;
    FunctionId to;
    bool sure;
    auto operator<=>(const Handed &) const = default;
  };
  std::vector<std::vector<Handed>> handed(program_.functions.size());
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    for (const LaterEdge &e : calls_.later(f))
      handed[f].push_back({e.op, kind_on(e.on), none, e.to, e.sure});
  for (const Creation &c : calls_.creations()) { // a coroutine that is handed over as it is made: co_spawn(pool, work(), …)
    const Operation &made = program_.functions[c.in].ops[c.op];
    bool given = false;
    if (made.use.kind == UseKind::argument && made.use.user != none) {
      const Operation &to = program_.functions[c.in].ops[made.use.user];
      const FunctionModel *m = to.kind == OpKind::call || to.kind == OpKind::construct ? library_.function(to) : nullptr;
      for (unsigned a = 0; m && a < to.args.size(); ++a)
        if (to.args[a].kind == OperandKind::result && to.args[a].op == c.op)
          if (const CallbackClause *clause = callback_clause(library_, *m, c.in, to, a); clause && !clause->in_place) {
            handed[c.in].push_back({made.use.user, kind_on(library_.executor(c.in, to, clause->on)), c.op, c.coroutine, true});
            given = true;
          }
    }
    if (!given)
      created_[c.coroutine].push_back({c.in, c.op});
  }
  for (FunctionId f = 0; f < program_.functions.size(); ++f) {
    llvm::sort(handed[f]);
    handed[f].erase(std::unique(handed[f].begin(), handed[f].end()), handed[f].end());
    // What wraps a callable and is handed over itself: std::thread(std::bind(&Pool::work, this)).
    const std::vector<Handed> all = handed[f];
    llvm::erase_if(handed[f], [&](const Handed &h) {
      const ResultUse &use = program_.functions[f].ops[h.op].use;
      return h.kind == OriginKind::kept && use.kind == UseKind::argument &&
             llvm::any_of(all, [&](const Handed &outer) { return outer.op == use.user && outer.to == h.to; });
    });
    for (Handed &h : handed[f])
      if (h.kind == OriginKind::kept)
        h.kind = handed_on(f, program_.functions[f].ops[h.op], h.to);
    for (const Handed &h : handed[f]) {
      Origin &last = all_.back();
      if (last.in == f && last.op == h.op && last.kind == h.kind && last.made == h.made) {
        last.entries.push_back(h.to);
        last.sure = false;
      } else {
        all_.push_back({h.kind, f, h.op, {h.to}, kept_alone(f, h.op), h.sure, h.made});
      }
      starting_[h.to].push_back(static_cast<OriginId>(all_.size() - 1));
    }
    if (begins_on_main(program_, f))
      all_[main].entries.push_back(f);
  }
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    if (!begins_on_main(program_, f) && calls_.callers(f).empty() && starting_[f].empty() && !created_.count(f))
      all_[unseen].entries.push_back(f);
}

llvm::ArrayRef<std::pair<FunctionId, OpId>> Origins::created(FunctionId coroutine) const {
  if (auto it = created_.find(coroutine); it != created_.end())
    return it->second;
  return {};
}

// A callable that is given to a function of the program which starts a thread with its parameter: `start(job)`.
OriginKind Origins::handed_on(FunctionId f, const Operation &op, FunctionId callable, unsigned depth) const {
  const FunctionId body = op.callee == none || op.virtual_call || depth > 2 ? none : program_.body_for(f, op.callee);
  if (body == none)
    return OriginKind::kept;
  const Function &callee = program_.functions[body];
  for (unsigned p = 0; p < op.args.size() && p < callee.parameter_count; ++p) {
    if (!llvm::is_contained(calls_.callable_targets(f, op.args[p]), callable))
      continue;
    for (const Operation &inner : callee.ops) {
      const FunctionModel *m = inner.kind == OpKind::call || inner.kind == OpKind::construct ? library_.function(inner) : nullptr;
      if (!m && inner.kind == OpKind::call && inner.makes != none)
        m = library_.maker(inner);
      for (unsigned a = 0; a < inner.args.size(); ++a) {
        const Operand *given = &inner.args[a];
        if (given->kind == OperandKind::result && callee.ops[given->op].args.size() == 1) // a copy of it
          given = &callee.ops[given->op].args[0];
        if (given->kind != OperandKind::path || !given->path.is_local(p))
          continue;
        const CallbackClause *clause = m ? callback_clause(library_, *m, body, inner, a) : nullptr;
        if (clause && !clause->in_place)
          return kind_on(library_.executor(body, inner, clause->on));
        if (!m && inner.kind == OpKind::call)
          if (const OriginKind kind = handed_on(body, inner, callable, depth + 1); kind != OriginKind::kept)
            return kind;
      }
    }
  }
  return OriginKind::kept;
}

// Whether the thread lives in one variable that outlives the call: a second one there waits for the end of the first.
bool Origins::kept_alone(FunctionId f, OpId i) const {
  const Function &function = program_.functions[f];
  const Operation &op = function.ops[i];
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
AccessPath Origins::replaced(const Operation &op) const {
  if (op.kind != OpKind::call || op.callee == none || op.receiver.kind != OperandKind::path)
    return {};
  const TypeModel *type = library_.type(op.receiver.type);
  const llvm::StringRef qualified = program_.qualified(op.callee);
  const bool ends =
      Library::is_assignment(qualified) || (type && llvm::is_contained(type->destroyed_by, Library::last_name(qualified).str()));
  return ends ? op.receiver.path : AccessPath{};
}

bool Origins::runs_again(FunctionId f, const Edge &edge) const {
  const Operation &op = program_.functions[f].ops[edge.op];
  return edge.link == Link::callback && op.callee != none && program_.bodies(op.callee).empty() && !library_.function(op);
}

bool Origins::runs_once(FunctionId f, const Edge &edge) const {
  const Operation &op = program_.functions[f].ops[edge.op];
  const FunctionModel *m = edge.link == Link::callback ? library_.function(op) : nullptr;
  for (unsigned a = 0; m && a < op.args.size(); ++a)
    if (const CallbackClause *clause = callback_clause(library_, *m, f, op, a); clause && clause->once)
      return true;
  return false;
}

bool Origins::is_called_by_value(FunctionId f) const {
  return llvm::any_of(calls_.callers(f), [&](const auto &c) { return calls_.edges(c.first)[c.second].link == Link::value; });
}

// What runs a function: in place, as a coroutine's creation, or as an origin; an origin of its own passes nothing on but
// how often it runs.
void Origins::solve() {
  solved_ = true;
  const FunctionId count = static_cast<FunctionId>(program_.functions.size());
  struct In {
    FunctionId from;
    OpId op;
    bool again, once, sure;
    OriginId origin; // none: in place
  };
  std::vector<std::vector<In>> into(count);
  std::vector<std::vector<std::uint32_t>> successors(count);
  for (FunctionId f = 0; f < count; ++f) {
    for (auto [caller, edge] : calls_.callers(f)) {
      const Edge &e = calls_.edges(caller)[edge];
      into[f].push_back({caller, e.op, runs_again(caller, e), runs_once(caller, e), e.sure, none});
    }
    bool handed = false;
    for (OriginId id : starting_[f]) {
      const Origin &o = all_[id];
      if (o.kind == OriginKind::kept && is_called_by_value(f))
        continue; // only kept here: who takes it out runs it
      handed = true;
      into[f].push_back({o.in, o.op, false, false, o.sure && o.kind != OriginKind::kept, id});
    }
    if (!handed)
      for (auto [in, op] : created(f))
        into[f].push_back({in, op, false, false, true, none});
    for (const In &in : into[f])
      successors[in.from].push_back(f);
  }
  runs_.assign(count, {});
  running_.assign(count, {});
  auto take = [&](FunctionId f, const In &in) {
    const Often from = runs_[in.from];
    const unsigned here = in.once ? 1 : in.again || cycles_.on_cycle(in.from, in.op) ? several : 1;
    runs_[f].times = std::min(runs_[f].times + (from.times ? std::max(from.times, here) : 0), several);
    runs_[f].exact &= from.exact && in.sure;
    if (in.origin != none && all_[in.origin].kind != OriginKind::deferred)
      running_[f].set(in.origin);
    else
      running_[f] |= running_[in.from];
  };
  const auto parts = components(successors);
  std::vector<std::uint32_t> part_of(count);
  for (std::uint32_t p = 0; p < parts.size(); ++p)
    for (FunctionId f : parts[p])
      part_of[f] = p;
  for (const auto &part : llvm::reverse(parts)) { // who runs others comes first
    for (FunctionId f : part)
      if (begins_on_main(program_, f)) {
        runs_[f] = {1, true};
        running_[f].set(main);
      }
    bool entered = false;
    for (FunctionId f : part)
      for (const In &in : into[f])
        if (part_of[in.from] != part_of[f]) {
          take(f, in);
          entered = true;
        }
    if (!entered && runs_[part.front()].times == 0) { // nobody seen runs it
      runs_[part.front()] = {1, false};
      running_[part.front()].set(unseen);
    }
    const bool recursive =
        part.size() > 1 || llvm::any_of(into[part.front()], [&](const In &in) { return in.from == part.front(); });
    if (!recursive)
      continue;
    // All of it runs again and again, by whoever enters it; what it creates inside runs as that, too.
    llvm::SparseBitVector<> all;
    bool exact = true;
    for (FunctionId f : part) {
      all |= running_[f];
      exact &= runs_[f].exact;
      for (const In &in : into[f])
        if (in.origin != none && all_[in.origin].kind != OriginKind::deferred)
          all.set(in.origin);
    }
    for (FunctionId f : part) {
      running_[f] = all;
      runs_[f] = {several, exact};
    }
  }
  count_objects();
}

// How many objects of each class are made, as far as it is written.
void Origins::count_objects() {
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    for (OpId i = 0; i < program_.functions[f].ops.size(); ++i) {
      const Operation &op = program_.functions[f].ops[i];
      const TypeId made = op.makes != none ? op.makes : op.kind == OpKind::construct ? program_.strip_references(op.type) : none;
      if (made == none || !runs_[f].times)
        continue;
      unsigned &count = objects_[made];
      count = std::min(count + (cycles_.on_cycle(f, i) ? several : runs_[f].times), several);
    }
}

Origins::Often Origins::runs(FunctionId f) {
  if (!solved_)
    solve();
  return runs_[f];
}

Origins::Often Origins::threads(OriginId id) {
  const Origin &o = all_[id];
  if (o.kind == OriginKind::main)
    return {1, true};
  if (o.in == none)
    return {1, false};
  const Often creation = runs(o.in);
  if (o.alone && creation.times) {
    const TypeId object = program_.entity_of(o.in).record;
    if (auto made = objects_.find(object); object != none && made != objects_.end())
      return {made->second, creation.exact}; // one for each
  }
  return {cycles_.on_cycle(o.in, o.op) && creation.times ? several : creation.times, creation.exact};
}

std::vector<OriginId> Origins::running(FunctionId f) {
  if (!solved_)
    solve();
  std::vector<OriginId> out;
  for (unsigned id : running_[f])
    out.push_back(id);
  return out;
}

} // namespace tenterhook::analysis
