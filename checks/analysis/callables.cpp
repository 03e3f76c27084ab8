// Callable values: where they are stored, which bodies they may be, and who calls them in place.
#include "analysis/callables.h"
#include "analysis/call_graph.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

bool is_call_operator(const Program &program, EntityId callee) {
  return llvm::StringRef(program.qualified(callee)).ends_with("::operator()");
}

bool may_be_callable(const Program &program, const Library &library, const Operand &operand) {
  if (operand.kind == OperandKind::closure || operand.kind == OperandKind::function)
    return true;
  if (operand.kind != OperandKind::path && operand.kind != OperandKind::result)
    return false;
  TypeId t = program.strip_references(operand.type);
  if (t == none)
    return false;
  const Type &type = program.types[t];
  if (type.kind == TypeKind::pointer)
    return type.pointee != none && program.types[type.pointee].kind == TypeKind::function;
  if (type.kind == TypeKind::function)
    return true;
  const TypeModel *m = library.type(t);
  return type.kind == TypeKind::record && (type.closure || type.call_operator != none || (m && m->callable));
}

static bool covers(const Subject &subject, const Operation &op, unsigned arg) {
  if (subject.kind == Subject::all_arguments)
    return true;
  return subject.kind == Subject::argument && Library::argument_index(op, subject.arg) == static_cast<int>(arg);
}

static bool applies(const Library &library, const CallbackClause &clause, FunctionId f, const Operation &op) {
  auto holds = [&](const Condition &c) { return library.holds(f, op, c); };
  return std::all_of(clause.when.begin(), clause.when.end(), holds) &&
         std::none_of(clause.unless.begin(), clause.unless.end(), holds);
}

const CallbackClause *callback_clause(const Library &library, const FunctionModel &model, FunctionId f, const Operation &op,
                                      unsigned arg) {
  for (const CallbackClause &c : model.callbacks)
    if (covers(c.subject, op, arg) && applies(library, c, f, op))
      return &c;
  return nullptr;
}

const CallbackClause *receiver_clause(const Library &library, const FunctionModel &model, FunctionId f, const Operation &op) {
  for (const CallbackClause &c : model.callbacks)
    if (c.subject.kind == Subject::receiver && applies(library, c, f, op))
      return &c;
  return nullptr;
}

bool calls_in_place(const Program &program, const Library &library, const Operation &op) {
  if (op.callee == none)
    return false;
  std::string name = Library::last_name(program.qualified(op.callee)).lower();
  for (llvm::StringRef keep : {"set", "on", "add", "register", "connect", "subscribe", "async", "push", "emplace", "insert",
                               "enqueue", "queue", "submit", "schedule", "post", "spawn", "start", "then", "defer", "assign",
                               "make_", "bind", "operator="})
    if (llvm::StringRef(name).starts_with(keep))
      return false;
  TypeId record = program.record_behind(op.receiver.type);
  if (op.receiver.kind != OperandKind::unknown && record != none)
    for (TypeId a : program.types[record].args)
      if (const TypeModel *m = library.type(a); m && m->callable)
        return false;
  return true;
}

struct CallGraph::Targets {
  std::set<FunctionId> bodies;
  std::set<std::pair<FunctionId, unsigned>> params; // the value of this parameter of this function
  std::set<EntityId> stores;                        // fields and globals already followed
};

// The class whose object a function of a library makes from its arguments: make_unique<T>(…), emplace_back(…).
static TypeId made_type(const Program &program, const Operation &op) {
  if (op.kind != OpKind::call || op.callee == none || !program.entities[op.callee].system)
    return none;
  llvm::StringRef name = Library::last_name(program.qualified(op.callee));
  TypeId holder = none;
  if (name == "make_unique" || name == "make_shared" || name == "make_optional")
    holder = program.record_behind(op.type);
  else if (name == "emplace" || name == "emplace_back" || name == "emplace_front")
    holder = program.record_behind(op.receiver.type);
  if (holder == none || program.types[holder].args.empty())
    return none;
  const auto &args = program.types[holder].args;
  // A map makes a pair, a variant one of several.
  bool one = args.size() == 1 || llvm::StringRef(program.str(program.types[args[1]].spelling)).starts_with("std::allocator<") ||
             llvm::StringRef(program.str(program.types[args[1]].spelling)).starts_with("std::default_delete<");
  return one && program.types[args[0]].kind == TypeKind::record ? args[0] : none;
}

llvm::SmallVector<FunctionId, 2> CallGraph::made_by(const Operation &op) const {
  TypeId type = made_type(program_, op);
  auto it = constructors_.find(type);
  if (type == none || it == constructors_.end())
    return {};
  unsigned written = 0;
  while (written < op.args.size() && !op.args[written].defaulted)
    ++written;
  if (written == 1 && program_.record_behind(op.args[0].type) == type)
    return {}; // a copy
  llvm::SmallVector<FunctionId, 2> exact, with_defaults;
  for (FunctionId c : it->second) {
    unsigned parameters = program_.functions[c].parameter_count;
    if (parameters == written)
      exact.push_back(c);
    else if (parameters > written)
      with_defaults.push_back(c);
  }
  return exact.empty() ? with_defaults : exact;
}

