// The domain, and summaries bottom-up. What single operations do is in order_transfer.cpp.
#include "races/accesses.h"
#include "races/order_transfer.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

static constexpr int most = 4; // threads of one handle that are counted; more are "all"

static int bounded(int n) { return n > most ? Effect::all : n < -most ? (n <= -Effect::all / 2 ? -Effect::all : -most) : n; }
static int sum(int a, int b) { return a == -Effect::all || b == -Effect::all ? -Effect::all : bounded(a + b); }

Effect Effect::then(const Effect &next) const {
  Effect out;
  out.add = sum(add, next.add);
  out.floor = bounded(std::max(next.add == -all ? 0 : sum(floor, next.add), next.floor));
  out.floor = std::max(out.floor, 0);
  out.origins = origins;
  out.origins.insert(next.origins.begin(), next.origins.end());
  out.moved = moved || next.moved;
  out.mixed = mixed || next.mixed;
  return out;
}

void Effect::join(const Effect &other) {
  mixed |= other.mixed || (floor == 0) != (other.floor == 0);
  add = std::max(add, other.add);
  floor = std::max(floor, other.floor);
  origins.insert(other.origins.begin(), other.origins.end());
  moved |= other.moved;
}

Digest Digest::then(const Digest &next) const {
  Digest out = *this;
  for (const auto &[handle, effect] : next.threads) {
    Effect &e = out.threads[handle];
    e = e.then(effect);
  }
  out.signalled.insert(next.signalled.begin(), next.signalled.end());
  out.waited.insert(next.waited.begin(), next.waited.end());
  for (const Handle &h : next.dropped)
    out.claimed.erase(h);
  out.claimed.insert(next.claimed.begin(), next.claimed.end());
  out.dropped.insert(next.dropped.begin(), next.dropped.end());
  return out;
}

bool Digest::join(const Digest &other) {
  bool changed = false;
  auto take = [&](Effect &effect, const Effect &more) {
    const Effect before = effect;
    effect.join(more);
    changed |= !(effect == before);
  };
  for (auto &[handle, effect] : threads) // what one of them does not know, it leaves as it was
    if (!other.threads.count(handle))
      take(effect, {});
  for (const auto &[handle, effect] : other.threads) {
    changed |= !threads.count(handle);
    take(threads[handle], effect);
  }
  const std::size_t known = signalled.size() + waited.size();
  signalled.insert(other.signalled.begin(), other.signalled.end());
  const std::size_t gone = std::erase_if(waited, [&](const auto &event) { return !other.waited.count(event); });
  const std::size_t free = std::erase_if(claimed, [&](const Handle &h) { return !other.claimed.count(h); });
  const std::size_t before = dropped.size();
  dropped.insert(other.dropped.begin(), other.dropped.end());
  changed |= free != 0 || dropped.size() != before;
  return changed || gone || signalled.size() + waited.size() != known;
}

bool Digest::may_run(OriginId origin, const Handle &handle) const {
  return llvm::any_of(threads, [&](const auto &known) {
    const auto &[h, effect] = known;
    return std::max(effect.add, effect.floor) > 0 && effect.origins.count(origin) && (effect.moved || h == handle);
  });
}

// The workers of a pool end what was given to the pool.
bool Digest::has_ended(const Handle &handle) const {
  bool ended = false;
  for (const auto &[h, effect] : threads)
    if (h.in == handle.in && has_prefix(h.path, handle.path)) {
      if (effect.floor > 0)
        return h != handle && ended;
      ended |= effect.add < 0;
    }
  return ended;
}

Order::Order(const Program &program, const Library &library, const CallGraph &calls, Origins &origins, Threads &threads)
    : program_(program), library_(library), calls_(calls), origins_(origins), threads_(threads),
      created_(program.functions.size()), concerned_(program.functions.size()), summaries_(program.functions.size()) {
  handles_.resize(origins.all().size());
  for (OriginId id = 0; id < origins.all().size(); ++id)
    if (const Origin &o = origins.all()[id]; o.in != none) {
      handles_[id] = find_handle(o);
      created_[o.in].push_back(id);
    }
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    collect_flags(f);
  awaited_ = flags_;
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    collect_awaited(f);
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    if (concerns(f))
      collect_events(f);
  for (const auto &component : calls.components()) {
    bool any = false;
    for (FunctionId f : component) {
      any |= concerns(f);
      for (const Edge &e : calls.edges(f))
        any |= concerned_[e.to];
    }
    if (!any)
      continue;
    for (FunctionId f : component)
      concerned_[f] = true;
    for (unsigned round = 0; round < (component.size() > 1 ? 3u : 2u); ++round) { // recursion: what may be created settles
      bool changed = false;
      for (FunctionId f : component) {
        const Digest before_this = summaries_[f];
        solve_body(f);
        changed |= !(before_this == summaries_[f]);
      }
      if (!changed)
        break;
    }
  }
}

