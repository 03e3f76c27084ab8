// Down the ways.
#include "races/arrivals.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;

static constexpr unsigned longest_way = 60; // calls of one level

Arrivals::Arrivals(const Program &program, const Locks &locks, Origins &origins, Threads &threads, Order &order,
                   Accesses &accesses, HeldLocks &held, Ways &ways)
    : program_(program), locks_(locks), origins_(origins), threads_(threads), order_(order), accesses_(accesses), held_(held),
      ways_(ways), plain_(program.functions.size(), -1) {
  digests_.id({});
  lock_sets_.id({});
  // Programs of one database that are not linked together: what the file of one's main defines is no part of another.
  std::map<llvm::StringRef, FunctionId> mains;
  auto file = [&](FunctionId f) -> llvm::StringRef { return program.str(program.entity_of(f).place.file); };
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    if (program.qualified(program.functions[f].entity) == "main")
      mains.emplace(file(f), f);
  for (FunctionId f = 0; f < program.functions.size(); ++f) {
    auto it = mains.find(file(f));
    program_of_.push_back(it == mains.end() ? none : it->second);
  }
}

// A name of `body`, which `by` runs (nobody: it is the outermost), as it is called further out; or as the own name of the
// function that made it. `crossed`: whether that is on another thread.
Handle Arrivals::lifted(FunctionId body, const Frame *by, Handle handle, bool settled, bool content, bool *crossed) const {
  while (handle.in == none && handle.path.valid() && handle.path.root != RootKind::global) {
    if (!by) {
      if (settled)
        handle.in = body;
      break;
    }
    if (by->origin == none) {
      handle = order_.outside(by->in, by->op, body, handle);
    } else {
      if (ways_.made_here(body, handle.path, content)) {
        handle.in = body;
        break;
      }
      if (crossed && origins_.all()[by->origin].kind != OriginKind::deferred)
        *crossed = true;
      const Function &function = program_.functions[body];
      if (handle.path.root == RootKind::capture && handle.path.steps.empty() && handle.path.id < function.captures.size() &&
          function.enclosing != none && program_.body_for(body, function.enclosing) == by->in)
        handle = order_.handle_of(by->in, function.captures[handle.path.id].source); // moved or copied, it is the same event
      else
        handle.path = without_elements(threads_.bound(by->origin, body, handle.path));
    }
    body = by->in;
    by = by->outer;
  }
  return handle;
}

Digest Arrivals::lifted(FunctionId body, const Frame *by, const Digest &digest, bool settled) const {
  Digest out;
  auto there = [&](const Handle &handle) { return lifted(body, by, handle, settled, false); };
  for (const auto &[handle, effect] : digest.threads) {
    const Handle name = there(handle);
    Effect &to = out.threads[name];
    if (name.path.valid())
      to = to.then(effect);
    else
      to.join({std::max(effect.add, 0), effect.floor, effect.origins, effect.mixed, true});
  }
  for (const Handle &handle : digest.claimed)
    if (const Handle name = there(handle); name.path.valid())
      out.claimed.insert(name);
  for (const Handle &handle : digest.dropped)
    out.dropped.insert(there(handle));
  for (const auto &[event, all] : digest.waited)
    if (const Handle name = there(event); name.path.valid())
      out.waited.insert({name, all});
  return out;
}

Handle Arrivals::at_entry(const Arrival &arrival, const Handle &handle) const {
  return lifted(arrival.levels.front().entry, arrival.created, handle, arrival.last->settled, false);
}

// Of all that threads had done: what tells of others that may touch what is made at the root. What was given up is behind.
void Arrivals::keep_what_matters(const Concern &concern, Digest &digest) const {
  digest.dropped.clear();
  std::erase_if(digest.threads, [&](const auto &known) {
    const auto &[handle, effect] = known;
    if (!effect.origins.empty())
      return llvm::none_of(effect.origins, [&](OriginId id) { return concern.origins.test(id); });
    return !concern.handles.count(last_named(handle.path));
  });
}

std::set<Handle> Arrivals::announced(const Frame *last) const {
  std::set<Handle> out;
  bool anew = false; // the level has forgotten what was before
  for (const Frame *frame = last; frame; frame = frame->outer) {
    anew &= frame->origin == none;
    if (!anew && !frame->making)
      for (const Handle &handle : order_.before(frame->in, frame->op, frame->fresh).signalled)
        out.insert(lifted(frame->in, frame->outer, handle, frame->settled, false));
    anew |= frame->making;
  }
  return out;
}

