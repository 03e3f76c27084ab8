// Labels: ids to the words that the dumps print. The forms are documented in docs/facts.md.
#include "facts/labels.h"
#include "facts/schema.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

namespace tenterhook::facts {

static std::string bad(std::uint32_t id) { return "<bad " + std::to_string(id) + ">"; }

static std::string quoted(llvm::StringRef text) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  stream << '"';
  stream.write_escaped(text);
  stream << '"';
  return out;
}

Labels::Labels(const TUSummary &summary) : summary_(summary) {
  for (const Entity &e : summary.entities) {
    if (e.qualified < summary.strings.size())
      ++qualified_[summary.str(e.qualified)];
    if (e.display < summary.strings.size())
      ++display_[summary.str(e.display)];
  }
  for (const Type &t : summary.types)
    if (t.spelling < summary.strings.size())
      ++spelled_[summary.str(t.spelling)];
  for (const Function &f : summary.functions)
    bodies_.emplace(f.entity, &f);
}

const Function *Labels::body_of(EntityId entity) const {
  const auto found = bodies_.find(entity);
  return found == bodies_.end() ? nullptr : found->second;
}

std::string Labels::string(StringId id) const { return id < summary_.strings.size() ? summary_.str(id) : bad(id); }

std::string Labels::entity(EntityId id) const {
  if (id == none)
    return "?";
  if (id >= summary_.entities.size())
    return bad(id);
  const Entity &e = summary_.entities[id];
  std::string name = string(e.qualified);
  return name.empty() ? string(e.display) : name;
}

std::string Labels::unique_entity(EntityId id) const {
  if (id >= summary_.entities.size())
    return entity(id);
  const Entity &e = summary_.entities[id];
  std::string qualified = string(e.qualified), display = string(e.display);
  const auto single = [](const auto &counts, const std::string &name) {
    const auto found = counts.find(name);
    return !name.empty() && found != counts.end() && found->second == 1;
  };
  if (single(qualified_, qualified))
    return qualified;
  if (single(display_, display))
    return display;
  std::string suffix = e.name.usr;
  if (e.name.ordinal)
    suffix += "#" + std::to_string(e.name.ordinal);
  if (!e.name.build_namespace.empty())
    suffix += " in " + e.name.build_namespace;
  return entity(id) + " {" + suffix + "}";
}

std::string Labels::type(TypeId id) const {
  if (id == none)
    return "?";
  if (id >= summary_.types.size())
    return bad(id);
  std::string name = string(summary_.types[id].spelling);
  return name.empty() ? "type#" + std::to_string(id) : name;
}

std::string Labels::unique_type(TypeId id) const {
  std::string name = type(id);
  const auto found = spelled_.find(name);
  return found != spelled_.end() && found->second > 1 ? name + "#" + std::to_string(id) : name;
}

std::string Labels::place(const Place &p) const {
  if (!p.valid())
    return {};
  std::string out;
  if (const std::string file = string(p.file); file != summary_.main_file)
    out = llvm::sys::path::filename(file).str() + ":";
  return out + std::to_string(p.line) + ":" + std::to_string(p.column);
}

std::string Labels::extent(const Place &p) const {
  std::string out = place(p);
  if (!out.empty() && p.end_line)
    out += "-" + std::to_string(p.end_line) + ":" + std::to_string(p.end_column);
  return out;
}

std::string FunctionLabels::local(LocalId id) const {
  if (!function_)
    return "local#" + std::to_string(id);
  if (id >= function_->locals.size())
    return bad(id);
  const StringId name = function_->locals[id].name;
  unsigned same = 0;
  for (const Local &l : function_->locals)
    same += l.name == name;
  std::string out = labels_.string(name);
  return same > 1 || out.empty() ? out + "#" + std::to_string(id) : out;
}

std::string FunctionLabels::path(const AccessPath &path) const {
  std::string out;
  bool pointer = false; // the next field is reached by "->"
  switch (path.root) {
  case RootKind::none: return "?";
  case RootKind::local: out = local(path.id); break;
  case RootKind::global: out = labels_.entity(path.id); break;
  case RootKind::self:
    if (path.steps.empty() || path.steps[0].kind != StepKind::field)
      out = "(*this)";
    else
      out = "this", pointer = true;
    break;
  case RootKind::capture:
    if (!function_)
      out = "capture#" + std::to_string(path.id);
    else if (path.id < function_->captures.size())
      out = "[" + labels_.string(function_->captures[path.id].name) + "]";
    else
      out = bad(path.id);
    break;
  case RootKind::result: out = "%" + std::to_string(path.id); break;
  case RootKind::string: out = "\"\""; break;
  }
  for (const PathStep &step : path.steps) {
    if (pointer && step.kind != StepKind::field)
      out = "(*" + out + ")", pointer = false;
    switch (step.kind) {
    case StepKind::deref: pointer = true; break;
    case StepKind::index: out += "[]"; break;
    case StepKind::base: out += ".base"; break;
    case StepKind::field:
      out += pointer ? "->" : ".";
      pointer = false;
      const std::string name = labels_.entity(step.field);
      out += llvm::StringRef(name).substr(llvm::StringRef(name).rfind(':') + 1); // npos + 1 == 0
      break;
    }
  }
  if (pointer)
    out = "*" + out;
  if (out == "(*this)")
    out = "*this";
  return path.truncated ? out + "..." : out;
}

std::string FunctionLabels::operand(const Operand &operand) const {
  std::string out;
  switch (operand.kind) {
  case OperandKind::unknown: out = "?"; break;
  case OperandKind::path: out = path(operand.path); break;
  case OperandKind::constant: out = std::to_string(operand.value); break;
  case OperandKind::string: out = quoted(labels_.string(operand.text)); break;
  case OperandKind::null: out = "null"; break;
  case OperandKind::result: out = "%" + std::to_string(operand.op); break;
  case OperandKind::closure: out = "closure " + labels_.entity(operand.entity); break;
  case OperandKind::function: out = "&" + labels_.entity(operand.entity); break;
  }
  if (operand.moved)
    out = "move(" + out + ")";
  return operand.defaulted ? "default(" + out + ")" : out;
}

std::string FunctionLabels::result_use(const ResultUse &use) const {
  if (use.kind == UseKind::other)
    return {};
  std::string out = "-> " + std::string(name_of(use.kind));
  if (use.target.valid())
    out += " " + path(use.target);
  if (use.user != none)
    out += " %" + std::to_string(use.user);
  if (use.macro)
    out += " in " + labels_.string(use.macro);
  return out;
}

} // namespace tenterhook::facts
