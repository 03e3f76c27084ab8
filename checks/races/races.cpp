// Candidates, groups, pairs.
#include "races/races.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

Races::Races(const Program &program, const Library &library, const CallGraph &calls, const Locks &locks)
    : program_(program), library_(library), names_(locks.names()), locks_(locks), origins_(program, library, calls),
      threads_(program, library, calls, names_, origins_), order_(program, library, calls, origins_, threads_),
      accesses_(program, library, names_, threads_), held_(locks),
      ways_(program, library, calls, origins_, threads_, accesses_, names_),
      arrivals_(program, locks, origins_, threads_, order_, accesses_, held_, ways_) {
  std::vector<Candidate> all = candidates(), contracts = guarded();
  std::vector<NodeId> contract_nodes;
  for (Candidate &c : all)
    c.node = ways_.of(c.in, c.access);
  for (Candidate &c : contracts)
    contract_nodes.push_back(c.node = ways_.of(c.in, c.access));
  ways_.find();
  arrivals_.find(ways_.leading_to(contract_nodes));
  std::map<Memory, Group> groups;
  for (const Candidate &c : all) {
    const AccessPath rest = ways_.rest(c.in, c.access);
    for (Arrival &arrival : arrivals_.of(c.node, c.access)) {
      if (arrival.unseen())
        continue;
      const Memory at = memory(arrival, rest, c.access.at.content);
      if (at.at.path.valid())
        groups[at].add({c.in, c.access, std::move(arrival)});
    }
  }
  for (const auto &[memory, group] : groups) {
    std::vector<const Side *> wholes; // accesses of what this is a part of
    Memory outer = memory;
    while (!outer.content && !outer.at.path.steps.empty()) {
      const PathStep last = outer.at.path.steps.back();
      outer.at.path.steps.pop_back();
      const TypeId type = type_at(program_, names_, outer.at.in, outer.at.path);
      if (type == none || (last.kind != StepKind::field && last.kind != StepKind::index))
        break;
      outer.content = leads_on(program_, library_, type);
      const bool container =
          last.kind == StepKind::index && program_.types[program_.strip_references(type)].kind == TypeKind::record;
      if (auto it = groups.find(outer); it != groups.end())
        for (const Side &side : it->second.sides)
          if (!container || side.access.write) // elements stay where they are while others only look
            wholes.push_back(&side);
    }
    find(memory, group, wholes);
  }
  // A container's elements are told with the container, where both race at one place.
  llvm::erase_if(races_, [&](const Race &part) {
    return llvm::any_of(races_, [&](const Race &whole) {
      return whole.memory.at.in == part.memory.at.in && whole.memory.at.path != part.memory.at.path &&
             has_prefix(part.memory.at.path, whole.memory.at.path) && at_one_place(part, whole);
    });
  });
  // One variable by two names is one.
  std::vector<Race> once;
  for (Race &race : races_)
    if (llvm::none_of(once, [&](const Race &other) {
          return at_one_place(race, other) && terminal(race.first.access.at.path) == terminal(other.first.access.at.path) &&
                 race.memory.at.path.steps.empty() == other.memory.at.path.steps.empty();
        }))
      once.push_back(std::move(race));
  races_ = std::move(once);
  find_contracts(contracts);
}

void Races::Group::add(Side side) {
  const Arrival &a = side.arrival;
  const std::pair place(side.in, side.access.op);
  auto [it, added] = kinds.try_emplace(
      {a.same, side.access.write, side.access.atomic, a.key, a.key_of, a.presumed, a.exact, a.plain, a.program}, sides.size());
  if (added) {
    sides.push_back(std::move(side));
    places.emplace_back();
  }
  places[it->second].insert(place);
}

bool Races::at_one_place(const Race &a, const Race &b) const {
  auto line = [&](const Side &s) {
    const facts::Place &place = program_.functions[s.in].ops[s.access.op].place;
    return std::pair(place.file, place.line);
  };
  return (line(a.first) == line(b.first) && line(a.second) == line(b.second)) ||
         (line(a.first) == line(b.second) && line(a.second) == line(b.first));
}