// The field or global that a path names, or one of whose elements it names: slots_, slots_[i].
static EntityId kept_in(AccessPath path) {
  while (!path.steps.empty() && (path.steps.back().kind == StepKind::index || path.steps.back().kind == StepKind::deref))
    path.steps.pop_back();
  if (!path.steps.empty())
    return path.steps.back().kind == StepKind::field ? path.steps.back().field : none;
  return path.root == RootKind::global ? path.id : none;
}

// A library's function that puts its arguments into a container.
static bool puts_into(const Program &program, const Operation &op) {
  if (op.kind != OpKind::call || op.callee == none || !program.entities[op.callee].system ||
      op.receiver.kind != OperandKind::path)
    return false;
  llvm::StringRef name = Library::last_name(program.qualified(op.callee));
  return name.starts_with("push") || name.starts_with("emplace") || name.starts_with("insert") || name == "try_emplace" ||
         name == "swap" || name == "assign";
}

// What a library's function takes an element out of, or gives a place in: its receiver or its first argument.
static const Operand *taken_from(const Program &program, const Operation &op) {
  if (op.kind != OpKind::call || op.callee == none || !program.entities[op.callee].system)
    return nullptr;
  llvm::StringRef name = Library::last_name(program.qualified(op.callee));
  bool takes = false;
  for (llvm::StringRef n : {"begin", "cbegin", "rbegin", "crbegin", "find", "lower_bound", "at", "front", "back", "top", "get",
                            "value", "exchange", "as_const", "operator[]", "operator*", "operator->"})
    takes |= name == n;
  if (!takes)
    return nullptr;
  if (op.receiver.kind != OperandKind::unknown)
    return &op.receiver;
  return op.args.empty() ? nullptr : &op.args.front();
}

void CallGraph::collect_stores() {
  auto store = [&](FunctionId f, const AccessPath &to, const Operand &value) {
    if (EntityId key = kept_in(to); key != none && may_be_callable(program_, library_, value))
      stores_[key].push_back({f, value});
  };
  // Callables, or those that a pair or another container brings along.
  auto put = [&](FunctionId f, const AccessPath &into, const Operand &value, bool swapped) {
    auto keep = [&](const Operand &o) {
      if (EntityId key = kept_in(into); key != none)
        stores_[key].push_back({f, o});
      else if (into.root == RootKind::local && into.without_derefs().steps.empty())
        elements_[{f, into.id}].push_back({f, o});
    };
    if (swapped || may_be_callable(program_, library_, value))
      return keep(value);
    if (value.kind == OperandKind::result && program_.functions[f].ops[value.op].kind == OpKind::construct)
      for (const Operand &a : program_.functions[f].ops[value.op].args)
        if (may_be_callable(program_, library_, a))
          keep(a);
  };
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    if (TypeId record = program_.entity_of(f).record; program_.functions[f].constructor && record != none)
      constructors_[record].push_back(f);
  auto pass = [&](FunctionId f, const Operation &op, FunctionId to) {
    for (unsigned a = 0; a < op.args.size() && a < program_.functions[to].parameter_count; ++a)
      if (may_be_callable(program_, library_, op.args[a]))
        arguments_[{to, a}].push_back({f, op.args[a]});
  };
  for (FunctionId f = 0; f < program_.functions.size(); ++f) {
    const Function &function = program_.functions[f];
    for (OpId i = 0; i < function.ops.size(); ++i) {
      const Operation &op = function.ops[i];
      if ((op.kind == OpKind::call || op.kind == OpKind::construct) && op.callee != none && !op.args.empty()) {
        if (FunctionId body = program_.body_for(f, op.callee); body != none)
          pass(f, op, body);
        for (FunctionId c : made_by(op))
          pass(f, op, c);
      }
      if (puts_into(program_, op))
        for (const Operand &a : op.args)
          put(f, op.receiver.path, a, Library::last_name(program_.qualified(op.callee)) == "swap");
      Operand result;
      result.kind = OperandKind::result;
      result.op = i;
      result.type = program_.strip_references(op.type);
      if (op.kind == OpKind::construct)
        store(f, op.path, result);
      if (TypeId type = program_.record_behind(op.type); op.kind == OpKind::construct && op.callee == none && type != none)
        for (std::size_t a = 0; a < op.args.size() && a < program_.types[type].fields.size(); ++a) // Entry{name, callback}
          if (may_be_callable(program_, library_, op.args[a]))
            stores_[program_.types[type].fields[a].entity].push_back({f, op.args[a]});
      if (op.use.kind == UseKind::stored)
        store(f, op.use.target, result);
      if (op.kind == OpKind::access && op.access & static_cast<unsigned>(AccessKind::write) && !op.args.empty())
        store(f, op.path, op.args[0]);
      if (op.kind == OpKind::call && op.callee != none && op.receiver.kind == OperandKind::path && !op.args.empty() &&
          Library::last_name(program_.qualified(op.callee)) == "operator=")
        store(f, op.receiver.path, op.args[0]);
    }
  }
}

