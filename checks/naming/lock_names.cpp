// Names of locks that hold in the whole program.
#include "naming/lock_names.h"
#include "naming/lock_paths.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

namespace {
// The facts' own `base` steps name no field; those of the analysis do.
constexpr std::uint32_t captured_bit = 0x80000000u, awaiter_mark = 0x7fffffffu;
} // namespace

PathStep captured_step(std::uint32_t number) {
  PathStep step;
  step.kind = StepKind::base;
  step.field = captured_bit | number;
  return step;
}

std::optional<std::uint32_t> captured_number(const PathStep &step) {
  if (step.kind != StepKind::base || step.field == none || !(step.field & captured_bit))
    return std::nullopt;
  return step.field & ~captured_bit;
}

PathStep awaiter_step() {
  PathStep step;
  step.kind = StepKind::base;
  step.field = awaiter_mark;
  return step;
}

bool has_prefix(const AccessPath &path, const AccessPath &prefix) {
  return prefix.valid() && path.root == prefix.root && path.id == prefix.id && path.steps.size() >= prefix.steps.size() &&
         std::equal(prefix.steps.begin(), prefix.steps.end(), path.steps.begin());
}

AccessPath rebase(const AccessPath &path, const AccessPath &prefix, const AccessPath &by) {
  AccessPath out = by;
  for (std::size_t i = prefix.steps.size(); i < path.steps.size(); ++i) {
    if (out.steps.size() == AccessPath::max_steps) {
      out.truncated = true;
      break;
    }
    out.steps.push_back(path.steps[i]);
  }
  out.truncated |= path.truncated;
  return out;
}

AccessPath plain(const AccessPath &path) {
  AccessPath out = path.without_derefs();
  for (PathStep &step : out.steps)
    if (step.kind == StepKind::index) { // elements are one
      step = {};
      step.kind = StepKind::index;
    }
  return out;
}

LockNames::LockNames(const Program &program, const Library &library, const CallGraph &calls)
    : program_(program), library_(library), returned_(program.functions.size()), products_(program.functions.size()),
      first_capture_(program.functions.size()), changing_(program.entities.size()) {
  std::uint32_t captures = 0;
  for (FunctionId f = 0; f < program.functions.size(); ++f) {
    first_capture_[f] = captures;
    captures += static_cast<std::uint32_t>(program.functions[f].captures.size());
    collect_returned(f);
  }
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    collect_kept(f);
  collect_products(calls);
}

std::pair<FunctionId, std::uint32_t> LockNames::capture(std::uint32_t number) const {
  // The last function whose first capture is not behind it has captures: those without share the number of the next.
  auto at = std::upper_bound(first_capture_.begin(), first_capture_.end(), number) - 1;
  return {static_cast<FunctionId>(at - first_capture_.begin()), number - *at};
}

const AccessPath *LockNames::kept(EntityId store, std::uint32_t number) const {
  auto it = kept_.find({store, number});
  return it == kept_.end() ? nullptr : &it->second;
}

bool LockNames::callable(TypeId type) const {
  type = program_.strip_references(type);
  if (type == none)
    return false;
  const Type &t = program_.types[type];
  if (t.kind == TypeKind::pointer)
    return t.pointee != none && program_.types[t.pointee].kind == TypeKind::function;
  const TypeModel *m = library_.type(type);
  return t.kind == TypeKind::function || t.closure || t.call_operator != none || (m && m->callable);
}

void LockNames::collect_returned(FunctionId f) {
  const Function &function = program_.functions[f];
  bool returns_reference = refers(program_, function.return_type), several = false;
  for (const Operation &op : function.ops) {
    if (op.kind == OpKind::ret && returns_reference && !op.args.empty()) {
      bool named = op.args[0].kind == OperandKind::path;
      AccessPath path = named ? plain(op.args[0].path) : AccessPath{};
      bool own = path.root == RootKind::local && path.id >= function.parameter_count;
      several |= !named || own || (returned_[f] && *returned_[f] != path);
      returned_[f] = path;
    }
    if (op.kind != OpKind::access || !(op.access & ~static_cast<unsigned>(AccessKind::read)))
      continue;
    AccessPath path = plain(op.path);
    if (function.constructor && path.root == RootKind::self) {
      const AccessPath from = op.args.empty() ? AccessPath{} : plain(op.args[0].path);
      bool parameter = from.root == RootKind::local && from.id < function.parameter_count;
      if (path.steps.size() == 1 && path.steps[0].field != none && parameter && op.args[0].kind == OperandKind::path &&
          refers(program_, program_.entities[path.steps[0].field].type))
        products_[f].push_back({path, from});
      continue;
    }
    if (path.steps.empty() ? path.root == RootKind::global : path.steps.back().field != none)
      changing_[path.steps.empty() ? path.id : path.steps.back().field] = true;
  }
  if (several)
    returned_[f].reset();
}

