// The walk up.
#include "races/arrivals.h"
#include "values/callables.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

Arrivals::Arrivals(const Program &program, const Library &library, const CallGraph &calls, Origins &origins, Threads &threads,
                   Order &order, Accesses &accesses, HeldLocks &held)
    : program_(program), calls_(calls), origins_(origins), threads_(threads), order_(order), accesses_(accesses), held_(held) {
  for (const Dispatcher &d : find_dispatchers(program, library, calls))
    dispatchers_.insert({d.in, d.op});
}

bool Arrivals::made_here(FunctionId f, const Handle &name, bool content) const {
  if (name.in != none || !name.path.valid())
    return false;
  if (name.path.root == RootKind::result)
    return name.path.id != none;
  if (name.path.root == RootKind::local && name.path.id >= program_.functions[f].parameter_count)
    return true;
  return accesses_.is_private(f, {name.path, content, {}});
}

// Names that no caller has are the function's own.
void Arrivals::settle(State &state) const {
  if (made_here(state.f, state.data, state.content)) {
    state.data.in = state.f;
    state.made = state.crossed;
  }
  for (LockHeld &lock : state.locks)
    if (made_here(state.f, lock.lock, !lock.once)) {
      lock.lock.in = state.f;
      lock.own = !state.crossed;
    }
  auto set = [](auto &items) { // a recursion adds nothing new
    llvm::sort(items);
    items.erase(std::unique(items.begin(), items.end()), items.end());
  };
  set(state.locks);
  set(state.released);
}

// The operation on a cycle that makes the object anew each time; none if it is made once.
OpId Arrivals::made_by(FunctionId f, const Handle &name, OpId before) const {
  if (name.in != none || !name.path.valid())
    return none;
  const Function &function = program_.functions[f];
  if (name.path.root == RootKind::result)
    return name.path.id < function.ops.size() && origins_.on_cycle(f, name.path.id) ? name.path.id : none;
  if (name.path.root != RootKind::local || name.path.id < function.parameter_count)
    return none;
  for (OpId i = 0; i < function.ops.size() && i <= before; ++i) {
    const Operation &op = function.ops[i];
    const bool itself =
        (op.kind == OpKind::construct && op.path.is_local(name.path.id)) ||
        (op.use.kind == UseKind::stored && op.use.target.is_local(name.path.id)) ||
        (op.kind == OpKind::access && op.path.is_local(name.path.id) && op.access & static_cast<unsigned>(AccessKind::write));
    if (itself)
      return origins_.on_cycle(f, i) ? i : none;
  }
  return none;
}

void Arrivals::take_held(FunctionId f, OpId op, State &state) {
  const Holding &holding = held_.at(f, op);
  for (const HeldLock &lock : holding.locks)
    if (const Handle held{none, lock.path}; lock.path.valid() && !llvm::is_contained(state.released, held))
      state.locks.push_back({held, lock.shared});
  for (const AccessPath &lock : holding.released)
    state.released.push_back({none, lock});
}

template <class Translate>
Arrivals::State Arrivals::translated(const State &state, FunctionId to, const Translate &translate) const {
  State next = state;
  next.f = to;
  auto name = [&](Handle &handle) {
    if (handle.in == none && handle.path.valid() && handle.path.root != RootKind::global)
      handle.path = translate(handle.path);
  };
  name(next.data);
  for (LockHeld &lock : next.locks)
    name(lock.lock);
  for (Handle &lock : next.released)
    name(lock);
  std::erase_if(next.locks, [](const LockHeld &lock) { return !lock.lock.path.valid(); });
  std::erase_if(next.released, [](const Handle &lock) { return !lock.path.valid(); });
  return next;
}

// The value of an index, where it is a parameter or a capture as it was given.
void Arrivals::translate_key(State &next, const State &state, FunctionId caller, OpId op, bool thread, unsigned shift) const {
  if (state.key.kind != ElementKey::value || state.key_of == none)
    return;
  const Function &body = program_.functions[state.f];
  const Operation &call = program_.functions[caller].ops[op];
  const AccessPath &path = state.key.path;
  next.key_of = caller;
  const Operand *given = nullptr;
  if (path.steps.empty() && path.root == RootKind::local && path.id < body.parameter_count) {
    if (path.id + shift < call.args.size())
      given = &call.args[path.id + shift];
  } else if (path.steps.empty() && path.root == RootKind::capture && path.id < body.captures.size()) {
    if (body.enclosing != none && program_.body_for(state.f, body.enclosing) == caller)
      given = &body.captures[path.id].source;
  } else if (path.root == RootKind::local) {
    next.key_of = state.key_of; // of one thread, or of nobody
    if (thread)
      next.key = {};
    return;
  }
  if (!given) {
    next.key = {};
  } else if (given->kind == OperandKind::constant) {
    next.key = {ElementKey::constant, given->value + state.key.offset, {}};
    next.key_of = none;
  } else if (given->kind == OperandKind::path && !given->address) {
    next.key = {ElementKey::value, state.key.offset, threads_.names(caller).resolve(plain(given->path))};
  } else {
    next.key = {};
  }
}