// Bit-fields of one unit are one memory ([intro.memory]/3), so are a union's members: the first stands for all.
void Races::unify(PathStep &step) const {
  if (step.kind != StepKind::field || step.field == none || program_.entities[step.field].record == none)
    return;
  const Type &type = program_.types[program_.entities[step.field].record];
  const auto self = llvm::find_if(type.fields, [&](const FieldInfo &field) { return field.entity == step.field; });
  if (self == type.fields.end())
    return;
  for (const FieldInfo &field : type.fields)
    if (type.is_union || (self->unit != 0 && field.unit == self->unit)) {
      step.field = field.entity;
      return;
    }
}

// By what accesses of one memory in different functions have in common: the last field or global.
AccessPath Races::terminal(const AccessPath &path) const {
  AccessPath out = last_named(path);
  for (PathStep &step : out.steps)
    unify(step);
  return out;
}

// What at least two threads touch, or one that runs several times, and somebody writes; a whole with its parts.
std::vector<Races::Candidate> Races::candidates() {
  struct Group {
    std::vector<Candidate> all;
    std::set<OriginId> origins;
    bool several = false, writes = false;
  };
  std::map<AccessPath, Group> groups;
  bool threads = false;
  for (const Origin &o : origins_.all())
    threads |= o.kind == OriginKind::thread || o.kind == OriginKind::pool || o.kind == OriginKind::loop;
  if (!threads)
    return {};
  for (FunctionId f = 0; f < program_.functions.size(); ++f) {
    const std::vector<Access> &accesses = accesses_.of(f);
    if (accesses.empty())
      continue;
    const std::vector<OriginId> running = origins_.running(f);
    const bool many = llvm::any_of(running, [&](OriginId id) { return origins_.threads(id).times >= several; });
    for (const Access &access : accesses) {
      auto count = [&](Group &group) {
        group.origins.insert(running.begin(), running.end());
        group.several |= many;
        group.writes |= access.write && !access.atomic;
      };
      Group &group = groups[terminal(access.at.path)];
      group.all.push_back({f, access});
      count(group);
      AccessPath outer = access.at.path;
      while (!outer.steps.empty()) {
        outer.steps.pop_back();
        count(groups[terminal(outer)]);
      }
      const TypeId whole = type_at(program_, names_, f, access.at.path);
      if (const TypeId record = whole == none ? none : program_.record_behind(whole); record != none)
        for (const FieldInfo &field : program_.types[record].fields) {
          PathStep step;
          step.field = field.entity;
          count(groups[terminal({RootKind::none, none, {step}, false})]);
        }
    }
  }
  std::vector<Candidate> out;
  for (auto &[terminal, group] : groups) {
    const bool any = !terminal.valid() && terminal.steps.empty(); // memory that is only known by a pointer
    if (any || ((group.origins.size() > 1 || group.several) && group.writes))
      llvm::append_range(out, group.all);
  }
  llvm::sort(out, [](const Candidate &a, const Candidate &b) { return std::tie(a.in, a.access) < std::tie(b.in, b.access); });
  return out;
}

// The object that has arrived, with what is behind its name at the access.
Handle Races::whole(const Arrival &arrival, const AccessPath &rest) {
  if (rest.root == RootKind::global)
    return {none, rest};
  Handle out = arrival.object;
  llvm::append_range(out.path.steps, rest.steps);
  return out;
}

