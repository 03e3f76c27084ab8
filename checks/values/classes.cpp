// Stores are collected once; a question follows them back.
#include "values/classes.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

static EntityId kept_in(const AccessPath &path) {
  AccessPath p = path.without_derefs();
  if (!p.steps.empty())
    return p.steps.back().kind == StepKind::field ? p.steps.back().field : none;
  return p.root == RootKind::global ? p.id : none;
}

Classes::Classes(const Program &program, const Library &library) : program_(program), library_(library) {
  auto leads = [&](TypeId type) {
    const TypeModel *m = library.type(type);
    return type != none && program.record_behind(type) != none &&
           (program.types[type].kind == TypeKind::pointer || program.types[type].kind == TypeKind::lvalue_reference ||
            (m && m->smart_pointer));
  };
  auto keep = [&](FunctionId f, const AccessPath &to, const Operand &value) {
    if (EntityId kept = kept_in(to); kept != none && leads(program.entities[kept].type))
      stores_[{none, kept}].push_back({f, value});
  };
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    for (OpId i = 0; i < program.functions[f].ops.size(); ++i) {
      const Operation &op = program.functions[f].ops[i];
      Operand result;
      result.kind = OperandKind::result;
      result.op = i;
      result.type = program.strip_references(op.type);
      if (op.kind == OpKind::access && op.access & static_cast<unsigned>(AccessKind::write) && !op.args.empty())
        keep(f, op.path, op.args[0]);
      else if (op.kind == OpKind::call && op.callee != none && Library::is_assignment(program.qualified(op.callee)) &&
               op.receiver.kind == OperandKind::path && !op.args.empty())
        keep(f, op.receiver.path, op.args[0]);
      else if (op.use.kind == UseKind::stored)
        keep(f, op.use.target, result);
      if (op.kind == OpKind::construct && op.callee == none && op.type != none) { // Sink{file}
        const auto &fields = program.types[op.type].fields;
        for (std::size_t a = 0; a < op.args.size() && a < fields.size(); ++a) {
          PathStep step;
          step.field = fields[a].entity;
          if (step.field != none)
            keep(f, {RootKind::result, i, {step}, false}, op.args[a]);
        }
      }
      give(f, op, keep);
      EntityId callee = op.made_by != none ? op.made_by : op.callee;
      FunctionId body = callee == none || op.args.empty() ? none : program.body_for(f, callee);
      for (LocalId p = 0; body != none && p < op.args.size() && p < program.functions[body].parameter_count; ++p)
        if (leads(program.functions[body].locals[p].type))
          stores_[{body, p}].push_back({f, op.args[p]});
    }
}

// What a call may put into members and globals that it is given or called on: owner.reset(new T), fill(owner).
void Classes::give(FunctionId f, const Operation &op,
                   llvm::function_ref<void(FunctionId, const AccessPath &, const Operand &)> keep) {
  if (op.kind == OpKind::access && op.access & static_cast<unsigned>(AccessKind::address))
    keep(f, op.path, Operand());
  if ((op.kind != OpKind::call && op.kind != OpKind::construct) || op.callee == none)
    return;
  const Entity &callee = program_.entities[op.callee];
  for (std::size_t a = 0; a < op.args.size(); ++a) {
    TypeId declared = a < callee.parameters.size() ? callee.parameters[a].type : none;
    bool writes = op.args[a].address || declared == none ||
                  (program_.types[declared].kind == TypeKind::lvalue_reference && !callee.parameters[a].pointee_const);
    const auto &steps = op.args[a].path.steps; // *owner: what it leads to is written, not where it leads
    if (writes && op.args[a].kind == OperandKind::path && (steps.empty() || steps.back().kind != StepKind::deref))
      keep(f, op.args[a].path, Operand());
  }
  if (op.receiver.kind != OperandKind::path || callee.const_method || Library::is_assignment(program_.qualified(op.callee)))
    return;
  if (TypeId type = program_.strip_references(op.receiver.type); type == none || program_.types[type].kind != TypeKind::record)
    return; // through a pointer: it stays where it is
  const TypeModel *m = library_.type(op.receiver.type);
  bool resets = m && std::find(m->destroyed_by.begin(), m->destroyed_by.end(),
                               Library::last_name(program_.qualified(op.callee))) != m->destroyed_by.end();
  if (m && m->smart_pointer && (!resets || !op.args.empty()))
    keep(f, op.receiver.path, resets ? op.args[0] : Operand());
}

bool Classes::derives(TypeId type, llvm::StringRef name) const {
  type = type == none ? none : program_.record_behind(type);
  if (type != none)
    if (const TypeModel *m = library_.type(type); m && m->smart_pointer && !program_.types[type].args.empty())
      return derives(program_.types[type].args[0], name);
  if (type != none)
    for (TypeId b : program_.with_bases(type))
      if (program_.str(program_.types[b].qualified) == name)
        return true;
  return false;
}

