// Body effects: bodies that run for an operation without being named in it: behind virtual calls, callables, callables
// that are handed on, destructors of parts, deleters.
//
// Several possible bodies split the cases, and each case remembers which one it took: a call through the same object
// later takes one of the same class, so `door.enter(); door.leave();` is right for every kind of door, and a callable is
// the same one twice.
#include "locks/body_effects.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

namespace {
constexpr std::int64_t no_effect = -1; // Truth::value of Test::runs: one of those that leave all locks as they are
constexpr unsigned deepest_part = 6;   // members of members
} // namespace

std::vector<FunctionId> BodyEffects::run_by(OpId i, Link link) const {
  const auto edges = world_.calls.edges(f_);
  std::vector<FunctionId> out;
  for (auto e = std::lower_bound(edges.begin(), edges.end(), i, [](const Edge &edge, OpId op) { return edge.op < op; });
       e != edges.end() && e->op == i; ++e)
    if (e->link == link)
      out.push_back(e->to);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

static const LockSummary &effects(const LockWorld &world, FunctionId f) {
  return world.program.functions[f].coroutine ? world.awaited[f] : world.summaries[f];
}

// All bodies that a virtual call of `method` may run.
static std::vector<FunctionId> bodies_of(const Program &program, FunctionId f, EntityId method) {
  auto overriders = program.overriders(method);
  std::vector<FunctionId> out(overriders.begin(), overriders.end());
  if (FunctionId own = program.body_for(f, method); own != none)
    out.push_back(own);
  return out;
}

// The body that a call of `method` runs on an object of class `type`.
static FunctionId dispatched(const Program &program, FunctionId f, TypeId type, EntityId method) {
  const std::vector<FunctionId> bodies = bodies_of(program, f, method);
  for (TypeId base : program.with_bases(type))
    for (FunctionId body : bodies)
      if (program.entity_of(body).record == base)
        return body;
  return none;
}

// Whether there is a class whose objects run `a` for method `x` and `b` for method `y`.
static bool of_one_class(const Program &program, FunctionId f, FunctionId a, EntityId x, FunctionId b, EntityId y) {
  TypeId first = program.entity_of(a).record, second = program.entity_of(b).record;
  if (first == none || second == none)
    return true;
  auto derives = [&](TypeId from, TypeId base) {
    auto bases = program.with_bases(from);
    return std::find(bases.begin(), bases.end(), base) != bases.end();
  };
  TypeId lower = derives(first, second) ? first : derives(second, first) ? second : none;
  return lower != none && dispatched(program, f, lower, x) == a && dispatched(program, f, lower, y) == b;
}

// What of several bodies may happen: each that touches locks, and "one of those that do not".
std::vector<std::int64_t> BodyEffects::alternatives(const std::vector<FunctionId> &bodies) const {
  std::vector<std::int64_t> out;
  bool quiet = false;
  for (FunctionId body : bodies)
    if (effects(world_, body).exits.empty())
      quiet = true;
    else
      out.push_back(body);
  if (quiet)
    out.push_back(no_effect);
  return out;
}

// Whether a call of `method` through `object` may run `body`, after the calls through it whose bodies are known.
bool BodyEffects::may_run(const Known &known, const AccessPath &object, EntityId method, std::int64_t body) const {
  if (!object.valid())
    return true;
  std::map<EntityId, std::map<std::int64_t, bool>> ran; // by method
  for (const auto &[truth, holds] : known)
    if (truth.test == Test::runs && truth.of.path == object)
      ran[truth.of.op][truth.value] = holds;
  // The bodies that `now` of method `m` may stand for.
  auto meant = [&](std::int64_t now, EntityId m) {
    std::vector<FunctionId> out;
    if (now != no_effect)
      return std::vector<FunctionId>{static_cast<FunctionId>(now)};
    for (FunctionId quiet : bodies_of(program_, f_, m))
      if (effects(world_, quiet).exits.empty())
        out.push_back(quiet);
    return out;
  };
  for (const auto &[before, answers] : ran) {
    bool chosen = std::any_of(answers.begin(), answers.end(), [](const auto &a) { return a.second; });
    auto left = [&](std::int64_t b) {
      auto it = answers.find(b);
      return it == answers.end() ? !chosen : it->second;
    };
    if (before == method && !left(body))
      return false;
    if (before == method || before == none || method == none)
      continue;
    bool fits = false;
    for (std::int64_t other : alternatives(bodies_of(program_, f_, before)))
      if (left(other))
        for (FunctionId a : meant(other, before))
          for (FunctionId b : meant(body, method))
            fits = fits || of_one_class(program_, f_, a, before, b, method);
    if (!fits)
      return false;
  }
  return true;
}

// `method`: of a virtual call; none: `object` is a callable. `unsure`: there may be other bodies.
bool BodyEffects::run_one_of(const std::vector<FunctionId> &bodies, EntityId method, const AccessPath &object, const Site &site,
                             LockState &state, bool unsure) {
  if (bodies.size() > 1 && std::any_of(bodies.begin(), bodies.end(), [&](FunctionId b) { return world_.unknown[b]; })) {
    std::vector<FunctionId> known;
    std::copy_if(bodies.begin(), bodies.end(), std::back_inserter(known), [&](FunctionId b) { return !world_.unknown[b]; });
    if (known.empty())
      state.cases.clear();
    return known.empty() || run_one_of(known, method, object, site, state, true);
  }
  if (bodies.size() == 1 && world_.unknown[bodies.front()])
    return apply_summary({}, bodies.front(), site, state, unsure);
  const std::vector<std::int64_t> all = alternatives(bodies);
  if (all.empty() || all == std::vector<std::int64_t>{no_effect})
    return false;
  if (bodies.size() == 1)
    return apply_summary(effects(world_, bodies.front()), bodies.front(), site, state, unsure);
  if (all.size() > limit_of(Limit::lock_bodies)) {
    hit_limit_ = true;
    return false;
  }
  std::vector<LockCase> cases;
  for (const LockCase &before : state.cases)
    for (std::int64_t body : all) {
      if (!may_run(before.known, object, method, body))
        continue;
      LockState one;
      one.cases.push_back(before);
      if (body != no_effect)
        apply_summary(effects(world_, static_cast<FunctionId>(body)), static_cast<FunctionId>(body), site, one, unsure);
      for (LockCase &c : one.cases) {
        for (std::int64_t other : all) {
          Truth choice{term(object), Test::runs, other, {}};
          choice.of.op = method;
          if (object.valid())
            c.known[choice] = other == body;
        }
        cases.push_back(std::move(c));
      }
    }
  if (!cases.empty())
    state.cases = std::move(cases);
  return true;
}

bool BodyEffects::run_bodies(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  FunctionId body = op.callee == none || op.virtual_call ? none : program_.body_for(f_, op.callee);
  bool any = false;
  if (body != none) {
    any = !program_.functions[body].coroutine && apply_summary(world_.summaries[body], body, paths_.site(i), state);
  } else if (op.virtual_call) {
    any = run_one_of(run_by(i, Link::virtual_call), op.callee, path_of(op.receiver), paths_.site(i), state, true);
  } else if (op.receiver.kind != OperandKind::unknown) {
    std::vector<FunctionId> bodies = run_by(i, Link::value);
    const AccessPath callable = path_of(op.receiver);
    bool sure = false;
    if (FunctionId closure = paths_.closure_at(callable); closure != none && !program_.functions[closure].coroutine) {
      bodies = {closure};
      sure = true;
    }
    any = run_one_of(bodies, none, callable, paths_.site(i), state, !sure);
  }
  if (body == none && !op.virtual_call) // owner.reset()
    for (FunctionId destructor : run_by(i, Link::destructor))
      any |= apply_summary(world_.summaries[destructor], destructor, {i, path_of(op.receiver), {}, nullptr}, state);
  return run_callbacks(i, state) || any;
}

// Callables that the callee runs before it returns. Where its body calls a parameter of a closure's own type, its
// summary has said so.
bool BodyEffects::run_callbacks(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  FunctionId callee = op.callee == none || op.virtual_call ? none : program_.body_for(f_, op.callee);
  bool any = false;
  for (FunctionId body : run_by(i, Link::callback)) {
    if (world_.summaries[body].exits.empty() && !world_.unknown[body])
      continue;
    if (program_.functions[body].constructor) { // make_unique<T>(…), emplace(…)
      const AccessPath object = op.prvalue_result ? home(i) : path_of(op.receiver);
      std::vector<AccessPath> args; // the last ones: std::in_place stands before them
      const std::size_t count = std::min<std::size_t>(program_.functions[body].parameter_count, op.args.size());
      for (std::size_t a = op.args.size() - count; a < op.args.size(); ++a)
        args.push_back(path_of(op.args[a]));
      any |= apply_summary(world_.summaries[body], body, {i, object, {}, &args}, state);
      continue;
    }
    AccessPath closure, other;
    bool told = false;
    for (std::size_t a = 0; a < op.args.size(); ++a) {
      const AccessPath path = path_of(op.args[a]);
      if (!world_.names.callable(op.args[a].type) && op.args[a].kind != OperandKind::closure) {
        if (!other.valid())
          other = path;
        if (op.args[a].kind == OperandKind::result && a == 0) // an iterator: of what it was made by
          if (const Operation &made = function_.ops[op.args[a].op];
              made.kind == OpKind::call && made.callee != none && program_.entities[made.callee].system && made.args.empty())
            other = path_of(made.receiver);
        continue;
      }
      if (FunctionId lambda = paths_.closure_at(path); lambda != none && lambda != body)
        continue;
      closure = path;
      if (callee != none && a < program_.functions[callee].parameter_count)
        if (TypeId type = program_.strip_references(program_.functions[callee].locals[a].type); type != none)
          told |= (program_.types[type].closure || program_.types[type].call_operator != none) &&
                  !(library_.type(type) && library_.type(type)->callable);
    }
    if (told)
      continue;
    // What an algorithm gives its callable is of what it was given itself.
    const std::vector<AccessPath> args(program_.functions[body].parameter_count, other);
    any |= apply_summary(world_.summaries[body], body, {i, closure, {}, &args}, state, true);
  }
  return any;
}

// The destructors that end `object`: its own, else those of its members, bases, and of what a library's class owns.
void BodyEffects::destroy_parts(OpId i, const AccessPath &object, TypeId type, LockState &state, unsigned depth) {
  type = program_.strip_references(type);
  if (type == none || depth > deepest_part || program_.types[type].kind != TypeKind::record)
    return;
  const Type &t = program_.types[type];
  const TypeModel *model = library_.type(type);
  const bool shared = model && model->smart_pointer && !model->owns_arguments;
  if (model && t.system &&
      (model->owns_arguments || (shared && depth == 0 && world_.calls.endings().only_owner(f_, function_.ops[i].path))))
    for (TypeId a : t.args)
      destroy_parts(i, object, a, state, depth + 1);
  const EntityId destructor = t.destructor;
  if (destructor != none) {
    const TypeModel *outer = library_.type(function_.ops[i].type);
    bool by_pointer = depth == 1 ? outer && outer->smart_pointer : function_.ops[i].explicit_delete;
    const Site site{i, object, {}, nullptr};
    std::vector<FunctionId> bodies;
    if (by_pointer) // the object may be of any class derived from it
      bodies = bodies_of(program_, f_, destructor);
    else if (FunctionId body = program_.body_for(f_, destructor); body != none)
      bodies = {body};
    if (!bodies.empty()) { // it destroys members and bases itself
      run_one_of(bodies, destructor, object, site, state, bodies.size() > 1);
      return;
    }
  }
  if (!t.nontrivial_destructor)
    return;
  for (TypeId base : t.bases)
    destroy_parts(i, object, base, state, depth + 1);
  for (const FieldInfo &field : t.fields)
    if (field.type != none && program_.types[field.type].kind == TypeKind::record) {
      AccessPath part = object;
      PathStep step;
      step.kind = StepKind::field;
      step.field = field.entity;
      part.steps.push_back(step);
      destroy_parts(i, paths_.resolve(part), field.type, state, depth + 1);
    }
}

// A smart pointer whose deleter unlocks what it points to is a guard that adopts a lock.
bool BodyEffects::adopt_by_deleter(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  FunctionId deleter = deleter_of(program_, library_, f_, op);
  if (deleter == none || world_.summaries[deleter].exits.empty())
    return false;
  const TypeModel *pointer = library_.type(op.type); // a unique pointer to nothing calls no deleter
  if (op.args[0].kind == OperandKind::null && (!pointer || pointer->owns_arguments))
    return false;
  const std::vector<AccessPath> args{path_of(op.args[0])};
  const Site site{i, op.args.size() > 1 ? path_of(op.args[1]) : AccessPath{}, {}, &args};
  std::vector<AccessPath> locks;
  for (const ExitCase &exit : world_.summaries[deleter].exits)
    for (const AccessPath &released : exit.released)
      if (AccessPath lock = paths_.substitute(released, site, deleter);
          lock.valid() && std::find(locks.begin(), locks.end(), lock) == locks.end())
        locks.push_back(lock);
  if (locks.empty())
    return false;
  std::sort(locks.begin(), locks.end());
  for (LockCase &c : state.cases) {
    GuardState owner{home(i), locks, false, false, false, i};
    for (const GuardState &g : c.guards)
      if (!g.guard.valid() && std::find(locks.begin(), locks.end(), g.locks.front()) != locks.end()) {
        owner.held = true;
        owner.shared = g.shared;
        owner.assumed = g.assumed;
        owner.since = g.since;
      }
    c.erase_if([&](const GuardState &g) {
      return !g.guard.valid() && std::find(locks.begin(), locks.end(), g.locks.front()) != locks.end();
    });
    c.insert(std::move(owner));
  }
  return true;
}

// release(), reset() and assignment of such a pointer.
bool BodyEffects::owner_method(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  const TypeModel *model = op.receiver.kind == OperandKind::unknown ? nullptr : library_.type(op.receiver.type);
  if (!model || !model->smart_pointer || op.callee == none)
    return false;
  const AccessPath object = path_of(op.receiver);
  llvm::StringRef method = Library::last_name(program_.qualified(op.callee));
  bool releases = method == "release";
  if (!releases && method != "reset" && method != "operator=")
    return false;
  bool any = false;
  for (LockCase &c : state.cases)
    if (const GuardState *owner = c.find(object)) {
      const GuardState given_up = *owner;
      any = true;
      c.erase_if([&](const GuardState &g) { return g.guard == object; });
      if (releases && given_up.held)
        for (const AccessPath &lock : given_up.locks)
          hold_by_hand(c, lock, given_up.shared, given_up.since, false, given_up.assumed);
    }
  if (any && method == "operator=" && op.args.size() == 1 && moves(op.args[0]))
    move_object(path_of(op.args[0]), object, state);
  return any;
}

} // namespace tenterhook::analysis