Memory Races::memory(const Arrival &arrival, const AccessPath &rest, bool content) const {
  Memory out{whole(arrival, rest), content};
  AccessPath &path = out.at.path;
  if (!path.valid() || path.truncated)
    return {};
  if (path.root == RootKind::global && program_.entities[path.id].kind != EntityKind::function &&
      program_.entities[path.id].system)
    return {}; // the standard streams, lent: they do that themselves ([iostream.objects.overview]/7)
  for (PathStep &step : path.steps)
    unify(step);
  for (std::size_t s = 0; s < path.steps.size(); ++s) { // what an element leads to is not the container's
    if (path.steps[s].kind != StepKind::field || path.steps[s].field == none)
      continue;
    const AccessPath outer{path.root, path.id, {path.steps.begin(), path.steps.begin() + static_cast<std::ptrdiff_t>(s)}, false};
    const TypeId type = type_at(program_, names_, out.at.in, outer);
    if (type == none)
      continue;
    const Type &t = program_.types[program_.strip_references(type)];
    if (t.kind != TypeKind::record || !t.system || leads_on(program_, library_, type) ||
        program_.entities[path.steps[s].field].system)
      continue;
    PathStep element;
    element.kind = StepKind::index;
    path.steps.insert(path.steps.begin() + static_cast<std::ptrdiff_t>(s), element);
    break;
  }
  const FunctionId in = out.at.in;
  if (!path.steps.empty() && path.steps.back().kind == StepKind::index && !out.content) { // p[i] is what p points to
    AccessPath parent = path;
    parent.steps.pop_back();
    const TypeId type = type_at(program_, names_, in, parent);
    if (type != none && program_.types[program_.strip_references(type)].kind == TypeKind::pointer) {
      path = parent;
      out.content = true;
    }
  }
  if (out.content) {
    const TypeId type = type_at(program_, names_, in, path);
    if (type != none && program_.types[program_.strip_references(type)].kind == TypeKind::array) {
      PathStep element;
      element.kind = StepKind::index;
      path.steps.push_back(element);
      out.content = false;
    } else if (type != none && !leads_on(program_, library_, type)) {
      out.content = false;
      if (const Type &t = program_.types[program_.strip_references(type)]; t.kind == TypeKind::record && t.system) {
        PathStep element; // of a container, by its iterator
        element.kind = StepKind::index;
        path.steps.push_back(element);
      }
    }
  }
  return out;
}

// Whether two levels that create a thread have done so by the same run of the same operation, as far as is told apart.
static bool same_creation(const Level &a, const Level &b) {
  return a.in == b.in && a.op == b.op && a.done == b.done && a.child == b.child;
}

// Whether the threads of both may be at these places at the same time.
bool Races::concurrent(const Arrival &a, const Arrival &b) const {
  std::size_t i = a.levels.size() - 1, j = b.levels.size() - 1;
  if (a.levels[i].origin != b.levels[j].origin || a.levels[i].entry != b.levels[j].entry)
    return false;
  if (a.levels[0].serial != none && (a.levels[0].serial == b.levels[0].serial || a.levels[0].serial == b.levels[0].origin))
    return false;
  if (b.levels[0].serial != none && b.levels[0].serial == a.levels[0].origin)
    return false;
  while (i > 0 && j > 0 && same_creation(a.levels[i], b.levels[j]) && a.levels[i - 1].origin == b.levels[j - 1].origin) {
    const Level &child = a.levels[i - 1];
    if (child.again && child.serial == none && a.levels[i].done->may_run(child.origin, a.levels[i].child))
      return true;
    --i;
    --j;
  }
  if (i == 0 && j == 0)
    return false;
  auto alive = [&](const Arrival &at, std::size_t l, const Arrival &other, std::size_t o) {
    const Digest &done = *at.levels[l].done;
    const Level &child = other.levels[o - 1];
    if (done.has_ended(other.levels[o].child) && !done.may_run(child.origin, other.levels[o].child))
      return false;
    if (done.may_run(child.origin, other.levels[o].child))
      return true;
    return false;
  };
  for (std::size_t k = 0; k < i; ++k)
    if (j > 0 && a.levels[k].done->has_ended(b.levels[j].child))
      return false;
  for (std::size_t k = 0; k < j; ++k)
    if (i > 0 && b.levels[k].done->has_ended(a.levels[i].child))
      return false;
  if (j > 0 && alive(a, i, b, j))
    return true;
  return i > 0 && alive(b, j, a, i);
}

