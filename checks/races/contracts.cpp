// Contracts: memory that a class or a file guards by a lock of its own at most places, and not at one.
//
// No thread needs to be seen: who locks says that several may come. Counted are the places that code outside can reach; not
// those where nobody else has the object yet or any more (constructors, destructors, objects that are made or freed there).
#include "races/races.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;

namespace {

struct Relative { // a lock as seen from the object that both are parts of; of globals, both whole
  AccessPath data, lock;
  auto operator<=>(const Relative &) const = default;
};

struct Place {
  FunctionId in = none;
  Access access;
  std::vector<Arrival> arrivals;
};

AccessPath rest_of(const AccessPath &path, std::size_t from) {
  return {RootKind::none, none, {path.steps.begin() + static_cast<std::ptrdiff_t>(from), path.steps.end()}, false};
}

std::optional<Relative> relative(const Handle &data, const Handle &lock) {
  if (data.in != none || lock.in != none)
    return std::nullopt;
  const AccessPath &d = data.path, &l = lock.path;
  if (d.root == RootKind::global && l.root == RootKind::global && d.id != l.id)
    return Relative{d, l};
  if (d.root != l.root || d.id != l.id)
    return std::nullopt;
  std::size_t common = 0;
  while (common < d.steps.size() && common < l.steps.size() && d.steps[common] == l.steps[common])
    ++common;
  if (common == d.steps.size())
    return std::nullopt;
  return Relative{rest_of(d, common), rest_of(l, common)};
}

bool ends_with(const AccessPath &path, const AccessPath &tail) {
  if (tail.root == RootKind::global)
    return path == tail;
  return path.steps.size() >= tail.steps.size() && std::equal(tail.steps.rbegin(), tail.steps.rend(), path.steps.rbegin());
}

} // namespace

// Whether the function gives the memory back that its argument leads to.
static bool frees(Accesses &accesses, FunctionId f, const AccessPath &data) {
  return llvm::any_of(accesses.of(f), [&](const Access &a) {
    return a.write && a.at.content && a.at.path.steps.empty() && a.at.path.root == data.root && a.at.path.id == data.id;
  });
}

bool Races::is_settled(const Arrival &arrival) {
  if (!arrival.unseen() || arrival.object.in != none || arrival.presumed)
    return false;
  const Function &entry = program_.functions[arrival.levels.back().entry];
  const bool own = arrival.object.path.root == RootKind::self;
  if ((own && (entry.constructor || entry.destructor)) || entry.before_main)
    return arrival.levels.size() > 1; // a thread that it starts outlives it
  for (const Frame *frame = arrival.last; frame; frame = frame->outer)
    if (frame->making || program_.functions[frame->in].destructor)
      return false;
  return !frees(accesses_, arrival.last->in, arrival.object.path);
}

// Functions that are called while a lock is held: they have it, too. Two calls deep, what a guarded member's own methods do.
std::vector<bool> Races::called_under_locks() {
  std::vector<bool> under(program_.functions.size());
  std::vector<FunctionId> next;
  auto call_under = [&](FunctionId f, OpId op) {
    const Operation &o = program_.functions[f].ops[op];
    const bool calls = (o.kind == OpKind::call || o.kind == OpKind::construct) && o.callee != none && !o.virtual_call;
    if (const FunctionId body = calls ? program_.body_for(f, o.callee) : none; body != none && !under[body]) {
      under[body] = true;
      next.push_back(body);
    }
  };
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    if (locks_.concerns(f))
      for (OpId op = 0; op < program_.functions[f].ops.size(); ++op)
        if (!held_.at(f, op).locks.empty())
          call_under(f, op);
  for (unsigned depth = 0; depth < 2; ++depth) {
    const std::vector<FunctionId> now = std::move(next);
    next.clear();
    for (const FunctionId f : now)
      for (OpId op = 0; op < program_.functions[f].ops.size(); ++op)
        call_under(f, op);
  }
  return under;
}

