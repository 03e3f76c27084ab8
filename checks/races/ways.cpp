// The climb.
#include "races/ways.h"
#include "values/callables.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

Ways::Ways(const Program &program, const Library &library, const CallGraph &calls, Origins &origins, Threads &threads,
           Accesses &accesses, const LockNames &names)
    : program_(program), library_(library), calls_(calls), origins_(origins), threads_(threads), accesses_(accesses),
      names_(names), executors_(program, library, threads) {
  for (const Dispatcher &d : find_dispatchers(program, library, calls))
    dispatchers_.emplace(std::pair(d.in, d.op), d.kept);
}

bool Ways::made_here(FunctionId f, const AccessPath &path, bool content) const {
  return is_own(program_.functions[f], path) || accesses_.is_private(f, {path, content, {}});
}

OpId Ways::made_by(FunctionId f, const AccessPath &path, OpId before) const {
  if (!path.valid())
    return none;
  const Function &function = program_.functions[f];
  if (path.root == RootKind::result)
    return path.id < function.ops.size() && origins_.on_cycle(f, path.id) ? path.id : none;
  if (path.root != RootKind::local || path.id < function.parameter_count)
    return none;
  for (OpId i = 0; i < function.ops.size() && i <= before; ++i) {
    const Operation &op = function.ops[i];
    const bool itself =
        (op.kind == OpKind::construct && op.path.is_local(path.id)) ||
        (op.use.kind == UseKind::stored && op.use.target.is_local(path.id)) ||
        (op.kind == OpKind::access && op.path.is_local(path.id) && op.access & static_cast<unsigned>(AccessKind::write));
    if (itself)
      return origins_.on_cycle(f, i) ? i : none;
  }
  return none;
}

// How many steps of a location name its object: without members and elements that are parts of it.
std::size_t Ways::base_length(FunctionId f, const Location &at) const {
  AccessPath path = at.path;
  if (path.root == RootKind::global || at.content)
    return path.steps.size();
  for (bool itself = true; !path.steps.empty(); itself = false) { // a pointer that is changed itself is a part, too
    const PathStep &last = path.steps.back();
    if ((last.kind != StepKind::field && last.kind != StepKind::index) || captured_number(last))
      break;
    const TypeId type = type_at(program_, names_, f, path);
    if (type == none || program_.strip_references(type) != type)
      break;
    if (!itself && (leads_on(program_, library_, type) || names_.callable(type)))
      break;
    path.steps.pop_back();
  }
  return path.steps.size();
}

bool Ways::follows_key(FunctionId f, const Access &access) const {
  const AccessPath &path = access.at.key.path;
  return access.at.key.kind == ElementKey::value && path.steps.empty() &&
         (path.root == RootKind::capture || (path.root == RootKind::local && path.id < program_.functions[f].parameter_count));
}

NodeId Ways::of(FunctionId f, const Access &access) {
  WayNode wanted;
  wanted.f = f;
  if (access.at.path.root != RootKind::global) {
    wanted.base = access.at.path;
    wanted.base.steps.resize(base_length(f, access.at));
    const bool part = wanted.base.steps.size() < access.at.path.steps.size();
    wanted.content = access.at.content || (part && leads_on(program_, library_, type_at(program_, names_, f, wanted.base)));
  }
  if (follows_key(f, access)) {
    wanted.key = access.at.key;
    wanted.key_of = f;
  }
  const NodeId id = node(std::move(wanted));
  if (access.at.path.root == RootKind::global) {
    const unsigned number = globals_.try_emplace(access.at.path.id, static_cast<unsigned>(globals_.size())).first->second;
    nodes_[id].touched.set(number);
    if (access.write)
      nodes_[id].written.set(number);
  }
  return id;
}

AccessPath Ways::rest(FunctionId f, const Access &access) const {
  if (access.at.path.root == RootKind::global)
    return access.at.path;
  AccessPath path = access.at.path;
  path.steps.erase(path.steps.begin(), path.steps.begin() + static_cast<std::ptrdiff_t>(base_length(f, access.at)));
  path.root = RootKind::none;
  return path;
}

NodeId Ways::node(WayNode wanted) {
  auto [it, added] =
      known_.try_emplace({wanted.f, wanted.base, wanted.content, wanted.key, wanted.key_of}, static_cast<NodeId>(nodes_.size()));
  if (!added)
    return it->second;
  if (made_here(wanted.f, wanted.base, wanted.content))
    wanted.root = WayNode::Root::made;
  nodes_.push_back(std::move(wanted));
  above_.emplace_back();
  return it->second;
}