// Whether b comes after something that a's thread announces after a, and no other does.
bool Races::handed_over(const Arrival &a, const Arrival &b) const {
  for (const Level &waiting : b.levels)
    for (const auto &[event, of_all] : waiting.done->waited) {
      if (llvm::any_of(a.locks, [&, &e = event](const LockHeld &lock) { return lock.once && lock.lock == e; }))
        return true;
      if (a.announced->count(event))
        continue;
      const FunctionId entry = a.levels.front().entry;
      for (const Handle &h : order_.summary(entry).signalled)
        if (arrivals_.at_entry(a, h) == event &&
            (of_all || (!a.levels.front().again && order_.announced(h.in == none ? entry : h.in, h.path) == 1)))
          return true;
    }
  return false;
}

bool Races::common_lock(const Side &a, const Side &b) const {
  for (const LockHeld &x : a.arrival.locks)
    for (const LockHeld &y : b.arrival.locks)
      if (x.lock == y.lock && !(x.own && y.own) && !(x.shared && y.shared))
        return true;
  return false;
}

bool Races::distinct_elements(const Side &a, const Side &b, bool same) const {
  const ElementKey &x = a.arrival.key, &y = b.arrival.key;
  if (x.kind == ElementKey::constant && y.kind == ElementKey::constant)
    return x.offset != y.offset;
  if (x.kind != ElementKey::value || y.kind != ElementKey::value || a.arrival.key_of != b.arrival.key_of || x.path != y.path)
    return false;
  const bool creators = a.arrival.key_of != none && a.arrival.levels.size() > 1 && a.arrival.key_of != a.arrival.levels[0].entry;
  return creators && (same || same_creation(a.arrival.levels[1], b.arrival.levels[1])) && x.offset == y.offset;
}

bool Races::race(const Side &a, const Side &b, bool same) const {
  if (!a.access.write && !b.access.write)
    return false;
  if (a.access.atomic && b.access.atomic)
    return false;
  if (a.arrival.unseen() || b.arrival.unseen())
    return false;
  if (a.arrival.program != none && b.arrival.program != none && a.arrival.program != b.arrival.program)
    return false;
  const std::set<Handle> &claimed = a.arrival.levels.front().done->claimed; // each in its own thread
  if (llvm::any_of(b.arrival.levels.front().done->claimed, [&](const Handle &h) { return claimed.count(h); }))
    return false;
  if (common_lock(a, b) || distinct_elements(a, b, same) || !concurrent(a.arrival, b.arrival))
    return false;
  return !handed_over(a.arrival, b.arrival) && !handed_over(b.arrival, a.arrival);
}

// Whether nothing on the way could keep others out but what was followed: no lock of any kind, no atomic, nothing waited for,
// no thread that has ended on some ways only.
bool Races::is_plain(const Arrival &arrival) {
  return arrival.exact && arrival.plain && llvm::all_of(arrival.levels, [&](const Level &level) {
           return level.done->waited.empty() && level.done->claimed.empty() &&
                  llvm::none_of(level.done->threads, [](const auto &known) { return known.second.mixed || known.second.moved; });
         });
}

// Whether the memory is what one of several calls of a function gives: each may give another.
bool Races::is_given_by_calls(const Memory &memory) const {
  const AccessPath &path = memory.at.path;
  if (path.root != RootKind::result || memory.at.in == none || path.id >= program_.functions[memory.at.in].ops.size())
    return false;
  const auto &ops = program_.functions[memory.at.in].ops;
  const Operation &maker = ops[path.id];
  return maker.kind == OpKind::call &&
         llvm::count_if(ops, [&](const Operation &op) { return op.kind == OpKind::call && op.callee == maker.callee; }) > 1;
}