// What the function itself holds at the operation, beside what its callers hold and it has not given up.
void Arrivals::take_held(FunctionId f, OpId op, bool once, Coming &coming, bool settled) {
  const Holding &holding = held_.at(f, op);
  if (holding.locks.empty() && holding.released.empty() && !once)
    return;
  std::vector<LockHeld> locks = lock_sets_.all[coming.content.locks];
  auto take = [&](const AccessPath &path, bool shared, bool is_once) {
    bool crossed = false;
    const Handle lock = lifted(f, coming.last, {none, path}, settled, !is_once, &crossed);
    if (lock.path.valid())
      locks.push_back({lock, shared, is_once, lock.in != none && !crossed});
    else
      coming.presumed = true;
  };
  for (const AccessPath &released : holding.released) {
    const Handle given_up = lifted(f, coming.last, {none, released}, settled, true);
    std::erase_if(locks, [&](const LockHeld &held) { return held.lock == given_up; });
  }
  for (const HeldLock &lock : holding.locks)
    take(lock.path, lock.shared, false);
  if (once)
    if (const Operation &call = program_.functions[f].ops[op]; !call.args.empty())
      take(without_elements(threads_.names(f).of(call.args[0])), false, true);
  llvm::sort(locks);
  locks.erase(std::unique(locks.begin(), locks.end()), locks.end());
  coming.content.locks = lock_sets_.id(locks);
}

// Where `way` leads who has come to its function.
Arrivals::Coming Arrivals::stepped(const Coming &from, const Way &way) {
  Coming next = from;
  Content &content = next.content;
  const bool settled = ways_.nodes()[content.root].root != WayNode::Root::unseen;
  if (way.making || way.first)
    content.done = 0;
  if (!way.making)
    if (const Digest &before = order_.before(way.in, way.op, way.fresh); !before.empty()) {
      Digest done = digests_.all[content.done].then(lifted(way.in, from.last, before, settled));
      next.plain &= before.signalled.empty();
      keep_what_matters(concerns_[concern_of_[content.root]], done);
      content.done = digests_.id(done);
    }
  next.plain &= is_plain(way.in);
  next.exact &= way.exact;
  next.presumed |= way.presumed;
  if (!way.crosses)
    take_held(way.in, way.op, way.once, next, settled);
  const Frame *outer = from.last;
  const bool new_level = !outer || (outer->origin != none && origins_.all()[outer->origin].kind != OriginKind::deferred);
  frames_.push_back({way.in, way.op, way.origin, way.fresh, way.making, settled, new_level ? 0 : outer->depth + 1, outer});
  next.last = &frames_.back();
  if (!way.crosses) {
    content.repeated |= way.again;
    return next;
  }
  const Handle child = lifted(way.in, from.last, {none, order_.handle(way.origin)}, settled, false);
  content.outer = outers_.id(
      {content.outer, content.origin, content.serial, content.entry, content.again, content.done, way.in, way.op, child});
  content.again = (way.again || from.content.repeated) && !origins_.all()[way.origin].alone;
  content.origin = way.origin;
  content.serial = way.serial;
  content.entry = ways_.nodes()[way.to].f;
  content.repeated = false;
  content.done = 0;
  content.locks = 0;
  next.created = next.last;
  ++next.creators;
  return next;
}

std::size_t Arrivals::Hash::operator()(const std::pair<NodeId, Content> &at) const {
  const Content &c = at.second;
  return llvm::hash_combine(at.first, c.root, c.outer, c.origin, c.serial, c.entry, c.again, c.repeated, c.done, c.locks,
                            c.program);
}
std::size_t Arrivals::Hash::operator()(const std::tuple<NodeId, NodeId, OriginId> &at) const { return llvm::hash_value(at); }

// Whether a function has nothing that could keep others out in ways that are not followed.
bool Arrivals::is_plain(FunctionId f) {
  if (plain_[f] < 0)
    plain_[f] = !locks_.concerns(f) && !accesses_.uses_atomics(f);
  return plain_[f];
}

bool Arrivals::is_on_the_way(const Coming &coming, OriginId origin) const {
  if (coming.content.origin == origin)
    return true;
  for (Id id = coming.content.outer; id != none; id = outers_.all[id].outer)
    if (outers_.all[id].origin == origin)
      return true;
  return false;
}

static constexpr unsigned most_creators = 4; // ways to create one thread, told apart

void Arrivals::go(const Coming &from, const Way &way) {
  const WayNode &root = ways_.nodes()[from.content.root];
  if (root.root == WayNode::Root::main && !root.base.valid() &&
      !ways_.nodes()[way.to].touched.intersects(concerns_[concern_of_[from.content.root]].globals))
    return;
  if (way.crosses && is_on_the_way(from, way.origin)) // what posts itself again, comes after itself
    return;
  if (way.crosses && from.creators == limit_of(Limit::creators)) {
    program_.limits().hit(Limit::creators, way.in);
    return;
  }
  if (from.last && from.last->depth >= longest_way)
    return;
  const FunctionId program = program_of_[ways_.nodes()[way.to].f];
  if (program != none && from.content.program != none && program != from.content.program)
    return;
  Coming coming = stepped(from, way);
  if (program != none)
    coming.content.program = program;
  if (!arrive(way.to, coming))
    frames_.pop_back(); // its own
}