// Whether an operation of the function itself creates, joins, or tells others of something.
bool Order::concerns(FunctionId f) const {
  if (!created_[f].empty())
    return true;
  return llvm::any_of(program_.functions[f].ops, [&](const Operation &op) {
    if (op.kind == OpKind::access)
      return sets_flag(f, op);
    if (op.kind == OpKind::destroy) {
      const TypeModel *type = library_.type(op.type);
      return type && (type->thread || type->destructor_blocks);
    }
    if (op.kind != OpKind::call && op.kind != OpKind::construct)
      return false;
    const FunctionModel *m = library_.function(op);
    return m && (m->joins || m->gives_up || m->signals || m->awaits || m->awaits_true || m->result_stands_for || m->claims_zero ||
                 m->claims_true || m->claims_equal || m->condition_variable || m->ready_if || m->runs_once() || m->asks_running);
  });
}

void Order::solve_body(FunctionId f) {
  std::erase_if(solved_, [&](const auto &known) { return known.first.first == f; });
  const Function &function = program_.functions[f];
  if (function.blocks.size() < 2)
    return;
  OrderTransfer transfer(*this, f, none);
  const auto solution = solve(function, transfer);
  if (solution.at_entry[1])
    summaries_[f] = *solution.at_entry[1];
}

const Digest &Order::before(FunctionId f, OpId op, OpId fresh) {
  if (!concerned_[f])
    return nothing_;
  auto [it, added] = solved_.try_emplace({f, fresh});
  if (added) {
    const Function &function = program_.functions[f];
    it->second.resize(function.ops.size());
    OrderTransfer transfer(*this, f, fresh);
    const auto solution = solve(function, transfer);
    for (BlockId b = 0; b < function.blocks.size(); ++b) {
      if (!solution.at_entry[b])
        continue;
      Digest state = *solution.at_entry[b];
      for (OpId i = function.blocks[b].first; i < function.blocks[b].first + function.blocks[b].count; ++i) {
        it->second[i] = state;
        transfer.transfer(i, state);
      }
    }
  }
  return it->second[op];
}

AccessPath without_elements(AccessPath path) {
  std::erase_if(path.steps, [](const PathStep &s) { return s.kind == StepKind::index; });
  return path;
}

Handle Order::handle_of(FunctionId f, const Operand &operand) const {
  AccessPath path = without_elements(threads_.names(f).of(operand));
  if (auto known = stands_for_.find(f); known != stands_for_.end())
    if (auto it = known->second.find(path); it != known->second.end())
      path = it->second;
  return {none, path};
}

// A store that tells others nothing of what was before it ([atomics.order]): the last argument is memory_order_relaxed.
bool is_relaxed(const Program &program, const Operation &op) {
  if (op.args.empty() || op.args.back().kind != OperandKind::constant || op.args.back().value != 0)
    return false;
  const TypeId type = op.args.back().type;
  if (type != none && program.types[type].kind == TypeKind::enumeration)
    return true;
  const std::size_t fewest = op.type == none ? 3 : 2; // a builtin's: address, value to store, order
  return op.receiver.kind == OperandKind::unknown && op.args.size() >= fewest;
}

// What a wait for a condition variable asks: the value that its predicate gives, or on which its loop turns.
AccessPath Order::asked_flag(FunctionId f, OpId wait, FunctionId *asker) const {
  const Operation &op = program_.functions[f].ops[wait];
  for (const Operand &arg : op.args)
    if (arg.kind == OperandKind::closure)
      if (const FunctionId predicate = program_.body_for(f, arg.entity); predicate != none)
        for (const Operation &inner : program_.functions[predicate].ops)
          if (inner.kind == OpKind::ret && inner.args.size() == 1 && inner.args[0].kind == OperandKind::path) {
            *asker = predicate;
            return threads_.names(predicate).resolve(plain(inner.args[0].path));
          }
  return {};
}