Sure Races::sure(const Memory &memory, const Side &a, const Side &b, bool same) const {
  auto on_loop = [](const Side &s) { return s.arrival.levels.front().serial == one_loop; };
  auto on_main = [](const Side &s) { return s.arrival.levels.size() == 1; };
  if ((on_loop(a) && on_main(b)) || (on_loop(b) && on_main(a))) // who runs the loop may be main
    return Sure::possible;
  if (a.arrival.presumed || b.arrival.presumed || is_given_by_calls(memory))
    return Sure::possible;
  const bool elements = llvm::any_of(memory.at.path.steps, [](const PathStep &s) { return s.kind == StepKind::index; }) ||
                        (memory.content && (a.arrival.key.kind != ElementKey::any || b.arrival.key.kind != ElementKey::any));
  auto constant = [](const Side &s) { return s.arrival.key.kind == ElementKey::constant; };
  if (elements && !(constant(a) && constant(b)))
    return constant(a) || constant(b) ? Sure::likely : Sure::possible;
  const bool exact = !same && (memory.at.path.root == RootKind::global || memory.at.in != none) && !memory.content && !elements;
  return exact && is_plain(a.arrival) && is_plain(b.arrival) ? Sure::certain : Sure::likely;
}

void Races::find(const Memory &memory, const Group &group, const std::vector<const Side *> &wholes) {
  std::vector<const Side *> all;
  for (const Side &s : group.sides)
    all.push_back(&s);
  const std::size_t own = all.size();
  llvm::append_range(all, wholes);
  if (all.size() > limit_of(Limit::pairs)) {
    program_.limits().hit(Limit::pairs, all.front()->in);
    all.resize(limit_of(Limit::pairs));
  }
  std::optional<Race> best;
  auto rank = [](const Side &first, const Side &second, Sure sure) { // the surest; a write without any lock first
    return std::tuple(sure, first.access.write, first.arrival.locks.empty(), second.arrival.locks.empty());
  };
  std::set<std::pair<FunctionId, OpId>> racing;
  for (std::size_t i = 0; i < all.size() && i < own; ++i)
    for (std::size_t j = i; j < all.size(); ++j) {
      if (!race(*all[i], *all[j], i == j))
        continue;
      for (std::size_t side : {i, j})
        if (side < own)
          racing.insert(group.places[side].begin(), group.places[side].end());
        else
          racing.insert({all[side]->in, all[side]->access.op});
      const Sure how = sure(memory, *all[i], *all[j], i == j);
      auto better = [&](const Side &s) { return std::tuple(s.arrival.locks.empty(), s.access.write); };
      const bool swapped = better(*all[j]) > better(*all[i]);
      const Side &first = swapped ? *all[j] : *all[i], &second = swapped ? *all[i] : *all[j];
      if (!best || rank(first, second, how) > rank(best->first, best->second, best->sure))
        best = Race{memory, first, second, how, {}, 0, 0, {}};
    }
  if (!best)
    return;
  for (const auto &place : racing)
    if (place != std::pair(best->first.in, best->first.access.op) && place != std::pair(best->second.in, best->second.access.op))
      best->others.push_back(place);
  std::map<Handle, std::set<std::pair<FunctionId, OpId>>> votes;
  std::set<std::pair<FunctionId, OpId>> places;
  for (std::size_t s = 0; s < own; ++s) {
    places.insert(group.places[s].begin(), group.places[s].end());
    for (const LockHeld &lock : group.sides[s].arrival.locks)
      if (!lock.once)
        votes[lock.lock].insert(group.places[s].begin(), group.places[s].end());
  }
  for (const auto &[lock, where] : votes)
    if (where.size() > best->guarded) {
      best->guarded = static_cast<unsigned>(where.size());
      best->guard = LockHeld{lock};
    }
  best->unguarded = static_cast<unsigned>(places.size()) - best->guarded;
  races_.push_back(std::move(*best));
}

} // namespace tenterhook::analysis