void Ways::find() {
  for (; climbed_ < nodes_.size(); ++climbed_)
    if (nodes_[climbed_].root != WayNode::Root::made)
      climb(static_cast<NodeId>(climbed_));
  std::vector<NodeId> crossing;
  for (NodeId id = 0; id < nodes_.size(); ++id)
    if (llvm::any_of(nodes_[id].down, [](const Way &way) { return way.crosses; }))
      crossing.push_back(id);
  const std::vector<bool> shared = leading_to(crossing);
  for (NodeId id = 0; id < nodes_.size(); ++id)
    nodes_[id].shared = shared[id];
  find_globals();
}

void Ways::find_globals() {
  std::vector<NodeId> work;
  for (NodeId id = 0; id < nodes_.size(); ++id)
    if (!nodes_[id].touched.empty())
      work.push_back(id);
  while (!work.empty()) {
    const NodeId id = work.back();
    work.pop_back();
    for (NodeId up : above_[id]) {
      WayNode &above = nodes_[up];
      bool changed = false;
      changed |= above.touched |= nodes_[id].touched;
      changed |= above.written |= nodes_[id].written;
      changed |= above.crossed |= nodes_[id].crossed;
      for (const Way &way : above.down)
        if (way.to == id && way.crosses)
          changed |= above.crossed |= nodes_[id].touched;
      if (changed)
        work.push_back(up);
    }
  }
}

llvm::SparseBitVector<> Ways::creations(NodeId from) const {
  llvm::SparseBitVector<> out, seen;
  std::vector<NodeId> work{from};
  seen.set(from);
  while (!work.empty()) {
    const NodeId id = work.back();
    work.pop_back();
    for (const Way &way : nodes_[id].down) {
      if (way.crosses)
        out.set(way.origin);
      if (seen.test_and_set(way.to))
        work.push_back(way.to);
    }
  }
  return out;
}

std::vector<bool> Ways::leading_to(const std::vector<NodeId> &ids) const {
  std::vector<bool> out(nodes_.size());
  std::vector<NodeId> work;
  auto add = [&](NodeId id) {
    if (!out[id])
      work.push_back(id);
    out[id] = true;
  };
  llvm::for_each(ids, add);
  while (!work.empty()) {
    const NodeId id = work.back();
    work.pop_back();
    llvm::for_each(above_[id], add);
  }
  return out;
}

void Ways::climb(NodeId id) {
  const FunctionId f = nodes_[id].f;
  if (++count_[f] > limit_of(Limit::states)) {
    program_.limits().hit(Limit::states, f);
    return;
  }
  bool entered = false, dispatched = false;
  // A callable that a class keeps and runs in the thread that it starts: what is bound to it is known where it is made.
  const bool by_threads = nodes_[id].base.valid() && is_run_by_threads(f) && !is_known_to_callers(nodes_[id]);
  for (auto [caller, index] : calls_.callers(f)) {
    if (caller == f)
      continue;
    const Edge &edge = calls_.edges(caller)[index];
    entered = true;
    if (by_threads && edge.link == Link::value)
      dispatched = true;
    else if (is_dispatched(caller, edge, f))
      dispatched = true;
    else
      climb_call(id, caller, edge);
  }
  for (OriginId origin : origins_.starting(f)) {
    if (origins_.all()[origin].kind == OriginKind::kept && !dispatched && entered)
      continue; // whoever takes it out runs it
    entered = true;
    climb_creation(id, origin);
  }
  if (begins_on_main(program_, f))
    nodes_[id].root = WayNode::Root::main;
  else if (!entered)
    nodes_[id].root = WayNode::Root::unseen;
}

bool Ways::is_dispatched(FunctionId f, const Edge &edge, FunctionId to) const {
  if (edge.link != Link::value)
    return false;
  const bool kept = llvm::any_of(origins_.starting(to), [&](OriginId id) { return origins_.all()[id].kind == OriginKind::kept; });
  return kept && dispatchers_.count({f, edge.op});
}

// A step from a node to the one above it, if the memory has a name there.
void Ways::add(NodeId below, WayNode above, Way way) {
  if (nodes_[below].base.valid() && !above.base.valid())
    return;
  const NodeId up = node(std::move(above));
  way.in = nodes_[up].f;
  way.to = below;
  way.first = nodes_[up].root == WayNode::Root::made;
  way.fresh = way.first ? made_by(way.in, nodes_[up].base, way.op) : none;
  nodes_[up].down.push_back(way);
  above_[below].push_back(up);
}