void Order::collect_flags(FunctionId f) {
  const Function &function = program_.functions[f];
  bool waits = false;
  for (OpId i = 0; i < function.ops.size(); ++i) {
    const FunctionModel *m = function.ops[i].kind == OpKind::call ? library_.function(function.ops[i]) : nullptr;
    if (!m || !m->condition_variable || m->condition_variable->action != ConditionAction::wait)
      continue;
    waits = true;
    FunctionId asker = f;
    if (const AccessPath flag = asked_flag(f, i, &asker); flag.valid())
      flags_.insert(terminal(asker, flag));
  }
  if (waits)
    for (const Block &block : function.blocks)
      if (block.branch.present && block.branch.condition.kind == OperandKind::path && block.succs.size() == 2)
        flags_.insert(terminal(f, threads_.names(f).resolve(plain(block.branch.condition.path))));
}

// Whether the access sets a flag that somebody waits for: gives it a value that is not 0.
bool Order::sets_flag(FunctionId f, const Operation &op) const {
  if (flags_.empty() || !(op.access & static_cast<unsigned>(AccessKind::write)) || op.args.empty() ||
      op.args[0].kind != OperandKind::constant || op.args[0].value == 0)
    return false;
  return flags_.count(terminal(f, threads_.names(f).resolve(plain(op.path)))) != 0;
}

void Order::collect_awaited(FunctionId f) {
  for (const Operation &op : program_.functions[f].ops) {
    const FunctionModel *m = op.kind == OpKind::call ? library_.function(op) : nullptr;
    if (!m)
      continue;
    auto take = [&](const std::optional<Subject> &subject) {
      if (subject)
        for (const Operand &operand : library_.subjects(op, *subject))
          awaited_.insert(terminal(f, handle_of(f, operand).path));
    };
    for (const auto *subject : {&m->joins, &m->awaits, &m->awaits_true, &m->claims_zero, &m->claims_true, &m->claims_equal})
      take(*subject);
    if (m->ready_if && op.receiver.kind != OperandKind::unknown)
      awaited_.insert(terminal(f, handle_of(f, op.receiver).path));
  }
}

// Whether anybody may wait for the event, or claim it. What has no name of its own (a parameter) may be any.
bool Order::is_awaited(FunctionId f, const AccessPath &path) const {
  const AccessPath named = terminal(f, path);
  return (!named.valid() && named.steps.empty()) || (named.valid() && named.root != RootKind::global) || awaited_.count(named);
}

void Order::collect_events(FunctionId f) {
  const Function &function = program_.functions[f];
  for (OpId i = 0; i < function.ops.size(); ++i) {
    const Operation &op = function.ops[i];
    if (op.kind == OpKind::access && sets_flag(f, op))
      ++sites_[terminal(f, threads_.names(f).resolve(plain(op.path)))];
    const FunctionModel *m = op.kind == OpKind::call ? library_.function(op) : nullptr;
    if (!m)
      continue;
    if (m->result_stands_for)
      for (const Operand &operand : library_.subjects(op, *m->result_stands_for))
        if (const AccessPath home = without_elements(threads_.names(f).home(i)), of = handle_of(f, operand).path;
            home.valid() && of.valid() && home != of)
          stands_for_[f].emplace(home, of);
    if (m->signals && !is_relaxed(program_, op))
      for (const Operand &operand : library_.subjects(op, *m->signals))
        ++sites_[terminal(f, handle_of(f, operand).path)];
  }
}

AccessPath last_named(const AccessPath &path) {
  for (std::size_t s = path.steps.size(); s-- > 0;)
    if (path.steps[s].kind == StepKind::field && path.steps[s].field != none)
      return {RootKind::none, none, {path.steps[s]}, false};
  return path.root == RootKind::global ? AccessPath{RootKind::global, path.id, {}, false} : AccessPath{};
}

AccessPath Order::terminal(FunctionId f, AccessPath path) const {
  for (unsigned depth = 0; depth < 8; ++depth) {
    if (AccessPath named = last_named(path); named.valid() || !named.steps.empty())
      return named;
    const Function &function = program_.functions[f];
    if (path.root != RootKind::capture || path.id >= function.captures.size() || function.enclosing == none)
      break;
    const FunctionId outer = program_.body_for(f, function.enclosing);
    if (outer == none)
      break;
    path = handle_of(outer, function.captures[path.id].source).path;
    f = outer;
  }
  return {path.root, path.id, {PathStep{StepKind::container, f}}, false};
}