// Which closure an operand is, through the wrappers that are made of it.
static FunctionId closure_of(const Program &program, FunctionId f, const Operand &operand, unsigned depth = 0) {
  if (operand.kind == OperandKind::closure)
    return program.body_for(f, operand.entity);
  if (operand.kind != OperandKind::result || depth > 4)
    return none;
  const Operation &made = program.functions[f].ops[operand.op];
  if (made.kind == OpKind::closure)
    return program.body_for(f, made.callee);
  return made.kind == OpKind::construct && made.args.size() == 1 ? closure_of(program, f, made.args[0], depth + 1) : none;
}

void LockNames::collect_kept(FunctionId f) {
  auto keep = [&](const AccessPath &written, const Operand &value) {
    AccessPath to = plain(written);
    bool field = !to.steps.empty() && to.steps.back().kind == StepKind::field && to.steps.back().field != none;
    if (!field && !(to.root == RootKind::global && to.steps.empty()))
      return;
    FunctionId lambda = closure_of(program_, f, value);
    if (lambda == none)
      return;
    EntityId store = field ? to.steps.back().field : to.id;
    if (field)
      to.steps.pop_back();
    const auto &captures = program_.functions[lambda].captures;
    for (std::uint32_t c = 0; c < captures.size(); ++c) {
      if (captures[c].source.kind != OperandKind::path)
        continue;
      AccessPath source = plain(captures[c].source.path);
      if (field && has_prefix(source, to))
        kept_.try_emplace({store, number(lambda, c)}, rebase(source, to, own_object()));
      else if (source.root == RootKind::global)
        kept_.try_emplace({store, number(lambda, c)}, source);
    }
  };
  for (const Operation &op : program_.functions[f].ops) {
    if (op.kind == OpKind::construct && op.args.size() == 1)
      keep(op.path, op.args[0]);
    else if (op.kind == OpKind::access && op.access & static_cast<unsigned>(AccessKind::write) && !op.args.empty())
      keep(op.path, op.args[0]);
    else if (op.kind == OpKind::call && op.args.size() == 1 && op.receiver.kind == OperandKind::path && op.callee != none &&
             Library::last_name(program_.qualified(op.callee)) == "operator=")
      keep(op.receiver.path, op.args[0]);
    else if (op.kind == OpKind::closure && op.use.kind == UseKind::stored) {
      Operand closure;
      closure.kind = OperandKind::closure;
      closure.entity = op.callee;
      keep(op.use.target, closure);
    }
  }
}

// Only what keeps references, pointers or callables can refer to what it was given.
void LockNames::collect_products(const CallGraph &calls) {
  auto keeps = [&](FunctionId f, const Operation &op) {
    if (op.kind != OpKind::construct)
      return false;
    if (op.callee != none)
      if (FunctionId body = program_.body_for(f, op.callee); body != none && !products_[body].empty())
        return true;
    TypeId type = program_.strip_references(op.type);
    if (type == none)
      return false;
    if (callable(type))
      return true;
    return op.callee == none &&
           std::any_of(program_.types[type].fields.begin(), program_.types[type].fields.end(),
                       [&](const FieldInfo &field) { return refers(program_, field.type) || callable(field.type); });
  };
  for (const auto &component : calls.components())
    for (FunctionId f : component) {
      const Function &function = program_.functions[f];
      TypeId result = program_.strip_references(function.return_type);
      bool makes = function.constructor ||
                   (result != none && result == function.return_type && program_.types[result].kind == TypeKind::record);
      if (!makes || function.coroutine || (function.parameter_count == 0 && function.is_static))
        continue;
      bool calls_maker = std::any_of(function.ops.begin(), function.ops.end(), [&](const Operation &op) {
        if (keeps(f, op))
          return true;
        FunctionId body = op.kind == OpKind::call && op.callee != none ? program_.body_for(f, op.callee) : none;
        return body != none && !products_[body].empty();
      });
      if (calls_maker)
        products_[f] = LockPaths(program_, library_, *this, f).products();
    }
}

bool LockNames::stable(const AccessPath &path) const {
  if (path.root == RootKind::global && changing_[path.id])
    return false;
  for (const PathStep &s : path.steps)
    if (s.kind == StepKind::index || (s.kind == StepKind::field && (s.field == none || changing_[s.field])))
      return false;
  return path.valid();
}

} // namespace tenterhook::analysis
