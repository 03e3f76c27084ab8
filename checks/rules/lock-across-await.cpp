// lock-across-await: a coroutine suspends while it holds a lock that blocks threads.
//
// One finding per acquisition: the first suspension (in source order) is the place, the others are related.
#include "program/elsewhere.h"
#include "rules/rule.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <map>

namespace tenterhook::rules {

using namespace facts;
using analysis::HeldAtSuspension;
using findings::StepKind;

namespace {

struct Key { // one acquisition as a person wrote it; template instantiations share it
  Place since;
  std::string lock;
  auto operator<=>(const Key &) const = default;
};

using Names = std::vector<std::string>;

// "Door::mutex": a member that the object has not by its static type, behind a virtual function say. Empty if all have theirs.
std::string member_of_another(const analysis::Program &program, analysis::FunctionId in, const analysis::AccessPath &path) {
  const Function &function = program.functions[in];
  TypeId at = path.root == RootKind::local && path.id < function.locals.size() ? function.locals[path.id].type
              : path.root == RootKind::global                                  ? program.entities[path.id].type
              : path.root == RootKind::self && !function.lambda                ? program.entities[function.entity].record
                                                                               : none;
  for (std::size_t s = 0; s < path.steps.size(); ++s) {
    const PathStep &step = path.steps[s];
    if (step.kind != facts::StepKind::field || step.field == none)
      continue;
    const TypeId of = program.entities[step.field].record, object = program.record_behind(at);
    const auto bases = program.with_bases(object);
    if (of != none && object != none && !program.types[object].system &&
        std::find(bases.begin(), bases.end(), of) == bases.end()) {
      const analysis::AccessPath rest{
          RootKind::none, none, {path.steps.begin() + static_cast<std::ptrdiff_t>(s), path.steps.end()}, false};
      return program.str(program.types[of].spelling) + "::" + analysis::spell(program, in, rest);
    }
    at = program.entities[step.field].type;
  }
  return "";
}

// A lock as the code names it where it is held, in quotes; if nothing there names it, by who gave its guard.
std::string lock_name(const Context &context, analysis::FunctionId in, analysis::AccessPath path) {
  const analysis::Program &program = context.program();
  const Function &function = program.functions[in];
  for (std::size_t s = path.steps.size(); s-- > 0;)
    if (auto number = analysis::captured_number(path.steps[s])) { // within a closure: by its capture's name
      const auto [lambda, capture] = context.analysis.locks().names().capture(*number);
      std::string name = program.str(program.functions[lambda].captures[capture].name);
      path.steps.erase(path.steps.begin(), path.steps.begin() + static_cast<std::ptrdiff_t>(s) + 1);
      std::string rest = analysis::spell(program, in, {RootKind::none, none, path.steps, false});
      name += (name.empty() || rest.empty() ? "" : ".") + rest;
      return name.empty() ? "a lock" : "'" + name + "'";
    }
  if (path.root == RootKind::result && path.id < function.ops.size()) {
    const Operation *op = &function.ops[path.id];
    const TypeId type = program.strip_references(op->type);
    if (op->kind == OpKind::construct)
      return "the lock of " + (type == none ? std::string("a temporary") : "'" + program.str(program.types[type].spelling) + "'");
    if (op->kind == OpKind::await)
      op = op->args.empty() || op->args[0].kind != OperandKind::result ? nullptr : &function.ops[op->args[0].op];
    if (!op || op->callee == none)
      return "a lock";
    bool refers = op->kind == OpKind::call && (!op->prvalue_result || (type != none && program.types[type].pointee != none));
    if (!refers || function.ops[path.id].kind == OpKind::await)
      return "the lock that '" + callee_name(context, *op) + "' returns";
  }
  if (path.root == RootKind::local && path.id < function.locals.size() &&
      llvm::StringRef(program.str(function.locals[path.id].name)).starts_with("__"))
    return "a lock"; // the range of a loop, which only the compiler names
  if (std::string name = member_of_another(program, in, path); !name.empty())
    return "'" + name + "'";
  std::string name = analysis::spell(program, in, path);
  const std::string own = program.qualified(function.entity) + "::"; // a static variable of this function
  if (path.root == RootKind::global && llvm::StringRef(name).starts_with(own))
    name.erase(0, own.size());
  return name.empty() ? "a lock" : "'" + name + "'";
}

Names lock_names(const Context &context, const HeldAtSuspension &held) {
  Names names;
  for (const analysis::AccessPath &lock : held.guard.locks)
    if (std::string name = lock_name(context, held.in, lock); std::find(names.begin(), names.end(), name) == names.end())
      names.push_back(name);
  return names;
}

// "'a', 'b' and 'c'"
std::string listed(const Names &names) {
  std::string text;
  for (std::size_t n = 0; n < names.size(); ++n)
    text += (n == 0 ? "" : n + 1 == names.size() ? " and " : ", ") + names[n];
  return text;
}

// All suspensions with one acquisition, in source order.
using Group = std::vector<const HeldAtSuspension *>;

Place place_of(const Context &context, const HeldAtSuspension &held) {
  return context.program().functions[held.in].ops[held.suspension].place;
}

// What is locked behind the suspension is held at it when the loop comes round. (In reverse post order only a loop goes back.)
const char *round(const HeldAtSuspension &held) {
  return held.guard.since != none && held.guard.since > held.suspension ? ", in the next round" : "";
}

constexpr int deepest_acquirer = 4; // functions between the coroutine and lock(); more are not worth a line each

// The function of the program that a call acquires a lock in.
analysis::FunctionId acquirer(const Context &context, analysis::FunctionId in, const Operation &call) {
  if (call.kind != OpKind::call || call.callee == none)
    return none;
  analysis::FunctionId body = context.program().body_for(in, call.callee);
  return body != none && !context.analysis.locks().summary(body).exits.empty() ? body : none;
}

// The operation by which a function acquires what its callers then hold.
OpId acquisition(const Context &context, analysis::FunctionId f) {
  for (const analysis::ExitCase &exit : context.analysis.locks().summary(f).exits)
    for (const analysis::GuardState &guard : exit.guards)
      if (guard.held && guard.since != none)
        return guard.since;
  return none;
}

void add_acquisition(const Context &context, const HeldAtSuspension &held, findings::Finding &finding) {
  const Function &function = context.program().functions[held.in];
  findings::Step step{lane(context, held.in),
                      1,
                      {},
                      "",
                      StepKind::acquire,
                      within(context, held.in),
                      analysis::identity(context.program(), held.in, held.guard.locks.front()),
                      analysis::type_name(context.program(), held.in, held.guard.locks.front())};
  std::string locks = listed(lock_names(context, held));
  const analysis::AccessPath &guard = held.guard.guard;
  if (held.guard.since == none) {
    if (guard.root == RootKind::local && guard.id < function.locals.size())
      step.place = context.place(function.locals[guard.id].place);
    else
      step.place = context.place(function.extent);
    step.message = "receives the guard " + locks + ", locked";
  } else {
    const Operation &op = function.ops[held.guard.since];
    step.place = context.place(op.place);
    std::string name = guard.valid() ? analysis::spell(context.program(), held.in, guard) : std::string();
    const Operation &maker = op.kind == OpKind::await && !op.args.empty() && op.args[0].kind == OperandKind::result
                                 ? function.ops[op.args[0].op]
                                 : op; // a guard that was awaited
    // A guard whose state nobody saw is one that is made here, that the call gives back, or that it locks.
    TypeId result = context.program().strip_references(op.type);
    bool made = held.guard.assumed && op.kind == OpKind::construct;
    bool returned = held.guard.assumed && result != none && (op.kind == OpKind::await || op.prvalue_result) &&
                    context.program().types[result].kind == TypeKind::record;
    if (made)
      step.message = "makes the guard '" + name + "' of " + locks;
    else if (returned)
      step.message = "takes the guard that '" + callee_name(context, maker) + "' returns";
    else if (!name.empty() && guard.root == RootKind::local && locks != "'" + name + "'")
      step.message = "locks " + locks + " through '" + name + "'";
    else
      step.message = "locks " + locks;
    analysis::FunctionId body = acquirer(context, held.in, maker);
    if (body != none && !made && !returned)
      step.message += ", in '" + callee_name(context, maker) + "'";
    for (int depth = 0; body != none && depth < deepest_acquirer; ++depth) {
      const Function &takes = context.program().functions[body];
      finding.related.push_back({context.place(takes.extent), "the lock is acquired by " + call_it(context, body),
                                 StepKind::acquire, within(context, body), step.subject});
      OpId since = acquisition(context, body);
      body = since != none ? acquirer(context, body, takes.ops[since]) : none;
    }
  }
  finding.witness.push_back(step);
}

// What can be done where it stands: a std::lock_guard has no unlock(), a temporary no name, a generator no co_await.
std::string advice(const Context &context, const HeldAtSuspension &held) {
  const analysis::Program &program = context.program();
  const Function &function = program.functions[held.in];
  const Operation &suspension = function.ops[held.suspension];
  const std::string word = suspension.kind == OpKind::yield ? "co_yield" : "co_await";
  const std::string or_async = function.generator ? "." : ", or use an async mutex, whose lock is awaited.";
  const analysis::AccessPath &guard = held.guard.guard;
  const std::string name = analysis::spell(program, held.in, guard);
  if (guard.root == RootKind::result && guard.id < function.ops.size()) {
    if (suspension.args.size() == 1 && suspension.args[0].kind == OperandKind::result && suspension.args[0].op == guard.id)
      return "Unlock before it is given to the awaited object, or in its await_suspend" + or_async;
    return "Take what is needed out of it in a statement of its own before the " + word + or_async;
  }
  if (held.scoped && !name.empty())
    return "End the scope of '" + name + "' before the " + word + or_async;
  return "Unlock before the " + word + or_async;
}

// Whether translation units that were not looked at may show that nothing is held: by an awaiter that never suspends, or by a
// function that is given the guard or the lock and unlocks it.
bool hangs_on_others(const Context &context, const HeldAtSuspension &held) {
  const analysis::Program &program = context.program();
  if (program.whole)
    return false;
  auto elsewhere = [&](EntityId callee) { return analysis::is_elsewhere(program, callee); };
  const Function &function = program.functions[held.in];
  const Operation &suspension = function.ops[held.suspension];
  if (elsewhere(suspension.await_ready) || elsewhere(suspension.await_suspend))
    return true;
  auto is_it = [&](const Operand &operand) {
    if (operand.kind != OperandKind::path)
      return false;
    analysis::AccessPath path = operand.path.without_derefs();
    return path == held.guard.guard.without_derefs() || llvm::is_contained(held.guard.locks, path);
  };
  return !held.scoped && llvm::any_of(function.ops, [&](const Operation &op) {
    return (op.kind == OpKind::call || op.kind == OpKind::construct) && elsewhere(op.callee) &&
           !context.analysis.library().function(op) && (is_it(op.receiver) || llvm::any_of(op.args, is_it));
  });
}

// Everything that is locked at one place is one finding: one change of the code ends it.
findings::Finding report(const Context &context, const std::vector<Group> &acquisitions) {
  const HeldAtSuspension &first = *acquisitions.front().front();
  const Operation &op = context.program().functions[first.in].ops[first.suspension];
  findings::Finding f;
  f.rule = "lock-across-await";
  f.place = context.place(op.place);
  f.confidence = findings::Confidence::possible;
  Names names;
  bool shared = true;
  std::vector<Place> also;
  for (const Group &group : acquisitions) {
    const HeldAtSuspension &held = *group.front();
    for (const std::string &name : lock_names(context, held))
      if (std::find(names.begin(), names.end(), name) == names.end())
        names.push_back(name);
    shared &= held.guard.shared;
    findings::Confidence sure = held.cut || hangs_on_others(context, held) ? findings::Confidence::possible
                                : held.always && !held.guard.assumed       ? findings::Confidence::certain
                                                                           : findings::Confidence::likely;
    f.confidence = std::max(f.confidence, sure);
    add_acquisition(context, held, f);
    for (const HeldAtSuspension *h : group)
      if (Place p = place_of(context, *h); p != op.place && std::find(also.begin(), also.end(), p) == also.end())
        also.push_back(p);
  }
  f.what = call_it(context, first.in) + " keeps " + listed(names) +
           " locked while it is suspended here; every thread that needs " + (names.size() > 1 ? "one of them" : "it") +
           " stops until this coroutine resumes" + (shared ? "." : ", and another thread may then unlock it.");
  f.instead = advice(context, first);
  f.witness.push_back({lane(context, first.in), 1, f.place, "suspends with " + listed(names) + " locked" + round(first),
                       StepKind::suspend, within(context, first.in)});
  std::sort(also.begin(), also.end());
  for (const Place &p : also)
    f.related.push_back(
        {context.place(p), "also suspends here, with the same lock", StepKind::suspend, within(context, first.in)});
  f.function = context.program().display(first.in);
  f.identity = analysis::identity(context.program(), first.in, first.guard.locks.front());
  f.target = context.program().targets[first.in];
  return f;
}

void run(const Context &context, std::vector<findings::Finding> &out) {
  std::map<Key, Group> groups;
  for (const HeldAtSuspension &held : context.analysis.locks().held_at_suspensions()) {
    if (!context.reportable(held.in))
      continue;
    const Function &function = context.program().functions[held.in];
    Place since = held.guard.since == none ? function.extent : function.ops[held.guard.since].place;
    groups[{since, listed(lock_names(context, held))}].push_back(&held);
  }
  std::map<Place, std::vector<Group>> by_place;
  for (auto &[key, group] : groups) {
    std::sort(group.begin(), group.end(), [&](auto *a, auto *b) {
      return std::tuple(place_of(context, *a), !a->always, a->in) < std::tuple(place_of(context, *b), !b->always, b->in);
    });
    by_place[place_of(context, *group.front())].push_back(std::move(group));
  }
  for (const auto &[place, acquisitions] : by_place)
    out.push_back(report(context, acquisitions));
}

} // namespace

extern const Rule lock_across_await;
const Rule lock_across_await{{"lock-across-await", Category::deadlock, true, World::open, 833, "0.1.0",
                              "a coroutine is suspended while it holds a lock that blocks threads", nullptr},
                             run,
                             analysis::needs_locks};

} // namespace tenterhook::rules