// `stored`: the value was kept in a field or global. What a parameter brought there is what any caller passed; a
// parameter that is called at once is its callers' matter (runs_in_place).
void CallGraph::resolve(FunctionId f, const Operand &operand, Targets &out, unsigned depth, bool stored) const {
  if (depth > 8 || out.bodies.size() > 32)
    return;
  auto follow = [&](const auto &map, const auto &key) {
    if (auto it = map.find(key); it != map.end())
      for (const Value &kept : it->second)
        resolve(kept.function, kept.operand, out, depth + 1, true);
  };
  for (const Value &v : library_.origins(f, operand)) {
    const Operand &o = v.operand;
    const Function &function = program_.functions[v.function];
    if (o.kind == OperandKind::closure || o.kind == OperandKind::function) {
      if (FunctionId body = program_.body_for(v.function, o.entity); body != none)
        out.bodies.insert(body);
      continue;
    }
    TypeId record = program_.strip_references(o.type);
    if (record != none && program_.types[record].kind == TypeKind::record && program_.types[record].call_operator != none)
      if (FunctionId body = program_.body_for(v.function, program_.types[record].call_operator); body != none) {
        out.bodies.insert(body);
        continue;
      }
    if (o.kind == OperandKind::result) {
      const Operation &op = function.ops[o.op];
      if (const Operand *container = taken_from(program_, op)) {
        resolve(v.function, *container, out, depth + 1, true);
        continue;
      }
      if (op.kind == OpKind::construct && op.path.root == RootKind::local && op.path.steps.empty())
        follow(elements_, std::pair(v.function, op.path.id));
      for (const Operand &a : op.args) // a wrapper made from a callable: std::function, std::bind
        if (may_be_callable(program_, library_, a))
          resolve(v.function, a, out, depth + 1, stored);
    } else if (o.kind == OperandKind::path) {
      if (o.path.root == RootKind::local && o.path.id < function.parameter_count)
        if (out.params.insert({v.function, o.path.id}).second && stored && o.path.without_derefs().steps.empty())
          if (auto it = arguments_.find({v.function, o.path.id}); it != arguments_.end())
            for (const Value &passed : it->second)
              resolve(passed.function, passed.operand, out, depth + 1, true);
      EntityId key = kept_in(o.path);
      if (key != none && out.stores.insert(key).second)
        follow(stores_, key);
      if (key != none && !o.path.steps.empty() && o.path.steps.back().kind == StepKind::field &&
          program_.entities[key].system) { // it->second
        Operand element = o;
        element.path.steps.pop_back();
        element.type = none;
        resolve(v.function, element, out, depth + 1, true);
      }
    }
  }
}

llvm::SmallVector<FunctionId, 2> CallGraph::callable_targets(FunctionId f, const Operand &operand) const {
  Targets targets;
  resolve(f, operand, targets, 0);
  return {targets.bodies.begin(), targets.bodies.end()};
}

bool CallGraph::runs_in_place(FunctionId f, const Operation &op, unsigned arg) const {
  const FunctionModel *model = library_.function(op);
  if (model)
    if (const CallbackClause *clause = callback_clause(library_, *model, f, op, arg))
      return clause->in_place;
  if (op.callee != none)
    if (FunctionId body = program_.body_for(f, op.callee); body != none)
      return invoked_.count({body, arg}) != 0;
  if (model && (model->returns_subject || model->result_executor || model->runs_awaitable))
    return false;
  return op.kind == OpKind::call && (model || calls_in_place(program_, library_, op));
}

// One round of: a function invokes a parameter if it calls it, or hands it to something that calls it in place.
bool CallGraph::find_invoked_params() {
  bool grew = false;
  auto invoke = [&](FunctionId f, const Operand &operand) {
    Targets targets;
    resolve(f, operand, targets, 0);
    for (auto &p : targets.params)
      grew |= invoked_.insert(p).second;
  };
  for (FunctionId f = 0; f < program_.functions.size(); ++f) {
    const Function &function = program_.functions[f];
    for (const Operation &op : function.ops) {
      if (op.kind != OpKind::call && op.kind != OpKind::construct)
        continue;
      if (op.kind == OpKind::call && op.receiver.kind != OperandKind::unknown &&
          (op.callee == none || is_call_operator(program_, op.callee)))
        invoke(f, op.receiver);
      for (unsigned a = 0; a < op.args.size(); ++a)
        if (may_be_callable(program_, library_, op.args[a]) && runs_in_place(f, op, a))
          invoke(f, op.args[a]);
    }
  }
  return grew;
}

} // namespace tenterhook::analysis