void Ways::climb_call(NodeId id, FunctionId caller, const Edge &edge) {
  const WayNode &below = nodes_[id]; // stays where it is (a deque)
  if (edge.link == Link::callback && !program_.bodies(program_.functions[caller].ops[edge.op].callee).empty() &&
      llvm::any_of(calls_.callers(below.f), [&](const auto &c) { return calls_.edges(c.first)[c.second].link == Link::value; }))
    return; // what it is given to calls it, by an edge of its own
  WayNode above;
  above.f = caller;
  above.base = edge.link == Link::callback ? threads_.outside_as_given(caller, edge.op, below.f, below.base)
                                           : threads_.outside(caller, edge.op, below.f, below.base);
  above.content = below.content;
  translate_key(above, below, program_.functions[caller].ops[edge.op], false, 0);
  Way way;
  way.op = edge.op;
  way.making = program_.functions[below.f].constructor && below.base.root == RootKind::self;
  way.once = origins_.runs_once(caller, edge);
  way.again = threads_.repeats_for(caller, edge.op, above.base);
  way.presumed = edge.presumed;
  way.exact = edge.sure && edge.link != Link::value && edge.link != Link::callback;
  add(id, std::move(above), way);
}

// Who runs what is kept: the threads that take it out, counted for one object that keeps it. What a loop runs comes one after
// the other; where main may be that loop, or nobody can be counted, nothing is sure.
bool Ways::run_by(FunctionId f, OriginId &serial) {
  bool any = false, several_seen = false, counted = true, on_main = false;
  std::set<OriginId> runners;
  unsigned all = 0; // threads, of all objects together
  for (auto [caller, index] : calls_.callers(f)) {
    const Edge &edge = calls_.edges(caller)[index];
    if (edge.link != Link::value)
      continue;
    const Operation &call = program_.functions[caller].ops[edge.op];
    auto dispatched = dispatchers_.find({caller, edge.op});
    const Operand &kept = dispatched != dispatchers_.end() ? dispatched->second : call.receiver;
    const AccessPath path = kept.kind == OperandKind::unknown ? AccessPath{} : threads_.path(caller, kept);
    const Threads::Count count = path.valid() ? threads_.running(caller, path) : Threads::Count{0, false};
    several_seen |= count.threads >= several && count.exact;
    counted &= count.exact;
    for (OriginId id : origins_.running(caller)) {
      any = true;
      on_main |= id == Origins::main;
      several_seen |= origins_.all()[id].kind == OriginKind::pool;
      if (runners.insert(id).second)
        all += std::max(1u, origins_.threads(id).times);
    }
  }
  if (any && !several_seen && (counted || all < several))
    serial = runners.size() == 1 ? *runners.begin() : one_loop;
  return any && (several_seen || !on_main);
}

// Whether only threads that the program starts call what is kept.
bool Ways::is_run_by_threads(FunctionId f) {
  auto [it, added] = by_threads_.try_emplace(f, false);
  if (!added || llvm::none_of(origins_.starting(f), [&](OriginId id) { return origins_.all()[id].kind == OriginKind::kept; }))
    return it->second;
  bool any = false;
  for (auto [caller, index] : calls_.callers(f)) {
    if (calls_.edges(caller)[index].link != Link::value)
      return false;
    for (OriginId id : origins_.running(caller)) {
      any = true;
      const Origin &runner = origins_.all()[id];
      if (runner.kind != OriginKind::thread)
        return false;
      for (OriginId kept : origins_.starting(f)) // both begin here: the thread's own way says more
        if (origins_.all()[kept].in == runner.in)
          return false;
    }
  }
  return by_threads_[f] = any;
}

// Whether some call of what is kept has a name for the object: not one that ends at the callable.
bool Ways::is_known_to_callers(const WayNode &node) {
  return llvm::any_of(calls_.callers(node.f), [&](const auto &c) {
    const Edge &edge = calls_.edges(c.first)[c.second];
    const AccessPath there = threads_.outside(c.first, edge.op, node.f, node.base);
    if (!there.valid() || llvm::any_of(there.steps, [](const PathStep &step) { return captured_number(step).has_value(); }))
      return false;
    const TypeId type = type_at(program_, names_, c.first, there);
    return type != none && !names_.callable(program_.strip_references(type));
  });
}

// What is posted to a loop runs there one after the other, unless several threads run it.
OriginId Ways::serial_of(const Origin &origin) {
  const Operation &op = program_.functions[origin.in].ops[origin.op];
  if (const FunctionModel *m = library_.function(op))
    for (const CallbackClause &clause : m->callbacks)
      if (!clause.in_place)
        if (const auto runners = executors_.running(origin.in, op, clause.on); runners && runners->exact && runners->threads > 1)
          return none;
  return one_loop;
}