static constexpr std::size_t longest_way = 60; // calls between two threads' creations

void Arrivals::through_call(const State &state, FunctionId caller, const Edge &edge, std::vector<Arrival> &out) {
  if (edge.link == Link::callback && !program_.bodies(program_.functions[caller].ops[edge.op].callee).empty() &&
      llvm::any_of(calls_.callers(state.f), [&](const auto &c) { return calls_.edges(c.first)[c.second].link == Link::value; }))
    return; // what it is given to calls it, by an edge of its own
  State next =
      translated(state, caller, [&](const AccessPath &path) { return threads_.outside(caller, edge.op, state.f, path); });
  if (state.data.path.valid() && !next.data.path.valid())
    return; // memory that nobody outside can name
  translate_key(next, state, caller, edge.op, false, 0);
  if (state.crossed == 0) {
    take_held(caller, edge.op, next);
    if (origins_.runs_once(caller, edge))
      if (const Operation &op = program_.functions[caller].ops[edge.op]; !op.args.empty())
        if (const Handle flag{none, without_elements(threads_.names(caller).of(op.args[0]))}; flag.path.valid())
          next.locks.push_back({flag, false, true});
  }
  const bool here = made_here(caller, next.data, state.content);
  const OpId fresh = here ? made_by(caller, next.data, edge.op) : none;
  const bool making = program_.functions[state.f].constructor && state.data.in == none && state.data.path.root == RootKind::self;
  const bool repeated = state.crossed && next.data.in == none && threads_.repeats_for(caller, edge.op, next.data.path);
  settle(next);
  for (Arrival arrival : from(next)) {
    Level &level = arrival.levels.front();
    if (level.frames.size() >= longest_way)
      continue;
    level.frames.insert(level.frames.begin(), Frame{caller, edge.op, fresh, here, making});
    arrival.repeated |= repeated;
    arrival.exact &= edge.sure && edge.link != Link::value && edge.link != Link::callback;
    arrival.presumed |= edge.presumed;
    out.push_back(std::move(arrival));
  }
}

// Who runs what is kept: the threads that take it out. Whether somebody is seen to.
bool Arrivals::run_by(FunctionId f, Level &level) {
  std::set<OriginId> runners;
  unsigned count = 0;
  for (auto [caller, index] : calls_.callers(f)) {
    const Edge &edge = calls_.edges(caller)[index];
    if (edge.link != Link::value)
      continue;
    for (OriginId id : origins_.running(caller)) {
      if (!runners.insert(id).second)
        continue;
      const Origin &o = origins_.all()[id];
      count += o.kind == OriginKind::pool ? several : o.kind == OriginKind::loop ? 1 : std::max(1u, origins_.threads(id).times);
    }
  }
  if (count < several && !runners.empty())
    level.serial = *runners.begin();
  return count > 0;
}

// What a thread is given is copied for it, unless it is a pointer or wrapped by std::ref ([thread.thread.constr]/5): a
// callable object, an argument behind a reference parameter.
bool Arrivals::is_copied(const State &state, FunctionId creator, const Operation &made, unsigned callable, unsigned shift) const {
  if (state.data.in != none)
    return false;
  auto by_value = [&](const Operand &given) {
    return given.kind == OperandKind::path && !given.address && !given.by_reference &&
           !accesses_.leads_on(program_.strip_references(given.type));
  };
  const Function &body = program_.functions[state.f], &in = program_.functions[creator];
  const AccessPath &path = state.data.path;
  const Operand *bound = &made.args[callable]; // auto work = std::bind(…), or in place
  if (bound->kind == OperandKind::path && bound->path.root == RootKind::local && bound->path.steps.empty())
    bound = &in.locals[bound->path.id].init;
  const bool binds = bound->kind == OperandKind::result && in.ops[bound->op].args.size() > 1 &&
                     in.ops[bound->op].args[0].kind == OperandKind::function;
  const Operation &creation = binds ? in.ops[bound->op] : made;
  if (binds) {
    shift -= callable;
    if (!body.is_static && program_.entity_of(state.f).record != none && shift == 1)
      ++shift;
    callable = 0;
  }
  if (path.root == RootKind::self && !body.lambda && creation.args[callable].kind != OperandKind::function)
    return by_value(creation.args[callable]) || creation.args[callable].kind == OperandKind::result;
  if (path.root == RootKind::self && !body.lambda && shift > callable + 1 && shift - 1 < creation.args.size())
    return by_value(creation.args[shift - 1]);
  if (path.root == RootKind::local && path.id + shift < creation.args.size())
    return by_value(creation.args[path.id + shift]);
  return false;
}

