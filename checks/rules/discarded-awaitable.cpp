// discarded-awaitable: a task is created and nobody awaits it.
#include "rules/rule.h"
#include "values/callables.h"
#include <algorithm>

namespace tenterhook::rules {

using namespace facts;
using analysis::DropKind;
using analysis::Dropped;
using findings::StepKind;

namespace {

// Whether awaiting what the call gives takes a lock: it is made of an async lock, or gives what unlocks. Then the loss is a
// critical section without its lock.
bool takes_lock(const Context &context, const Operation &op, const Type &awaitable) {
  const analysis::Library &library = context.analysis.library();
  const analysis::Program &program = context.program();
  TypeId given = program.strip_references(awaitable.await_result);
  const models::TypeModel *guard = given == none ? nullptr : library.type(given);
  if (given != none && (program.types[given].unlocks || (guard && guard->guard)))
    return true;
  bool runs_something = std::any_of(op.args.begin(), op.args.end(),
                                    [&](const Operand &a) { return analysis::may_be_callable(program, library, a); });
  if (runs_something) // with_lock(mutex, callable)
    return false;
  TypeId receiver = program.record_behind(op.receiver.type);
  if (receiver != none && !library.is_async_lock(receiver)) // its own unlock() says what lock() is ([thread.req.lockable])
    return program.types[receiver].unlocks && analysis::Library::last_name(program.qualified(op.callee)) == "lock";
  return receiver != none || std::any_of(op.args.begin(), op.args.end(), [&](const Operand &a) {
           return library.is_async_lock(program.record_behind(a.type)); // get_units(semaphore, 1)
         });
}

std::string consequence(InitialSuspend start, bool lock) {
  if (lock)
    return "the lock is not held, and the code below runs without it";
  switch (start) {
  case InitialSuspend::lazy: return "the task never runs";
  case InitialSuspend::eager: return "nobody waits for the task or sees its exception";
  case InitialSuspend::unknown: break;
  }
  return "nobody waits for it or sees its result";
}

// What can be done where the awaitable is lost: only a coroutine can await, and a task that never ran is not to be dropped
// on purpose.
std::string advice(const Function &in, InitialSuspend start, bool asked) {
  bool lazy = start == InitialSuspend::lazy;
  if (in.coroutine && asked)
    return "co_await it: what it was asked is only whether there is a task.";
  if (in.coroutine)
    return lazy ? "co_await it, or hand it to something that runs it."
                : "co_await it, hand it to something that does, or cast it to void if it is meant to be dropped.";
  return lazy ? "Hand it to something that runs it; only a coroutine can await."
              : "Hand it to something that waits for it, or cast it to void if it is meant to be dropped.";
}

// The end of a chain of continuations: an awaitable takes what is to run next, and gives another one.
bool continues(const Context &context, const Operation &op) {
  const analysis::Program &program = context.program();
  TypeId receiver = program.record_behind(op.receiver.type);
  return receiver != none && program.types[receiver].awaitable &&
         std::any_of(op.args.begin(), op.args.end(),
                     [&](const Operand &a) { return analysis::may_be_callable(program, context.analysis.library(), a); });
}

// What gave the awaitable, as code would call it: a call through a value is known by that value.
std::string giver(const Context &context, const Dropped &d) {
  const Operation &op = context.program().functions[d.in].ops[d.made];
  const analysis::Program &program = context.program();
  TypeId record = op.callee == none ? none : program.entities[op.callee].record;
  bool lambda = record != none && program.types[record].closure;
  bool through_value = op.callee == none || lambda || analysis::is_call_operator(program, op.callee);
  if (through_value && op.receiver.kind == OperandKind::path)
    if (std::string name = analysis::spell(program, d.in, op.receiver.path); !name.empty())
      return "'" + name + "'";
  if (lambda)
    return "the lambda";
  return op.callee == none ? "the function" : "'" + program.qualified(op.callee) + "'";
}

// A call as code would write it, without its arguments: "mutex_.lock".
std::string written(const Context &context, const Dropped &d) {
  const analysis::Program &program = context.program();
  const Operation &op = program.functions[d.in].ops[d.made];
  std::string name = analysis::Library::last_name(callee_name(context, op)).str();
  if (op.receiver.kind != OperandKind::path || op.receiver.path.root == RootKind::none)
    return name;
  std::string receiver = analysis::spell(program, d.in, op.receiver.path);
  TypeId type = program.strip_references(op.receiver.type);
  bool pointer = type != none && program.types[type].kind == TypeKind::pointer;
  return receiver.empty() || receiver == "this" ? name : receiver + (pointer ? "->" : ".") + name;
}

// What is lost, as the start of a sentence.
std::string subject(const Context &context, const Dropped &d) {
  const analysis::Program &program = context.program();
  const Function &function = program.functions[d.in];
  if (d.made == none)
    return "The awaitable parameter '" + program.str(function.locals[d.variable].name) + "' of '" +
           program.qualified(function.entity) + "'";
  const Operation &op = function.ops[d.made];
  std::string what = d.in_box ? "'" + program.str(program.types[d.type].spelling) + "'" : std::string("awaitable");
  if (d.put && !op.prvalue_result)
    return "The awaitable that is moved into '" + program.str(function.locals[d.variable].name) + "'";
  if (op.kind == OpKind::await)
    return "The " + what + " that this co_await gives";
  if (op.kind == OpKind::construct)
    return "The awaitable '" + program.str(program.types[d.type].spelling) + "'";
  return "The " + what + " that " + giver(context, d) + " returns";
}

// A callable that gives a task, and who takes it without looking at what it gives.
std::string taken(const Context &context, const Dropped &d, const std::string &lost) {
  const analysis::Program &program = context.program();
  const Operation &taker = program.functions[d.in].ops[d.lost_at];
  std::string what = "callable";
  if (d.callable.kind == OperandKind::closure)
    what = "lambda";
  else if (d.callable.kind == OperandKind::function)
    what = "'" + program.qualified(d.callable.entity) + "'";
  else if (std::string name = d.callable.kind == OperandKind::path ? analysis::spell(program, d.in, d.callable.path) : "";
           !name.empty())
    what = "'" + name + "'";
  if (what.front() != '\'')
    what = "the " + what;
  TypeId wrapper = taker.kind == OpKind::construct ? taker.type : taker.makes != none ? taker.makes : taker.receiver.type;
  wrapper = program.strip_references(wrapper);
  if (!taker.result_dropped && (wrapper == none || program.types[wrapper].args.empty() ||
                                program.types[program.types[wrapper].args[0]].kind != TypeKind::function))
    return "'" + callee_name(context, taker) + "' drops the awaitable that " + what + " returns; " + lost + ".";
  std::string name = wrapper == none ? "a wrapper" : "'" + program.str(program.types[wrapper].spelling) + "'";
  return "The awaitable that " + what + " returns is dropped by " + name + ", which gives nothing back; " + lost + ".";
}

std::string message(const Context &context, const Dropped &d, const std::string &held, const std::string &lost) {
  if (d.kind == DropKind::by_taker)
    return taken(context, d, lost);
  std::string made = subject(context, d), stored = made;
  bool moved = d.put && !context.program().functions[d.in].ops[d.made].prvalue_result;
  stored += d.made == none || moved ? " is" : " is stored in " + held + " and";
  switch (d.kind) {
  case DropKind::discarded:
    return made + (d.asked ? " is only asked whether it holds one, and dropped here; " : " is dropped here; ") + lost + ".";
  case DropKind::never_used:
    return stored + (d.asked ? " only asked whether there is one, and never awaited; " : " never awaited; ") + lost + ".";
  case DropKind::some_path: return stored + " not awaited on every path; there " + lost + ".";
  case DropKind::no_iteration: return stored + " only awaited in a loop; where that does not run, " + lost + ".";
  case DropKind::overwritten: return stored + " overwritten before it is awaited; " + lost + ".";
  case DropKind::by_taker: break;
  }
  return {};
}

findings::Confidence confidence(const Context &context, const Dropped &d) {
  using findings::Confidence;
  const Function &function = context.program().functions[d.in];
  if (d.kind == DropKind::no_iteration || d.exception_expected)
    return Confidence::possible;
  if (d.kind == DropKind::by_taker) // what runs by itself is often meant to
    return d.start != InitialSuspend::lazy                                                       ? Confidence::possible
           : d.callable.kind == OperandKind::closure || d.callable.kind == OperandKind::function ? Confidence::certain
                                                                                                 : Confidence::likely;
  if (d.made == none || d.in_box || d.put || (d.asked && d.variable != none))
    return Confidence::likely;
  const Operation &op = function.ops[d.made];
  // Who chains a continuation to work that runs by itself seldom waits for the end of the chain.
  if (d.kind == DropKind::discarded && op.receiver.kind != OperandKind::unknown && d.start != InitialSuspend::lazy &&
      continues(context, op))
    return Confidence::possible;
  bool always = d.kind == DropKind::discarded || d.kind == DropKind::never_used;
  return always && op.kind == OpKind::call ? Confidence::certain : Confidence::likely;
}

void report(const Context &context, const Dropped &d, std::vector<findings::Finding> &out) {
  const analysis::Program &program = context.program();
  const Function &function = program.functions[d.in];
  const Operation *op = d.made == none ? nullptr : &function.ops[d.made];
  const Type &type = program.types[d.type];
  bool taken = d.kind == DropKind::by_taker, call = op && !taken && op->kind == OpKind::call;
  // What runs from the call on may well take its lock.
  bool lock = call && !d.in_box && d.start != InitialSuspend::eager && op->callee != none && takes_lock(context, *op, type);
  std::string variable = d.variable == none ? std::string() : program.str(function.locals[d.variable].name);
  std::string held = variable.empty() ? "a structured binding" : "'" + variable + "'";

  findings::Finding f;
  f.rule = "discarded-awaitable";
  f.place = context.place(op ? op->place : function.locals[d.variable].place);
  f.what = message(context, d, held, consequence(d.start, lock));
  std::string await_it = "'auto guard = co_await " + (lock ? written(context, d) : std::string()) + "(…);'.";
  f.instead = taken   ? "Give it a callable that hands the task to something that runs it."
              : !lock ? advice(function, d.start, d.asked)
                      : (function.coroutine ? "co_await it: " : "Take it in a coroutine: ") + await_it;
  f.confidence = confidence(context, d);
  std::string in = lane(context, d.in);
  f.witness.push_back({in, 1, f.place,
                       call    ? "calls " + giver(context, d) + ", which returns an awaitable"
                       : taken ? "the callable returns an awaitable"
                       : op    ? "makes the awaitable"
                               : "is given the awaitable",
                       StepKind::create, within(context, d.in), program.str(type.spelling)});
  if (d.kind == DropKind::overwritten)
    f.witness.push_back({in, 1, context.place(function.ops[d.lost_at].place), "stores another value in " + held, StepKind::drop,
                         within(context, d.in)});
  else if (taken)
    f.witness.push_back({in, 1, context.place(function.ops[d.lost_at].place), "takes it and drops what it returns",
                         StepKind::drop, within(context, d.in)});
  else if (d.variable != none) {
    Place end = function.extent;
    end.line = function.extent.end_line;
    end.column = function.extent.end_column > 1 ? function.extent.end_column - 1 : 1;
    if (d.lost_at != none)
      end = function.ops[d.lost_at].place;
    std::string when = d.kind == DropKind::never_used ? "" : ", on some path";
    f.witness.push_back(
        {in, 1, context.place(end), held + " is gone" + when + ", not awaited", StepKind::drop, within(context, d.in)});
  }
  if (type.place.valid() && !type.system)
    f.related.push_back({context.place(type.place), "'" + program.str(type.spelling) + "' is awaitable"});
  f.function = program.display(d.in);
  f.identity = !op                  ? "parameter"
               : taken              ? "taken by " + callee_name(context, function.ops[d.lost_at])
               : op->callee == none ? giver(context, d)
                                    : program.qualified(op->callee);
  f.identity += variable.empty() ? "" : ":" + variable;
  f.target = program.targets[d.in];
  out.push_back(std::move(f));
}

void run(const Context &context, std::vector<findings::Finding> &out) {
  for (const Dropped &d : context.analysis.dropped()) {
    const models::FunctionModel *m = context.analysis.library().function(context.program().functions[d.in].entity);
    if (context.reportable(d.in) && !(m && m->generated))
      report(context, d, out);
  }
}

} // namespace

extern const Rule discarded_awaitable;
const Rule discarded_awaitable{{"discarded-awaitable", Category::lost_task, true, World::open, 252, "0.1.0",
                                "an awaitable is created and nobody awaits it", nullptr},
                               run,
                               analysis::needs_dropped};

} // namespace tenterhook::rules