// Accesses of memory that somebody holds a lock at.
std::vector<Races::Candidate> Races::guarded() {
  const std::vector<bool> under = called_under_locks();
  std::set<AccessPath> keys;
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    for (const Access &access : accesses_.of(f))
      if (under[f] || !held_.at(f, access.op).locks.empty())
        if (const AccessPath key = terminal(access.at.path); key.valid() || !key.steps.empty())
          keys.insert(key);
  std::vector<Candidate> out;
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    for (const Access &access : accesses_.of(f))
      if (!access.atomic && keys.count(terminal(access.at.path)))
        out.push_back({f, access});
  return out;
}

void Races::find_contracts(const std::vector<Candidate> &guarded) {
  std::set<AccessPath> told;
  for (const Race &race : races_)
    told.insert(terminal(race.first.access.at.path));
  std::map<AccessPath, std::vector<Place>> places;
  for (const Candidate &c : guarded) {
    const AccessPath key = terminal(c.access.at.path);
    if (told.count(key))
      continue;
    Place place{c.in, c.access, arrivals_.of(c.node, c.access)};
    std::erase_if(place.arrivals, [&](const Arrival &a) { return !is_settled(a); });
    const AccessPath rest = ways_.rest(c.in, c.access);
    for (Arrival &a : place.arrivals) // the whole name
      a.object = whole(a, rest);
    if (!place.arrivals.empty())
      places[key].push_back(std::move(place));
  }
  for (auto &[key, all] : places) {
    std::map<Relative, std::vector<const Place *>> votes;
    for (const Place &place : all) {
      std::map<Relative, std::size_t> held;
      for (const Arrival &arrival : place.arrivals) {
        std::set<Relative> here;
        for (const LockHeld &lock : arrival.locks)
          if (const auto r = relative(arrival.object, lock.lock); r && !lock.once && !(lock.shared && place.access.write))
            here.insert(*r);
        for (const Relative &r : here)
          ++held[r];
      }
      for (const auto &[r, times] : held)
        if (times == place.arrivals.size())
          votes[r].push_back(&place);
    }
    const auto winner = std::max_element(votes.begin(), votes.end(),
                                         [](const auto &a, const auto &b) { return a.second.size() < b.second.size(); });
    if (winner == votes.end())
      continue;
    const auto &[guard, holders] = *winner;
    auto writes = [](const Place *p) { return p->access.write; };
    auto in_thread = [](const Place *p) {
      return llvm::any_of(p->arrivals, [](const Arrival &a) { return a.levels.size() > 1; });
    };
    auto rank = [&](const Place *p) {
      return std::pair(in_thread(p), writes(p));
    }; // what a thread does is seen to be beside others
    const Place *first = nullptr;
    unsigned without = 0;
    for (const Place &place : all) {
      const bool same =
          llvm::any_of(place.arrivals, [&, &g = guard](const Arrival &a) { return ends_with(a.object.path, g.data); });
      if (!same || llvm::is_contained(holders, &place))
        continue;
      ++without;
      if (!first || rank(&place) > rank(first))
        first = &place;
    }
    const auto written = llvm::find_if(holders, writes);
    if (!first || (written == holders.end() && !first->access.write))
      continue;
    const Place *second = written != holders.end() ? *written : holders.front();
    Race race;
    race.contract = true;
    race.guarded = static_cast<unsigned>(holders.size());
    race.unguarded = without;
    race.sure = race.guarded >= 2 && race.guarded >= without ? Sure::likely : Sure::possible;
    auto unheld = llvm::find_if(first->arrivals, [&, &g = guard](const Arrival &a) {
      return llvm::none_of(a.locks, [&](const LockHeld &l) { return relative(a.object, l.lock) == g; });
    });
    race.first = {first->in, first->access, unheld == first->arrivals.end() ? first->arrivals.front() : *unheld};
    race.second = {second->in, second->access, second->arrivals.front()};
    for (const LockHeld &l : race.second.arrival.locks)
      if (relative(race.second.arrival.object, l.lock) == guard)
        race.guard = l;
    race.memory = {race.first.arrival.object, first->access.at.content};
    for (const Place &place : all)
      if (&place != first && &place != second && !llvm::is_contained(holders, &place))
        race.others.push_back({place.in, place.access.op});
    races_.push_back(std::move(race));
  }
}

} // namespace tenterhook::analysis