bool Arrivals::arrive(NodeId node, const Coming &coming) {
  Place &place = places_[node];
  auto [it, added] = known_.try_emplace({node, coming.content}, place.all.size());
  if (added) {
    unsigned &count = count_[{node, coming.content.root, coming.content.origin}];
    if (count == (coming.creators ? most_creators : limit_of(Limit::arrivals))) {
      program_.limits().hit(Limit::arrivals, ways_.nodes()[node].f);
      known_.erase(it);
      place.cut = true;
      return false;
    }
    ++count;
    place.all.push_back(coming);
  } else if (place.all[it->second].sure() < coming.sure()) {
    place.all[it->second] = coming;
  } else {
    return false;
  }
  work_.push_back({node, it->second});
  return true;
}

void Arrivals::find_concerns() {
  const auto &nodes = ways_.nodes();
  std::map<std::tuple<FunctionId, RootKind, std::uint32_t>, Id> known;
  concern_of_.assign(nodes.size(), none);
  for (NodeId id = 0; id < nodes.size(); ++id) {
    const WayNode &node = nodes[id];
    if (node.root == WayNode::Root::none)
      continue;
    const bool made = node.root == WayNode::Root::made;
    concern_of_[id] = known
                          .try_emplace({node.f, made ? node.base.root : RootKind::none, made ? node.base.id : none},
                                       static_cast<Id>(concerns_.size()))
                          .first->second;
    if (concern_of_[id] == concerns_.size())
      concerns_.emplace_back();
    Concern &concern = concerns_[concern_of_[id]];
    if (!node.shared)
      continue;
    concern.shared = true;
    concern.origins |= ways_.creations(id);
    concern.crossed |= node.crossed;
  }
  for (NodeId id = 0; id < nodes.size(); ++id)
    if (concern_of_[id] != none)
      concerns_[concern_of_[id]].written |= nodes[id].written;
  for (Concern &concern : concerns_) {
    concern.globals = concern.written & concern.crossed;
    for (OriginId origin : concern.origins)
      concern.handles.insert(last_named(order_.handle(origin)));
  }
}

void Arrivals::begin(NodeId root) {
  const WayNode &node = ways_.nodes()[root];
  Coming coming;
  coming.content.root = root;
  coming.content.entry = node.f;
  coming.content.program = program_of_[node.f];
  coming.content.origin = Origins::main;
  if (node.root == WayNode::Root::unseen)
    coming.content.origin = Origins::unseen;
  arrive(root, coming);
}

void Arrivals::find(const std::vector<bool> &wanted) {
  const auto &nodes = ways_.nodes();
  places_.resize(nodes.size());
  find_concerns();
  for (NodeId id = 0; id < nodes.size(); ++id)
    if (nodes[id].root == WayNode::Root::unseen ? wanted[id]
                                                : nodes[id].root != WayNode::Root::none && concerns_[concern_of_[id]].shared)
      begin(id);
  while (!work_.empty()) {
    const auto [node, index] = work_.front();
    work_.pop_front();
    const Coming coming = places_[node].all[index];
    const bool unseen = nodes[coming.content.root].root == WayNode::Root::unseen;
    for (const Way &way : nodes[node].down)
      if (!unseen || wanted[way.to])
        go(coming, way);
  }
}

std::vector<Arrival> Arrivals::of(NodeId node, const Access &access) {
  const WayNode &n = ways_.nodes()[node];
  Way way;
  way.in = n.f;
  way.op = access.op;
  way.first = n.root == WayNode::Root::made;
  way.fresh = way.first ? ways_.made_by(n.f, n.base, access.op) : none;
  std::vector<Arrival> out;
  for (const Coming &before : places_[node].all) {
    const Coming coming = stepped(before, way);
    const Content &content = coming.content;
    const WayNode &root = ways_.nodes()[content.root];
    Arrival a;
    a.object = {root.root == WayNode::Root::made ? root.f : none, root.base};
    const bool follows = ways_.follows_key(n.f, access);
    a.key = follows ? root.key : access.at.key;
    a.key_of = follows ? root.key_of : a.key.kind == ElementKey::value ? n.f : none;
    if (!follows && a.key.kind == ElementKey::value && a.key.path.root != RootKind::global && content.outer != none)
      a.key = {}; // each thread has its own
    a.locks = lock_sets_.all[content.locks];
    a.last = coming.last;
    a.created = coming.created;
    a.presumed = coming.presumed;
    a.program = content.program;
    a.exact = coming.exact && !places_[node].cut;
    a.plain = coming.plain;
    a.levels.push_back(
        {content.origin, content.entry, content.again, content.serial, &digests_.all[content.done], none, none, {}});
    for (Id id = content.outer; id != none; id = outers_.all[id].outer) {
      const Outer &o = outers_.all[id];
      a.levels.push_back({o.origin, o.entry, o.again, o.serial, &digests_.all[o.done], o.in, o.op, o.child});
    }
    const Id events = events_.id(announced(coming.last));
    a.announced = &events_.all[events];
    a.same = same_.id(
        {content.outer, content.done, content.origin, content.serial, content.entry, content.again, content.locks, events});
    out.push_back(std::move(a));
  }
  return out;
}

} // namespace tenterhook::analysis
