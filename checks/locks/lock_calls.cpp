// Body effects: the summary of a body, put in where it runs.
#include "locks/body_effects.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

bool BodyEffects::releases_in_destructor(TypeId type) const {
  type = program_.strip_references(type);
  if (type == none || program_.types[type].destructor == none)
    return false;
  FunctionId body = program_.body_for(f_, program_.types[type].destructor);
  if (body == none)
    return true; // defined where nobody looks: that is what it is for
  const auto &exits = world_.summaries[body].exits;
  return std::any_of(exits.begin(), exits.end(), [](const ExitCase &e) { return !e.released.empty(); });
}

// `if (locked_) mutex_.unlock();`: where the object's own state decides, and the lock is held, it does; and the same
// for `if (!locked_) mutex_.lock();` of a guard that holds nothing.
bool BodyEffects::keeps_out(const LockCase &c, const LockSummary &summary, const ExitCase &exit, const Site &site,
                            FunctionId body) const {
  auto here = [&](const AccessPath &path) { return paths_.substitute(path, site, body); };
  // What is locked in a container or behind a pointer is there: `for (auto &k : kids) k.unlock();` passes by none.
  auto may_be_absent = [&](const AccessPath &lock) {
    return std::any_of(lock.steps.begin(), lock.steps.end(), [&](const PathStep &step) {
      const TypeId type = &step == &lock.steps.back() || step.kind != StepKind::field || step.field == none
                              ? none
                              : program_.strip_references(program_.entities[step.field].type);
      return type != none && (program_.types[type].kind == TypeKind::pointer || program_.types[type].system);
    });
  };
  for (const ExitCase &other : summary.exits)
    if (other.guards == exit.guards && other.returns == exit.returns && other.released.size() > exit.released.size() &&
        std::includes(other.released.begin(), other.released.end(), exit.released.begin(), exit.released.end()))
      for (const AccessPath &lock : other.released)
        if (!std::binary_search(exit.released.begin(), exit.released.end(), lock) && may_be_absent(lock) && c.holds(here(lock)))
          return true;
  if (exit.returns || !exit.released.empty() || !exit.guards.empty())
    return false;
  bool guard = c.find(site.self) != nullptr;
  const bool scope_exit = function_.ops[site.op].kind == OpKind::destroy && as_made(site.self);
  for (const ExitCase &other : summary.exits) {
    if (other.returns)
      continue;
    for (const AccessPath &lock : other.released)
      if ((lock.root == RootKind::self || scope_exit) && c.holds(here(lock)))
        return true;
    for (const GuardState &g : other.guards)
      if (guard && !g.guard.valid() && g.locks.front().root == RootKind::self && !c.holds(here(g.locks.front())))
        return true;
  }
  return false;
}

// Whether a local object is as it was made of something: nobody calls anything on it, writes to it or passes it on. Then
// `if (active_) action_();` at its end runs.
bool BodyEffects::as_made(const AccessPath &object) const {
  if (object.root != RootKind::local || object.id < function_.parameter_count || !object.steps.empty())
    return false;
  bool made = false;
  auto is = [&](const Operand &o) { return o.kind == OperandKind::path && has_prefix(plain(o.path), object); };
  for (OpId i = 0; i < function_.ops.size(); ++i) {
    const Operation &op = function_.ops[i];
    if (op.kind == OpKind::destroy)
      continue;
    if (is(op.receiver) || std::any_of(op.args.begin(), op.args.end(), is) ||
        (op.kind == OpKind::access && has_prefix(op.path, object)))
      return false;
    if ((op.kind == OpKind::construct || (op.kind == OpKind::call && op.prvalue_result)) && paths_.home(i) == object) {
      auto nothing = [&](const Operand &operand) { // also in a wrapper: std::function(nullptr)
        const Operation *inner = operand.kind == OperandKind::result ? &function_.ops[operand.op] : nullptr;
        if (inner && inner->kind == OpKind::construct && inner->args.empty())
          return true;
        const Operand &o = inner && inner->kind == OpKind::construct ? inner->args.front() : operand;
        return o.kind == OperandKind::null || o.kind == OperandKind::constant || o.kind == OperandKind::unknown;
      };
      made = !op.args.empty() && std::none_of(op.args.begin(), op.args.end(), nothing);
    }
    if (op.kind == OpKind::closure)
      if (FunctionId lambda = program_.body_for(f_, op.callee); lambda != none)
        for (const Capture &capture : program_.functions[lambda].captures)
          if (is(capture.source))
            return false;
  }
  return made;
}

// Whether the callables and objects that the callee was given are such that it takes this exit.
bool BodyEffects::chosen(const LockCase &c, const ExitCase &exit, FunctionId body, const Site &site) const {
  return std::all_of(exit.choices.begin(), exit.choices.end(), [&](const auto &choice) {
    const auto &[truth, holds] = choice;
    AccessPath object = paths_.substitute(truth.of.path, site, body);
    if (!object.valid())
      return true;
    if (FunctionId closure = paths_.closure_at(object); closure != none && truth.of.op == none && truth.value >= 0)
      return (closure == static_cast<FunctionId>(truth.value)) == holds;
    Truth mine = truth;
    mine.of.path = object;
    auto known = look_up(c.known, mine);
    return known ? *known == holds : !holds || may_run(c.known, object, truth.of.op, truth.value);
  });
}