void Arrivals::through_creation(const State &state, OriginId id, std::vector<Arrival> &out) {
  const Origin &origin = origins_.all()[id];
  if (state.crossed == limit_of(Limit::creators)) {
    program_.limits().hit(Limit::creators, state.f);
    return;
  }
  const Function &creator = program_.functions[origin.in];
  unsigned shift = 0; // of its arguments among those of the operation
  const auto &args = creator.ops[origin.op].args;
  for (std::size_t a = 0; a < args.size(); ++a)
    if (llvm::is_contained(calls_.callable_targets(origin.in, args[a]), state.f)) {
      const bool method = args[a].kind == OperandKind::function && !program_.functions[state.f].is_static &&
                          program_.entity_of(state.f).record != none;
      shift = static_cast<unsigned>(a) + 1 + (method ? 1 : 0);
      if (is_copied(state, origin.in, creator.ops[origin.op], static_cast<unsigned>(a), shift))
        return;
      break;
    }
  State next = translated(state, origin.in, [&](const AccessPath &path) { return threads_.bound(id, state.f, path); });
  if (state.data.path.valid() && !next.data.path.valid())
    return;
  translate_key(next, state, origin.in, origin.op, true, shift);
  const bool in_place = origin.kind == OriginKind::deferred;
  const bool here = made_here(origin.in, next.data, state.content);
  const OpId fresh = here ? made_by(origin.in, next.data, origin.op) : none;
  const bool repeated = next.data.in == none ? threads_.repeats_for(origin.in, origin.op, next.data.path) : false;
  if (!in_place) {
    ++next.crossed;
    next.released.clear();
  }
  settle(next);
  for (Arrival arrival : from(next)) {
    Level &outer = arrival.levels.front();
    if (outer.frames.size() >= longest_way)
      continue;
    outer.frames.insert(outer.frames.begin(), Frame{origin.in, origin.op, fresh, here, false});
    arrival.exact &= origin.sure && origin.kind == OriginKind::thread;
    if (in_place) {
      out.push_back(std::move(arrival));
      continue;
    }
    Level level;
    level.origin = id;
    level.entry = state.f;
    level.again = (repeated || arrival.repeated) && !origin.alone;
    arrival.repeated = false;
    if (origin.kind == OriginKind::loop)
      level.serial = id;
    if (origin.kind == OriginKind::kept || origin.kind == OriginKind::loop)
      arrival.presumed |= !run_by(state.f, level) && origin.kind == OriginKind::kept;
    arrival.levels.insert(arrival.levels.begin(), std::move(level));
    out.push_back(std::move(arrival));
  }
}

bool Arrivals::is_dispatched(FunctionId f, const Edge &edge, FunctionId to) const {
  if (edge.link != Link::value)
    return false;
  const bool kept = llvm::any_of(origins_.starting(to), [&](OriginId id) { return origins_.all()[id].kind == OriginKind::kept; });
  return kept && dispatchers_.count({f, edge.op});
}

static constexpr unsigned deepest = 400; // calls and creations above one access

const std::vector<Arrival> &Arrivals::from(const State &state) {
  auto [it, added] = known_.try_emplace(state);
  if (!added)
    return it->second;
  const FunctionId f = state.f;
  if (++states_[f] > limit_of(Limit::states) || depth_ > deepest) {
    program_.limits().hit(Limit::states, f);
    return it->second;
  }
  ++depth_;
  std::vector<Arrival> out;
  bool entered = false, dispatched = false;
  for (auto [caller, index] : calls_.callers(f)) {
    const Edge &edge = calls_.edges(caller)[index];
    if (caller == f)
      continue;
    entered = true;
    if (is_dispatched(caller, edge, f))
      dispatched = true;
    else
      through_call(state, caller, edge, out);
    if (out.size() > limit_of(Limit::arrivals))
      break;
  }
  for (OriginId id : origins_.starting(f)) {
    const Origin &origin = origins_.all()[id];
    if (origin.kind == OriginKind::kept && !dispatched && entered)
      continue; // whoever takes it out runs it
    entered = true;
    through_creation(state, id, out);
    if (out.size() > limit_of(Limit::arrivals))
      break;
  }
  auto root = [&](OriginId id) {
    Arrival arrival;
    arrival.object = state.data;
    arrival.made = state.data.in == none ? state.crossed : state.made;
    arrival.key = state.key;
    arrival.key_of = state.key_of;
    arrival.levels.push_back({id, f, false, facts::none, {}});
    arrival.locks = state.locks;
    out.push_back(std::move(arrival));
  };
  if (begins_on_main(program_, f))
    root(Origins::main);
  else if (!entered)
    root(Origins::unseen);
  if (out.size() > limit_of(Limit::arrivals)) {
    program_.limits().hit(Limit::arrivals, f);
    out.resize(limit_of(Limit::arrivals));
  }
  --depth_;
  return known_[state] = std::move(out);
}