void Ways::climb_creation(NodeId id, OriginId by) {
  const WayNode &below = nodes_[id]; // stays where it is (a deque)
  const Origin &origin = origins_.all()[by];
  const Operation &made = program_.functions[origin.in].ops[origin.op];
  unsigned shift = 0; // of its arguments among those of the operation
  for (std::size_t a = 0; a < made.args.size(); ++a)
    if (llvm::is_contained(calls_.callable_targets(origin.in, made.args[a]), below.f)) {
      const bool method = made.args[a].kind == OperandKind::function && !program_.functions[below.f].is_static &&
                          program_.entity_of(below.f).record != none;
      shift = static_cast<unsigned>(a) + 1 + (method ? 1 : 0);
      if (is_copied(below, origin.in, made, static_cast<unsigned>(a), shift))
        return;
      break;
    }
  WayNode above;
  above.f = origin.in;
  above.base = threads_.bound(by, below.f, below.base);
  above.content = below.content;
  translate_key(above, below, made, true, shift);
  Way way;
  way.op = origin.op;
  way.origin = by;
  way.crosses = origin.kind != OriginKind::deferred;
  way.again = threads_.repeats_for(origin.in, origin.op, above.base);
  way.exact = origin.sure && origin.kind == OriginKind::thread;
  if (origin.kind == OriginKind::loop)
    way.serial = serial_of(origin);
  if (origin.kind == OriginKind::kept || origin.kind == OriginKind::loop)
    way.presumed = !run_by(below.f, way.serial) && origin.kind == OriginKind::kept;
  if (origin.kind == OriginKind::kept && program_.functions[origin.in].constructor && is_run_by_threads(below.f))
    way.presumed = true; // a member that its object starts later
  add(id, std::move(above), way);
}

// The value of an index, where it is a parameter or a capture as it was given.
void Ways::translate_key(WayNode &above, const WayNode &below, const Operation &op, bool thread, unsigned shift) const {
  above.key = below.key;
  above.key_of = below.key_of;
  if (below.key.kind != ElementKey::value || below.key_of == none)
    return;
  const Function &body = program_.functions[below.f];
  const AccessPath &path = below.key.path;
  const Operand *given = nullptr;
  if (path.steps.empty() && path.root == RootKind::local && path.id < body.parameter_count && below.key_of == below.f) {
    if (path.id + shift < op.args.size())
      given = &op.args[path.id + shift];
  } else if (path.steps.empty() && path.root == RootKind::capture && path.id < body.captures.size()) {
    if (body.enclosing != none && program_.body_for(below.f, body.enclosing) == above.f)
      given = &body.captures[path.id].source;
  } else if (path.root == RootKind::local) {
    if (thread)
      above.key = {}; // of one thread, or of nobody
    return;
  }
  above.key = {};
  above.key_of = none;
  if (!given)
    return;
  if (given->kind == OperandKind::constant) {
    above.key = {ElementKey::constant, given->value + below.key.offset, {}};
  } else if (given->kind == OperandKind::path && !given->address) {
    above.key = {ElementKey::value, below.key.offset, threads_.names(above.f).resolve(plain(given->path))};
    above.key_of = above.f;
  }
}

// What a thread is given is copied for it, unless it is a pointer or wrapped by std::ref ([thread.thread.constr]/5): a
// callable object, an argument behind a reference parameter.
bool Ways::is_copied(const WayNode &n, FunctionId creator, const Operation &made, unsigned callable, unsigned shift) const {
  auto by_value = [&](const Operand &given) {
    return given.kind == OperandKind::path && !given.address && !given.by_reference &&
           !accesses_.leads_on(program_.strip_references(given.type));
  };
  const Function &body = program_.functions[n.f], &in = program_.functions[creator];
  const AccessPath &path = n.base;
  const Operand *bound = &made.args[callable]; // auto work = std::bind(…), or in place
  if (bound->kind == OperandKind::path && bound->path.root == RootKind::local && bound->path.steps.empty())
    bound = &in.locals[bound->path.id].init;
  const bool binds = bound->kind == OperandKind::result && in.ops[bound->op].args.size() > 1 &&
                     in.ops[bound->op].args[0].kind == OperandKind::function;
  const Operation &creation = binds ? in.ops[bound->op] : made;
  if (binds) {
    shift -= callable;
    if (!body.is_static && program_.entity_of(n.f).record != none && shift == 1)
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

} // namespace tenterhook::analysis