// What is passed for a parameter, as a truth of the caller's; nothing if it is no value that one can know something of.
// `fits`: whether a number that is written there makes the truth so.
std::optional<Truth> BodyEffects::passed(const Truth &parameter, bool holds, const Site &site, bool &fits) const {
  fits = true;
  const Operation &op = function_.ops[site.op];
  if (site.args || (op.kind != OpKind::call && op.kind != OpKind::construct) || parameter.of.path.id >= op.args.size())
    return std::nullopt;
  const Operand &arg = op.args[parameter.of.path.id];
  if (arg.kind == OperandKind::constant || arg.kind == OperandKind::null) {
    Known is;
    Truth number = is_true(parameter.of);
    const std::int64_t value = arg.kind == OperandKind::null ? 0 : arg.value;
    is[number] = value != 0;
    number.value = value;
    is[number] = value != 0;
    fits = !contradicts(is, parameter, holds);
    return std::nullopt;
  }
  Truth mine = parameter;
  mine.of = term(arg);
  return mine.of.valid() ? std::optional(mine) : std::nullopt;
}

// Whether what the callee was given is such that it takes this exit; if so, that is known now.
bool BodyEffects::given(LockCase &c, const ExitCase &exit, const Site &site) const {
  for (const auto &[truth, holds] : exit.given) {
    bool fits = true;
    const std::optional<Truth> mine = passed(truth, holds, site, fits);
    if (!fits || (mine && contradicts(c.known, *mine, holds)))
      return false;
    if (mine)
      c.known[*mine] = holds; // the next callee may ask the same
  }
  return true;
}

// `unsure`: nobody can tell that this body runs.
bool BodyEffects::apply_summary(const LockSummary &summary, FunctionId body, const Site &site, LockState &state, bool unsure) {
  if (world_.unknown[body]) {
    state.cases.clear();
    return true;
  }
  if (summary.exits.empty())
    return false;
  state.capped |= summary.capped;
  std::vector<LockCase> cases;
  for (const LockCase &before : state.cases)
    for (const ExitCase &exit : summary.exits) {
      if (keeps_out(before, summary, exit, site, body) || !chosen(before, exit, body, site))
        continue;
      LockCase c = before;
      if (!given(c, exit, site))
        continue;
      apply_exit(exit, body, site, c, unsure);
      for (const auto &[choice, holds] : exit.choices) {
        Truth mine = choice;
        mine.of.path = paths_.substitute(choice.of.path, site, body);
        if (mine.of.path.valid())
          c.known[mine] = holds;
      }
      cases.push_back(std::move(c));
    }
  if (!cases.empty()) // else: what was chosen tells of a body that this one does not know
    state.cases = std::move(cases);
  if (state.cases.size() > limit_of(Limit::lock_cases)) // before the next call multiplies them again
    state.normalise();
  return true;
}

void BodyEffects::apply_exit(const ExitCase &exit, FunctionId body, const Site &site, LockCase &c, bool unsure) const {
  auto here = [&](const AccessPath &path) { return paths_.substitute(path, site, body); };
  const Operation &op = function_.ops[site.op];
  const OpId since = site.op;
  bool owns = program_.functions[body].constructor && releases_in_destructor(program_.entity_of(body).record);
  bool ends = op.kind == OpKind::destroy; // a guard, known here: that it is gone says all
  bool was_guard = ends && std::erase_if(c.guards, [&](const GuardState &g) { return has_prefix(g.guard, site.self); });
  for (const AccessPath &lock : exit.released)
    if (const AccessPath mine = here(lock); !was_guard && mine.valid())
      release(c, mine);
    else if (!was_guard)
      doubt(c, {RootKind::result, site.op, lock.steps, lock.truncated});
  for (const GuardState &g : exit.guards) {
    GuardState made{g.guard.valid() ? here(g.guard) : AccessPath{}, {}, g.held, g.shared, g.assumed, since};
    bool unseen = false; // of an object that nobody sees here
    for (const AccessPath &lock : g.locks) {
      AccessPath mine = here(lock);
      unseen |= !mine.valid() && lock.root == RootKind::self && !site.self.valid();
      // A guard that was handed over: what the caller knows of it goes with it.
      if (GuardState *given = c.find(mine); given && given->guard != made.guard) {
        made.held = given->held;
        made.since = given->since;
        made.assumed = given->assumed;
        made.locks.insert(made.locks.end(), given->locks.begin(), given->locks.end());
        AccessPath gone = given->guard;
        c.erase_if([&](const GuardState &x) { return x.guard == gone; });
      } else {
        made.locks.push_back(mine.valid() ? mine : AccessPath{RootKind::result, site.op, {}, false});
      }
    }
    if (GuardState *known = c.find(made.guard); known && g.assumed) {    // a reference parameter: its state after the call
      bool own = made.locks.empty() || made.locks.front() == made.guard; // its own lock, locked or unlocked again
      known->held = known->held ? g.held : (g.held && !g.locks.empty() && g.since != none);
      if (!own)
        known->locks = made.locks;
      if (g.since != none)
        known->since = since;
      continue;
    }
    if (made.guard.valid() && g.assumed && !g.held) { // a guard that our callers know, or one inside of what is known here
      release(c, made.guard);
      continue;
    }
    if (unseen || (!made.guard.valid() && g.guard.valid() && !made.held))
      continue;
    if (made.locks.empty() && made.held)
      continue;
    made.assumed |= unsure && made.held;
    if (!made.guard.valid() && owns)
      made.guard = site.self; // a guard of the user's own: its destructor unlocks
    if (GuardState *own = made.guard.valid() ? nullptr : c.find(site.self); own && own->locks == made.locks) {
      own->held = true; // its lock(): locked again
      own->since = since;
      continue;
    }
    if (!made.guard.valid())
      for (const AccessPath &lock : made.locks)
        hold_by_hand(c, lock, made.shared, since, false, made.assumed);
    else
      c.insert(made);
  }
  const Truth answer = is_true(result_term(site.op));
  if (exit.returns && site.answers)
    c.known[answer] = *exit.returns;
  else if (exit.returns)
    know(c, answer, *exit.returns);
}

} // namespace tenterhook::analysis
