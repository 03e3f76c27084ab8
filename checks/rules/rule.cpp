// What rules share: places, names, lanes.
#include "rules/rule.h"
#include <algorithm>
#include <string_view>
#include <utility>

namespace tenterhook::rules {

using namespace facts;

const char *to_string(Category c) {
  switch (c) {
  case Category::blocked_loop: return "blocked-loop";
  case Category::deadlock: return "deadlock";
  case Category::data_race: return "data-race";
  case Category::lost_task: return "lost-task";
  case Category::dangling: return "dangling";
  case Category::misuse: return "misuse";
  }
  return "";
}

findings::Place Context::place(const Place &p) const {
  return {program().str(p.file), p.line, p.column, p.end_line, p.end_column};
}

findings::Place Context::definition(analysis::FunctionId f) const {
  const Place &extent = program().functions[f].extent;
  const Place &name = program().entity_of(f).place;
  if (name.file == extent.file && extent.line <= name.line && name.line <= extent.end_line)
    return place(name);
  return place({extent.file, extent.line, extent.column, extent.line, extent.column + 1});
}

bool Context::reportable(analysis::FunctionId f) const {
  const Function &function = program().functions[f];
  return function.user_code && !third_party(program().str(function.extent.file));
}

std::string call_it(const Context &context, analysis::FunctionId f) {
  const Function &function = context.program().functions[f];
  const std::string &name = context.program().display(f);
  if (function.lambda)
    return (function.coroutine ? "coroutine " : "") + name;
  return (function.coroutine ? "coroutine '" : "'") + name + "'";
}

std::string lane(const Context &context, analysis::FunctionId f) {
  const Function &function = context.program().functions[f];
  llvm::StringRef name = context.program().display(f);
  return ((function.coroutine ? "coroutine " : "") + name.take_until([](char c) { return c == '('; }).rtrim()).str();
}

findings::Within within(const Context &context, analysis::FunctionId f) {
  const Place &extent = context.program().functions[f].extent;
  return {context.program().display(f), extent.line, extent.end_line};
}

std::string callee_name(const Context &context, const Operation &op) {
  return op.callee == none ? std::string("a function") : context.program().qualified(op.callee);
}

} // namespace tenterhook::rules
