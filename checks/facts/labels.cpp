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

constexpr TypeId several = none - 1;

Labels::Labels(const TUSummary &summary) : summary_(summary) {
  for (const Entity &e : summary.entities)
    if (e.qualified < summary.strings.size())
      if (auto [it, added] = classes_.try_emplace(summary.str(e.qualified), e.record); !added && it->second != e.record)
        it->second = several;
  for (EntityId id = 0; id < summary.entities.size(); ++id) {
    ++named_[entity(id)];
    ++signed_[signature(id)];
  }
  for (const Type &t : summary.types)
    if (t.spelling < summary.strings.size())
      ++spelled_[summary.str(t.spelling)];
  for (const Function &f : summary.functions) {
    bodies_.emplace(f.entity, &f);
    ++body_names_[entity(f.entity)];
  }
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
  if (name.empty())
    return string(e.display);
  const auto owner = classes_.find(name);
  if (owner == classes_.end() || owner->second != several || e.record >= summary_.types.size())
    return name;
  const Type &record = summary_.types[e.record];
  const std::string prefix = string(record.qualified) + "::";
  return llvm::StringRef(name).starts_with(prefix) ? string(record.spelling) + "::" + name.substr(prefix.size()) : name;
}

std::string Labels::signature(EntityId id) const {
  std::string out;
  if (id >= summary_.entities.size() || summary_.entities[id].kind != EntityKind::function)
    return entity(id);
  const Entity &e = summary_.entities[id];
  for (const Parameter &p : e.parameters)
    out += (out.empty() ? "" : ", ") + type(p.type) + (p.has_default ? " = default" : "");
  if (e.variadic)
    out += out.empty() ? "..." : ", ...";
  return entity(id) + "(" + out + ")";
}

std::string Labels::unique_entity(EntityId id) const {
  if (id >= summary_.entities.size())
    return entity(id);
  const auto single = [](const auto &counts, const std::string &name) {
    const auto found = counts.find(name);
    return !name.empty() && found != counts.end() && found->second == 1;
  };
  if (const std::string name = entity(id); single(named_, name))
    return name;
  if (const std::string name = signature(id); single(signed_, name))
    return name;
  const Entity &e = summary_.entities[id];
  std::string suffix = e.name.usr;
  if (e.name.ordinal)
    suffix += "#" + std::to_string(e.name.ordinal);
  if (!e.name.build_namespace.empty())
    suffix += " in " + e.name.build_namespace;
  return entity(id) + " {" + suffix + "}";
}

std::string Labels::body(EntityId id) const {
  const auto found = body_names_.find(entity(id));
  if (found == body_names_.end() || found->second == 1 || llvm::StringRef(entity(id)).ends_with("(lambda)"))
    return entity(id);
  const auto with_parameters = signed_.find(signature(id));
  return with_parameters != signed_.end() && with_parameters->second == 1 ? signature(id) : entity(id);
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
    case StepKind::index: out += "[" + key(step) + "]"; break;
    case StepKind::base: out += ".base"; break;
    case StepKind::container:
      if (llvm::StringRef(out).starts_with("(*") && llvm::StringRef(out).ends_with(")"))
        out = out.substr(1, out.size() - 2);
      out = "container(" + out + ", " + labels_.entity(step.field) + ")";
      break;
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

std::string FunctionLabels::key(const PathStep &step) const {
  if (step.key == KeyKind::unknown)
    return {};
  if (step.key == KeyKind::constant)
    return std::to_string(step.offset);
  if (!function_ || step.path >= function_->keys.size())
    return bad(step.path);
  const AccessPath &value = function_->keys[step.path];
  for (const PathStep &inner : value.steps)
    if (inner.path != none && inner.path >= step.path) // of a summary that does not validate
      return bad(inner.path);
  std::string out = path(value);
  if (step.offset > 0)
    out += "+";
  return step.offset ? out + std::to_string(step.offset) : out;
}

llvm::StringRef sign(Relation relation) {
  static constexpr llvm::StringLiteral signs[] = {"", " == ", " != ", " < ", " <= ", " > ", " >= "};
  const auto i = static_cast<std::size_t>(relation);
  return i < std::size(signs) ? llvm::StringRef(signs[i]) : llvm::StringRef();
}

std::string FunctionLabels::operand(const Operand &operand) const {
  const auto choices = [&](const char *word) {
    std::string all;
    for (const Operand &choice : operand.choices)
      all += (all.empty() ? "" : ", ") + this->operand(choice);
    return word + ("(" + all + ")");
  };
  const auto infix = [&](llvm::StringRef sign) {
    const auto side = [&](std::size_t i) {
      return i < operand.choices.size() ? this->operand(operand.choices[i]) : std::string("?");
    };
    return "(" + side(0) + sign.str() + side(1) + ")";
  };
  std::string out;
  switch (operand.kind) {
  case OperandKind::unknown: out = "?"; break;
  case OperandKind::path:
    out = path(operand.path);
    if (operand.address)
      out = out == "*this" ? "this" : "&" + out;
    break;
  case OperandKind::constant: out = std::to_string(operand.value); break;
  case OperandKind::string: out = quoted(labels_.string(operand.text)); break;
  case OperandKind::null: out = "null"; break;
  case OperandKind::result: out = "%" + std::to_string(operand.op); break;
  case OperandKind::closure: out = "closure " + labels_.entity(operand.entity); break;
  case OperandKind::function: out = "&" + labels_.entity(operand.entity); break;
  case OperandKind::select: out = choices("select"); break;
  case OperandKind::both: out = choices("both"); break;
  case OperandKind::either: out = choices("either"); break;
  case OperandKind::compare: out = infix(sign(operand.relation)); break;
  case OperandKind::bits_or: out = infix(" | "); break;
  case OperandKind::bits_and: out = infix(" & "); break;
  }
  if (operand.by_reference)
    out = "ref(" + out + ")";
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
