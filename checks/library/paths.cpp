// Names of paths.
#include "library/paths.h"
#include "library/library.h"

namespace tenterhook::analysis {

using namespace facts;

static std::string root_name(const Program &program, FunctionId f, const AccessPath &path) {
  const Function &function = program.functions[f];
  switch (path.root) {
  case RootKind::local: return path.id < function.locals.size() ? program.str(function.locals[path.id].name) : std::string();
  case RootKind::global: return program.qualified(path.id);
  case RootKind::capture:
    return path.id < function.captures.size() ? program.str(function.captures[path.id].name) : std::string();
  case RootKind::result: {
    if (path.id >= function.ops.size())
      return {};
    const Operation &op = function.ops[path.id];
    if (op.callee == none)
      return {};
    return Library::last_name(program.qualified(op.callee)).str() + "()";
  }
  default: return {};
  }
}

std::string spell(const Program &program, FunctionId f, const AccessPath &path) {
  std::string name = root_name(program, f, path);
  for (const PathStep &s : path.steps) {
    if (s.kind == StepKind::field && s.field != none) {
      llvm::StringRef field = Library::last_name(program.qualified(s.field));
      if (field.starts_with("(")) // of an anonymous union: nobody writes it
        continue;
      if (!name.empty())
        name += '.';
      name += field;
    } else if (s.kind == StepKind::index) {
      name += "[]";
    }
  }
  if (name.empty() && path.root == RootKind::self)
    name = "*this";
  return name;
}

std::string identity(const Program &program, FunctionId f, const AccessPath &path) {
  for (auto it = path.steps.rbegin(); it != path.steps.rend(); ++it)
    if (it->kind == StepKind::field && it->field != none)
      return program.qualified(it->field);
  if (path.root == RootKind::global)
    return program.qualified(path.id);
  return program.qualified(program.functions[f].entity) + ":" + spell(program, f, path);
}

std::string type_name(const Program &program, FunctionId f, const AccessPath &path) {
  const Function &function = program.functions[f];
  TypeId type = none;
  std::size_t behind = path.steps.size(); // the steps that the type is that of
  while (behind > 0 && path.steps[behind - 1].kind == StepKind::deref)
    --behind;
  if (behind > 0) {
    const PathStep &last = path.steps[behind - 1];
    if (last.kind == StepKind::field && last.field != none)
      type = program.entities[last.field].type;
  } else if (path.root == RootKind::local && path.id < function.locals.size()) {
    type = function.locals[path.id].type;
  } else if (path.root == RootKind::capture && path.id < function.captures.size()) {
    type = function.captures[path.id].type;
  } else if (path.root == RootKind::global) {
    type = program.entities[path.id].type;
  } else if (path.root == RootKind::self) {
    type = program.entities[function.entity].record;
  }
  while (type != none && program.types[type].pointee != none)
    type = program.types[type].pointee;
  return type == none ? std::string() : program.str(program.types[type].spelling);
}

} // namespace tenterhook::analysis
