// discarded-awaitable: a task is created and nobody awaits it.
#include "rules/rule.h"
#include "analysis/callables.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

namespace tenterhook::rules {

using namespace facts;
using analysis::Dropped;
using analysis::DropKind;
using findings::StepKind;

namespace {

// Whether a function's name speaks of taking a lock: then the loss is a critical section without its lock.
bool takes_lock(llvm::StringRef name) {
  std::vector<std::string> words(1); // "hold_write_lock", "coScopedLock"
  for (char c : name) {
    if (c == '_' || (llvm::isUpper(c) && !words.back().empty() && !llvm::isUpper(words.back().back())))
      words.emplace_back();
    if (c != '_')
      words.back() += c;
  }
  std::erase(words, "");
  for (std::string &w : words)
    w = llvm::StringRef(w).lower();
  if (words.empty())
    return false;
  auto has = [&](const char *word) { return std::find(words.begin(), words.end(), word) != words.end(); };
  if (words.front() == "lock" || words.back() == "lock" || has("acquire"))
    return true;
  return (words.front() == "get" && has("units")) || (words.front() == "hold" && words.size() > 1);
}

std::string consequence(const Type &type, bool lock) {
  if (lock)
    return "the lock is not held, and the code below runs without it";
  switch (type.initial_suspend) {
  case InitialSuspend::lazy:
    return "the task never runs";
  case InitialSuspend::eager:
    return "nobody waits for the task or sees its exception";
  case InitialSuspend::unknown:
    break;
  }
  return "nobody waits for it or sees its result";
}

// The end of a chain of continuations.
bool continues(llvm::StringRef name) {
  return name.starts_with("then") || name == "finally" || name.starts_with("handle_exception");
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

void report(const Context &context, const Dropped &d, std::vector<findings::Finding> &out) {
  const analysis::Program &program = context.program();
  const Function &function = program.functions[d.in];
  const Operation &op = function.ops[d.made];
  const Type &type = program.types[program.strip_references(op.type)];
  std::string callee = giver(context, d), name = analysis::Library::last_name(callee_name(context, op)).str();
  // What runs from the call on may well take its lock.
  bool lock = op.kind == OpKind::call && takes_lock(name) && type.initial_suspend != InitialSuspend::eager;
  std::string made = op.kind == OpKind::construct ? "The awaitable '" + program.str(type.spelling) + "'"
                     : op.kind == OpKind::await   ? "The awaitable that this co_await gives"
                                                  : "The awaitable that " + callee + " returns";
  std::string variable = d.variable == none ? std::string() : program.str(function.locals[d.variable].name);
  std::string held = variable.empty() ? "a structured binding" : "'" + variable + "'";
  std::string stored = made + " is stored in " + held;
  bool always = d.kind == DropKind::discarded || d.kind == DropKind::never_used;

  findings::Finding f;
  f.rule = "discarded-awaitable";
  f.place = context.place(op.place);
  switch (d.kind) {
  case DropKind::discarded:
    f.what = made + " is dropped here; " + consequence(type, lock) + ".";
    break;
  case DropKind::never_used:
    f.what = stored + " and never awaited; " + consequence(type, lock) + ".";
    break;
  case DropKind::some_path:
    f.what = stored + " and not awaited on every path; there " + consequence(type, lock) + ".";
    break;
  case DropKind::no_iteration:
    f.what = stored + " and only awaited in a loop; where that does not run, " + consequence(type, lock) + ".";
    break;
  case DropKind::overwritten:
    f.what = stored + " and overwritten before it is awaited; " + consequence(type, lock) + ".";
    break;
  }
  f.instead = lock ? "co_await it: 'auto guard = co_await " + name + "(…);'."
                   : "co_await it, hand it to something that does, or cast it to void if it is meant to be dropped.";
  f.confidence = always && op.kind == OpKind::call ? findings::Confidence::certain : findings::Confidence::likely;
  if (d.kind == DropKind::no_iteration)
    f.confidence = findings::Confidence::possible;
  // Who chains a continuation to work that runs by itself seldom waits for the end of the chain.
  bool method = op.receiver.kind != OperandKind::unknown;
  if (d.kind == DropKind::discarded && method && continues(name) && type.initial_suspend != InitialSuspend::lazy)
    f.confidence = findings::Confidence::possible;
  if (d.exception_expected)
    f.confidence = findings::Confidence::possible;
  std::string in = lane(context, d.in);
  bool call = op.kind == OpKind::call;
  f.witness.push_back(
      {in, 1, f.place, call ? "calls " + callee + ", which returns an awaitable" : "makes the awaitable", StepKind::create,
       within(context, d.in), program.str(type.spelling)});
  if (d.kind == DropKind::overwritten)
    f.witness.push_back(
        {in, 1, context.place(function.ops[d.lost_at].place), "stores another value in " + held,
         StepKind::drop, within(context, d.in)});
  else if (d.variable != none) {
    Place end = function.extent;
    end.line = function.extent.end_line;
    end.column = function.extent.end_column > 1 ? function.extent.end_column - 1 : 1;
    if (d.lost_at != none)
      end = function.ops[d.lost_at].place;
    std::string when = always ? "" : ", on some path";
    f.witness.push_back({in, 1, context.place(end), held + " is gone" + when + ", not awaited", StepKind::drop,
                         within(context, d.in)});
  }
  if (type.place.valid() && !type.system)
    f.related.push_back({context.place(type.place), "'" + program.str(type.spelling) + "' is awaitable"});
  f.function = program.display(d.in);
  f.identity = (op.callee == none ? callee : program.qualified(op.callee)) + (variable.empty() ? "" : ":" + variable);
  f.target = program.targets[d.in];
  out.push_back(std::move(f));
}

void run(const Context &context, std::vector<findings::Finding> &out) {
  for (const Dropped &d : context.analysis.dropped)
    if (context.reportable(d.in))
      report(context, d, out);
}

} // namespace

extern const Rule discarded_awaitable;
const Rule discarded_awaitable{{"discarded-awaitable", Category::lost_task, true, World::open, 252, "0.1.0",
                                "an awaitable is created and nobody awaits it", nullptr},
                               run};

} // namespace tenterhook::rules
