// Dropped awaitables: where one is made, given, put into something, and what the flow of pending ones says of it.
#include "awaitables/dropped.h"
#include "awaitables/awaitables.h"
#include "awaitables/dropped_flow.h"
#include "program/dataflow.h"
#include <algorithm>
#include <optional>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

namespace {

// The local that holds the value of operation `i` and nothing else but it; none if there is no such one.
LocalId holder(const Program &program, const Function &function, OpId i) {
  const Operation &op = function.ops[i];
  if (op.kind == OpKind::construct && op.path.root == RootKind::local && op.path.steps.empty())
    return op.path.id; // what is constructed by name is of the type that is named
  if (op.use.kind != UseKind::stored || op.use.target.root != RootKind::local || !op.use.target.steps.empty() ||
      op.use.target.id < function.parameter_count)
    return none;
  const Local &local = function.locals[op.use.target.id];
  if (local.is_static || program.strip_references(local.type) != program.strip_references(op.type))
    return none;
  // A reference to something else: what is stored through it is not ours.
  bool made_here = local.init.kind == OperandKind::result && local.init.op == i;
  if (program.types[local.type].kind != TypeKind::record && !made_here)
    return none;
  return op.use.target.id;
}

// Another variable refers, or may refer, to local `l`: it is used through that one.
bool aliased(const Program &program, const Function &function, LocalId l) {
  TypeId type = program.strip_references(function.locals[l].type);
  // To bind a reference is to look: only what is stored behind that may be used unseen.
  bool stored_later = false, bound = false;
  for (const Operation &op : function.ops) {
    bound |= op.kind == OpKind::access && op.access & static_cast<unsigned>(AccessKind::address) && op.path.is_local(l);
    stored_later |= bound && (assigns(program, op, l) || (op.use.kind == UseKind::stored && op.use.target.is_local(l)));
  }
  return std::any_of(function.locals.begin(), function.locals.end(), [&](const Local &other) {
    if (&other == &function.locals[l])
      return false;
    const auto names = [&](const Operand &o) {
      return o.kind == OperandKind::path && o.path.root == RootKind::local && o.path.id == l;
    };
    if (names(other.init))
      return stored_later || !bound;
    if (any_choice(other.init, names))
      return true;
    return other.init.kind == OperandKind::unknown && !other.parameter && other.type != none &&
           program.types[other.type].kind != TypeKind::record && program.record_behind(other.type) == type;
  });
}

// Whether a discarded call stands last in a lambda, or in a macro, that is expected to throw.
bool exception_expected(const Program &program, const Library &library, FunctionId f, OpId made) {
  auto expects = [](const FunctionModel *m) { return m && m->expects_exception; };
  const Function &function = program.functions[f];
  const ResultUse &use = function.ops[made].use;
  if (use.macro && expects(library.function_named(program.str(use.macro))))
    return true;
  FunctionId outer = function.lambda && function.enclosing != none ? program.body_for(f, function.enclosing) : none;
  if (outer == none)
    return false;
  for (OpId i = made + 1; i < function.ops.size(); ++i)
    if (function.ops[i].kind != OpKind::destroy && function.ops[i].kind != OpKind::ret)
      return false;
  const Function &around = program.functions[outer];
  for (const Operation &closure : around.ops) {
    if (closure.kind != OpKind::closure || closure.callee != function.entity)
      continue;
    const Operation *user = &closure;
    while (user->use.kind == UseKind::argument && user->use.user != none) { // perhaps through a std::function
      user = &around.ops[user->use.user];
      if (expects(library.function(*user)))
        return true;
    }
  }
  return false;
}

bool is_array(const Program &program, TypeId t) { return t != none && program.types[t].kind == TypeKind::array; }

// A local object that owns tasks and into which `op` puts one: all.push_back(load()), slots[0] = load(). The operation
// that made the task is returned as well, where there is one in this function.
std::optional<std::pair<LocalId, OpId>> puts(const Awaitables &awaitables, const Program &program, FunctionId f, OpId i) {
  const Function &function = program.functions[f];
  const Operation &op = function.ops[i];
  auto owner = [&](const AccessPath &path) {
    if (path.root != RootKind::local || path.id < function.parameter_count || function.locals[path.id].is_static)
      return none;
    return awaitables.inside(function.locals[path.id].type) == none ? none : path.id;
  };
  if (awaitables.makes(f, op) && op.use.kind == UseKind::stored) // an element: what is stored in all is its own
    if (LocalId l = owner(op.use.target); l != none) {
      const Operand &whole = function.locals[l].init;
      const bool part_of_list = whole.kind == OperandKind::result && whole.op > i; // std::array t{f(), f()}
      if (!op.use.target.steps.empty() || is_array(program, function.locals[l].type) || part_of_list)
        return std::pair(l, i);
    }
  if (op.kind != OpKind::call || op.receiver.kind != OperandKind::path || !op.receiver.path.steps.empty())
    return std::nullopt;
  LocalId l = owner(op.receiver.path);
  if (l == none)
    return std::nullopt;
  for (const Operand &arg : op.args) {
    if (arg.kind == OperandKind::result && awaitables.makes(f, function.ops[arg.op]))
      return std::pair(l, arg.op);
    if (arg.kind == OperandKind::path && arg.moved && awaitables.is_task(arg.type))
      return std::pair(l, i);
  }
  return std::nullopt;
}

// A call on a local object that gives nothing to anybody: reserve(8), clear(), push_back(load()).
bool keeps_to_itself(const Program &program, const Operation &op, LocalId l) {
  if (op.kind != OpKind::call || op.callee == none || !program.entities[op.callee].system ||
      op.receiver.kind != OperandKind::path || !op.receiver.path.is_local(l))
    return false;
  if (op.use.kind != UseKind::discarded && op.use.kind != UseKind::voided)
    return false;
  return std::none_of(op.args.begin(), op.args.end(), [&](const Operand &arg) {
    if (arg.kind == OperandKind::path)
      return !arg.moved && program.record_behind(arg.type) != none;
    return arg.kind == OperandKind::unknown || arg.kind == OperandKind::closure || arg.kind == OperandKind::function ||
           !arg.choices.empty();
  });
}

// Local containers into which tasks are put, and at which nothing looks.
void find_in_containers(const Program &program, const Awaitables &awaitables, FunctionId f, std::vector<Dropped> &out) {
  const Function &function = program.functions[f];
  std::map<LocalId, OpId> first;
  for (OpId i = 0; i < function.ops.size(); ++i)
    if (program.reachable(f, i))
      if (auto put = puts(awaitables, program, f, i))
        first.insert(*put);
  for (auto [local, made] : first) {
    LocalId l = local;
    bool used = aliased(program, function, l) || std::any_of(function.ops.begin(), function.ops.end(), [&](const Operation &op) {
                  bool makes_it = op.kind == OpKind::construct && op.path.is_local(l);
                  if (op.use.kind == UseKind::stored && op.use.target.root == RootKind::local && op.use.target.id == l)
                    makes_it |= puts(awaitables, program, f, static_cast<OpId>(&op - function.ops.data())).has_value();
                  return !makes_it && !keeps_to_itself(program, op, l) && looks_at(program, f, op, l);
                });
    if (!used)
      out.push_back({.in = f,
                     .made = made,
                     .kind = DropKind::never_used,
                     .type = awaitables.inside(function.locals[l].type),
                     .variable = l,
                     .put = true});
  }
}

// Parameters that are tasks: the function alone has them. Who does not name one, or implements what others declared, may
// be meant to ignore it.
void add_parameters(const Program &program, const Awaitables &awaitables, FunctionId f, std::map<OpId, LocalId> &candidates) {
  const Function &function = program.functions[f];
  for (LocalId l = 0; l < function.parameter_count; ++l) {
    const Local &parameter = function.locals[l];
    if (parameter.name != 0 && parameter.type != none && program.types[parameter.type].kind == TypeKind::record &&
        awaitables.is_task(parameter.type) && !aliased(program, function, l))
      candidates[given(l)] = l;
  }
}

void find_in(const Program &program, const Library &library, const Awaitables &awaitables, FunctionId f,
             std::vector<Dropped> &out) {
  const Function &function = program.functions[f];
  std::map<OpId, LocalId> candidates;
  std::map<OpId, OpId> boxes; // what makes the box → what makes the awaitable in it
  for (OpId i = 0; i < function.ops.size(); ++i) {
    const Operation &op = function.ops[i];
    if (!program.reachable(f, i))
      continue;
    bool in_box = awaitables.makes_box(f, op);
    if (OpId inside = awaitables.boxed(f, op); inside != none)
      boxes[i] = inside;
    else if (!in_box && !awaitables.makes(f, op))
      continue;
    bool asked = awaitables.asked_and_dropped(f, op);
    if (op.use.kind == UseKind::discarded || asked) {
      OpId made = boxes.count(i) ? boxes[i] : i;
      out.push_back({.in = f,
                     .made = made,
                     .kind = DropKind::discarded,
                     .exception_expected = exception_expected(program, library, f, i),
                     .in_box = in_box,
                     .asked = asked});
    }
    // Objects that are constructed by name are things of their own: events, timers that others wait for.
    if (op.kind == OpKind::construct && !boxes.count(i) && !awaitables.takes_over(function, op))
      continue;
    if (LocalId l = holder(program, function, i); l != none && !aliased(program, function, l))
      candidates[i] = l;
  }
  find_in_containers(program, awaitables, f, out);
  add_parameters(program, awaitables, f, candidates);
  if (candidates.empty())
    return;
  PendingFlow flow(program, library, awaitables, f, candidates);
  Solution<PendingFlow> solution = solve(function, flow);
  std::map<OpId, OpId> lost = flow.lost(), without_iteration = flow.lost_without_iteration();
  // What has no destructor to run is lost where the function ends, and so are parameters, which the caller may destroy.
  // (What has one is destroyed on every path that does not end in a noreturn call.)
  auto ends_unseen = [&](OpId made) {
    return made >= first_parameter || !program.types[program.strip_references(function.ops[made].type)].nontrivial_destructor;
  };
  if (function.blocks.size() > 1 && solution.at_entry[1])
    for (const auto &[made, pending] : solution.at_entry[1]->pending)
      if (ends_unseen(made))
        (pending.skipped_loop ? without_iteration : lost).try_emplace(made, none);
  auto report = [&](OpId made, DropKind kind, OpId lost_at) {
    if (kind != DropKind::never_used && made < first_parameter && awaitables.finished(f, made))
      return; // a placeholder
    auto box = boxes.find(made);
    OpId of = made >= first_parameter ? none : box == boxes.end() ? made : box->second;
    bool in_box = of != none && awaitables.makes_box(f, function.ops[of]);
    out.push_back({.in = f,
                   .made = of,
                   .kind = kind,
                   .variable = candidates.at(made),
                   .lost_at = lost_at,
                   .in_box = in_box,
                   .asked = flow.asked(made)});
  };
  bool interface = function.is_virtual || !function.overrides.empty();
  for (auto [made, local] : candidates) {
    if (auto it = flow.overwritten().find(made); it != flow.overwritten().end())
      report(made, DropKind::overwritten, it->second);
    else if (auto end = lost.find(made); end != lost.end()) {
      bool used = flow.looked_at(made);
      if (used || made < first_parameter || !interface)
        report(made, used ? DropKind::some_path : DropKind::never_used, end->second);
    } else if (auto end = without_iteration.find(made); end != without_iteration.end())
      report(made, DropKind::no_iteration, end->second);
  }
}

} // namespace

std::vector<Dropped> find_dropped(const Program &program, const Library &library, const CallGraph &calls) {
  std::vector<Dropped> out;
  Awaitables awaitables(program, library, calls);
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    if (program.functions[f].user_code) {
      find_in(program, library, awaitables, f, out);
      find_in_callables(program, library, awaitables, f, out);
    }
  for (Dropped &d : out) {
    const Function &function = program.functions[d.in];
    if (d.type == none)
      d.type = d.made == none ? function.locals[d.variable].type : function.ops[d.made].type;
    d.type = program.strip_references(d.type);
    TypeId inside = awaitables.inside(d.type);
    d.start = awaitables.start(inside == none ? d.type : inside);
  }
  std::sort(out.begin(), out.end(), [](const Dropped &a, const Dropped &b) {
    return std::tie(a.in, a.made, a.variable) < std::tie(b.in, b.made, b.variable);
  });
  return out;
}

} // namespace tenterhook::analysis