std::vector<Arrival> Arrivals::of(FunctionId f, const Access &access) {
  State state;
  state.f = f;
  state.data = {none, access.at.path};
  state.content = access.at.content;
  state.key = access.at.key;
  state.key_of = access.at.key.kind == ElementKey::value ? f : none;
  take_held(f, access.op, state);
  const bool here = made_here(f, state.data, state.content);
  const OpId fresh = here ? made_by(f, state.data, access.op) : none;
  settle(state);
  std::vector<Arrival> out = from(state);
  for (Arrival &arrival : out) {
    arrival.levels.front().frames.insert(arrival.levels.front().frames.begin(), Frame{f, access.op, fresh, here, false});
    finish(arrival);
  }
  return out;
}

// A name of a frame's function, as the outermost frame has it, or as the own name of the function that made it.
Handle Arrivals::lifted(const Arrival &arrival, std::size_t level, std::size_t frame, Handle handle) const {
  while (handle.in == none && handle.path.valid() && handle.path.root != RootKind::global) {
    const Level &at = arrival.levels[level];
    const FunctionId body = at.frames[frame].in;
    if (frame + 1 < at.frames.size()) {
      ++frame;
      handle = order_.outside(at.frames[frame].in, at.frames[frame].op, body, handle);
      continue;
    }
    if (level + 1 == arrival.levels.size() || made_here(body, handle, false)) {
      handle.in = body;
      break;
    }
    const Function &function = program_.functions[body];
    const FunctionId creator = arrival.levels[level + 1].frames.front().in;
    ++level;
    frame = 0;
    if (handle.path.root == RootKind::capture && handle.path.steps.empty() && handle.path.id < function.captures.size() &&
        function.enclosing != none && program_.body_for(body, function.enclosing) == creator)
      handle = order_.handle_of(creator, function.captures[handle.path.id].source); // moved or copied, it is the same event
    else
      handle.path = without_elements(threads_.bound(arrival.levels[level - 1].origin, body, handle.path));
  }
  return handle;
}

Digest Arrivals::lifted(const Arrival &arrival, std::size_t level, std::size_t frame, const Digest &digest) const {
  Digest out;
  for (const auto &[handle, effect] : digest.threads) {
    const Handle there = lifted(arrival, level, frame, handle);
    Effect &to = out.threads[there];
    if (there.path.valid())
      to = to.then(effect);
    else
      to.join({std::max(effect.add, 0), effect.floor, effect.origins, effect.mixed, true});
  }
  for (const Handle &handle : digest.signalled)
    out.signalled.insert(lifted(arrival, level, frame, handle));
  for (const Handle &handle : digest.claimed)
    if (const Handle there = lifted(arrival, level, frame, handle); there.path.valid())
      out.claimed.insert(there);
  for (const Handle &handle : digest.dropped)
    out.dropped.insert(lifted(arrival, level, frame, handle));
  for (const auto &[event, all] : digest.waited)
    if (const Handle there = lifted(arrival, level, frame, event); there.path.valid())
      out.waited.insert({there, all});
  return out;
}

Handle Arrivals::at_entry(const Arrival &arrival, const Handle &handle) const {
  return lifted(arrival, 0, arrival.levels.front().frames.size() - 1, handle);
}

void Arrivals::finish(Arrival &arrival) {
  for (std::size_t l = 0; l < arrival.levels.size(); ++l) {
    Level &level = arrival.levels[l];
    for (std::size_t frame = level.frames.size(); frame-- > 0;) {
      const Frame &at = level.frames[frame];
      if (at.making || at.first)
        level.done = {};
      if (!at.making)
        level.done = level.done.then(lifted(arrival, l, frame, order_.before(at.in, at.op, at.fresh)));
    }
    if (l > 0)
      level.child = lifted(arrival, l, 0, {none, order_.handle(arrival.levels[l - 1].origin)});
  }
}

} // namespace tenterhook::analysis