unsigned Order::announced(FunctionId f, const AccessPath &path) const {
  auto it = sites_.find(terminal(f, path));
  return it == sites_.end() ? 0 : it->second;
}

AccessPath Order::find_handle(const Origin &origin) {
  const Function &function = program_.functions[origin.in];
  const LockPaths &names = threads_.names(origin.in);
  const Operation *op = &function.ops[origin.op];
  OpId at = origin.op;
  for (unsigned depth = 0; depth < 4; ++depth) { // through what it is given to: push_back(std::move(…)), operator=(…)
    const FunctionModel *m = library_.function(*op);
    if (m && m->handle && *m->handle < static_cast<int>(op->args.size()))
      return without_elements(names.of(op->args[*m->handle]));
    if (origin.kind == OriginKind::pool || origin.kind == OriginKind::loop || origin.kind == OriginKind::kept)
      return op->receiver.kind == OperandKind::unknown ? (op->args.empty() ? AccessPath{} : names.of(op->args[0]))
                                                       : without_elements(names.of(op->receiver));
    if (op->kind == OpKind::call && op->makes != none && !op->prvalue_result) // threads.emplace_back(…)
      return without_elements(names.of(op->receiver));
    if (op->kind == OpKind::construct && op->path.valid() && op->path.root != RootKind::result)
      return without_elements(names.resolve(plain(op->path)));
    if (op->use.kind == UseKind::returned)
      return returned_object();
    if (op->use.kind == UseKind::stored && op->use.target.valid())
      return without_elements(names.resolve(plain(op->use.target)));
    if (op->use.kind == UseKind::argument && op->use.user != none) {
      at = op->use.user;
      op = &function.ops[at];
      if (op->receiver.kind == OperandKind::path || op->receiver.kind == OperandKind::result)
        return without_elements(names.of(op->receiver));
      continue;
    }
    break;
  }
  return {RootKind::result, at, {}, false};
}

Handle Order::outside(FunctionId caller, OpId op, FunctionId body, const Handle &handle) {
  if (handle.in != none || !handle.path.valid() || handle.path.root == RootKind::global)
    return handle;
  if (is_own(program_.functions[body], handle.path))
    return {body, handle.path};
  return {none, without_elements(threads_.outside_as_given(caller, op, body, handle.path))};
}

// What the bodies do that the operation runs: destructors and an await's methods one after the other, else one of them.
Digest Order::effect_of_calls(FunctionId f, OpId op) {
  const auto &edges = calls_.edges(f);
  auto first = std::lower_bound(edges.begin(), edges.end(), op, [](const Edge &e, OpId o) { return e.op < o; });
  Digest out;
  bool any = false;
  const Operation &operation = program_.functions[f].ops[op];
  for (auto e = first; e != edges.end() && e->op == op; ++e) {
    Digest translated;
    for (const auto &[inside, effect] : summaries_[e->to].threads) {
      const Handle handle = outside(f, op, e->to, inside);
      if (handle.in != none && inside.in == none && effect.add <= 0 && effect.floor <= 0)
        continue; // its own, and over
      Effect &to = translated.threads[handle];
      if (handle.in != none || handle.path.valid())
        to = to.then(effect);
      else
        to.join({std::max(effect.add, 0), effect.floor, effect.origins, effect.mixed,
                 true}); // whose they are nobody can say: none has ended
    }
    for (const Handle &h : summaries_[e->to].signalled)
      if (const Handle there = outside(f, op, e->to, h); there.in == none) // who waits for the callee's own has gone with it
        translated.signalled.insert(there);
    for (const auto &[event, all] : summaries_[e->to].waited)
      if (const Handle there = outside(f, op, e->to, event); there.in != none || there.path.valid())
        translated.waited.insert({there, all});
    for (const Handle &h : summaries_[e->to].claimed)
      if (const Handle there = outside(f, op, e->to, h); there.in != none || there.path.valid())
        translated.claimed.insert(there);
    for (const Handle &h : summaries_[e->to].dropped)
      if (const Handle there = outside(f, op, e->to, h); there.in == none)
        translated.dropped.insert(there);
    const bool sequence = e->link == Link::destructor || e->link == Link::awaiter;
    if (sequence)
      out = out.then(translated);
    else if (!any)
      out = translated;
    else
      out.join(translated);
    if (!sequence && (e->presumed || (!e->sure && operation.virtual_call && !any)))
      out.join({});
    any = true;
  }
  return out;
}

} // namespace tenterhook::analysis