void Classes::look(FunctionId f, const Operand &object, llvm::StringRef name, FunctionId asked, std::set<FunctionId> &returned,
                   Seen &out) const {
  if (derives(object.type, name)) {
    out.yes = true;
    return;
  }
  auto origins = library_.origins(f, object);
  for (const Value &v : origins) {
    const Operand &o = v.operand;
    const Function &function = program_.functions[v.function];
    bool itself = o.kind == OperandKind::path && o.path.root == RootKind::local && o.path.steps.empty() &&
                  o.path.id >= function.parameter_count;
    if (itself && origins.size() > 1)
      continue; // its address was taken
    if (derives(o.type, name)) {
      out.yes = true;
    } else if (o.kind == OperandKind::result) {
      const Operation &op = function.ops[o.op];
      const TypeModel *m = library_.type(op.type);
      FunctionId body =
          op.kind != OpKind::call || op.callee == none || op.virtual_call ? none : program_.body_for(v.function, op.callee);
      if (derives(op.makes, name) || (op.kind == OpKind::construct && derives(op.type, name))) {
        out.yes = true;
      } else if (op.kind == OpKind::construct && m && m->smart_pointer) {
        for (const Operand &arg : op.args)
          look(v.function, arg, name, asked, returned, out);
      } else if (body != none && !program_.functions[body].coroutine) {
        if (returned.insert(body).second)
          for (const Operation &ret : program_.functions[body].ops)
            if (ret.kind == OpKind::ret && !ret.args.empty())
              look(body, ret.args[0], name, asked, returned, out);
      } else {
        out.other = true;
      }
    } else if (o.kind == OperandKind::path) {
      AccessPath path = o.path.without_derefs();
      bool parameter = path.root == RootKind::local && path.steps.empty() && path.id < function.parameter_count;
      if (parameter && v.function == asked) {
        out.parameters.insert(path.id);
      } else {
        const Seen &there = given(parameter ? Given{v.function, path.id} : Given{none, kept_in(path)}, name);
        out.yes |= there.yes;
        out.other |= there.other;
      }
    } else if (o.kind != OperandKind::null) {
      out.other = true;
    }
  }
}

// What is put anywhere into a field, a global or a parameter.
const Classes::Seen &Classes::given(const Given &what, llvm::StringRef name) const {
  auto [it, added] = known_.try_emplace({what, name.str()}); // what is being looked at adds nothing
  if (!added)
    return it->second;
  Seen out;
  auto kept = stores_.find(what);
  if (kept == stores_.end())
    out.other = true;
  else
    for (const Value &value : kept->second) {
      std::set<FunctionId> returned;
      look(value.function, value.operand, name, none, returned, out);
    }
  return it->second = std::move(out);
}

// Whether objects of the class can be behind this type.
bool Classes::is_base(TypeId type, llvm::StringRef name) const {
  auto [it, added] = bases_.try_emplace(name.str());
  if (added)
    for (TypeId t = 0; t < program_.types.size(); ++t)
      if (program_.types[t].kind == TypeKind::record && program_.str(program_.types[t].qualified) == name)
        for (TypeId b : program_.with_bases(t))
          it->second.insert(b);
  type = program_.record_behind(type);
  if (const TypeModel *m = type == none ? nullptr : library_.type(type);
      m && m->smart_pointer && !program_.types[type].args.empty())
    type = program_.record_behind(program_.types[type].args[0]);
  return it->second.count(type) != 0;
}

bool Classes::may_be(FunctionId f, const Operation &call, TypeId record) const {
  if (call.receiver.kind != OperandKind::path || kept_in(call.receiver.path) == none || record == none)
    return true;
  const llvm::StringRef name = program_.str(program_.types[record].qualified);
  unsigned left = 256; // values; of what has more, nothing is told
  std::set<Given> seen;
  std::set<FunctionId> returned;
  auto may = [&](FunctionId in, const Operand &object, auto &&again) -> bool {
    if (left-- == 0 || derives(object.type, name)) {
      left = std::max(left, 1U);
      return true;
    }
    auto any = [&](FunctionId g, llvm::ArrayRef<Operand> values) {
      return std::any_of(values.begin(), values.end(), [&](const Operand &value) { return again(g, value, again); });
    };
    auto origins = library_.origins(in, object);
    return std::any_of(origins.begin(), origins.end(), [&](const Value &v) {
      const Operand &o = v.operand;
      const Function &function = program_.functions[v.function];
      if (o.kind == OperandKind::null || derives(o.type, name))
        return o.kind != OperandKind::null;
      if (o.kind == OperandKind::result) {
        const Operation &op = function.ops[o.op];
        if (op.makes != none)
          return derives(op.makes, name);
        const TypeModel *m = library_.type(op.type);
        if (op.kind == OpKind::construct)
          return derives(op.type, name) || (m && m->smart_pointer && any(v.function, op.args));
        FunctionId body =
            op.kind != OpKind::call || op.callee == none || op.virtual_call ? none : program_.body_for(v.function, op.callee);
        if (body == none || program_.functions[body].coroutine)
          return true;
        return returned.insert(body).second &&
               std::any_of(program_.functions[body].ops.begin(), program_.functions[body].ops.end(),
                           [&](const Operation &ret) { return ret.kind == OpKind::ret && any(body, ret.args); });
      }
      if (o.kind != OperandKind::path)
        return true;
      const AccessPath path = o.path.without_derefs();
      bool parameter = path.root == RootKind::local && path.steps.empty() && path.id < function.parameter_count;
      if (parameter && !function.constructor) // calls through values give it as well
        return true;
      const Given what = parameter ? Given{v.function, path.id} : Given{none, kept_in(path)};
      auto kept = stores_.find(what);
      if (kept == stores_.end())
        return true;
      return seen.insert(what).second && std::any_of(kept->second.begin(), kept->second.end(), [&](const Value &value) {
               return again(value.function, value.operand, again);
             });
    });
  };
  return may(f, call.receiver, may);
}

Classes::Seen Classes::is(FunctionId f, const Operand &object, llvm::StringRef name) const {
  Seen out;
  if (!derives(object.type, name) && !is_base(object.type, name))
    return out;
  std::set<FunctionId> returned;
  look(f, object, name, f, returned, out);
  return out;
}

} // namespace tenterhook::analysis
