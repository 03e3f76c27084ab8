// Contexts that threads run: who runs them on one side, what work is handed to them on the other.
#include "contexts/executors.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

Executors::Executors(const Program &program, const Library &library, Threads &threads)
    : program_(program), library_(library), threads_(threads), runnable_(library.with_runnable_executors()) {
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    for (OpId i = 0; i < program.functions[f].ops.size(); ++i) {
      const Operation &op = program.functions[f].ops[i];
      const FunctionModel *m = op.kind == OpKind::call ? library.function(op) : nullptr;
      if (!m || !m->runs_executor)
        continue;
      calls_.push_back({f, i});
      libraries_.insert(m->library);
      for (TypeId t : {program.record_behind(op.receiver.type), program.entities[op.callee].record})
        if (t != none)
          contexts_.insert(t);
    }
  if (!calls_.empty())
    collect_stores();
}

// Objects of the class, or pointers and references to them.
bool Executors::is_context(TypeId type) const {
  TypeId t = program_.record_behind(type);
  if (const TypeModel *m = library_.type(t); m && m->smart_pointer && !program_.types[t].args.empty())
    t = program_.record_behind(program_.types[t].args[0]);
  return t != none && llvm::any_of(program_.with_bases(t), [&](TypeId b) { return contexts_.count(b) != 0; });
}

bool Executors::is_handle(TypeId type) const {
  const TypeId t = program_.record_behind(type);
  const TypeModel *m = t == none ? nullptr : library_.type(t);
  return m && (m->executor || m->executor_from_type_arg >= 0) && !is_context(type);
}

TypeId Executors::type_of(FunctionId f, const AccessPath &path) const {
  for (const PathStep &step : llvm::reverse(path.steps))
    if (step.kind == StepKind::field && step.field != none && step.field < program_.entities.size())
      return program_.entities[step.field].type;
  const Function *function = f == none ? nullptr : &program_.functions[f];
  switch (path.root) {
  case RootKind::global: return program_.entities[path.id].type;
  case RootKind::local: return function && path.id < function->locals.size() ? function->locals[path.id].type : none;
  case RootKind::capture: return function && path.id < function->captures.size() ? function->captures[path.id].type : none;
  case RootKind::result: return function && path.id < function->ops.size() ? function->ops[path.id].type : none;
  default: return none;
  }
}

static EntityId kept_in(const AccessPath &path) {
  for (const PathStep &step : llvm::reverse(path.steps))
    if (step.kind == StepKind::field)
      return step.field;
  return path.root == RootKind::global && path.steps.empty() ? path.id : none;
}

// What fields and globals are given that are contexts, or handles of them.
void Executors::collect_stores() {
  auto store = [&](FunctionId f, const AccessPath &to, const Operand &value) {
    if (EntityId kept = kept_in(to.without_derefs()); kept != none && kept < program_.entities.size())
      if (TypeId type = program_.entities[kept].type; is_handle(type) || is_context(type))
        stores_[kept].push_back({f, value});
  };
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    for (OpId i = 0; i < program_.functions[f].ops.size(); ++i) {
      const Operation &op = program_.functions[f].ops[i];
      Operand result;
      result.kind = OperandKind::result;
      result.op = i;
      result.type = program_.strip_references(op.type);
      if (op.kind == OpKind::construct && op.path.valid())
        store(f, op.path, result);
      else if ((op.kind == OpKind::call || op.kind == OpKind::construct) && op.use.kind == UseKind::stored)
        store(f, op.use.target, result);
      if (op.kind == OpKind::access && (op.access & static_cast<unsigned>(AccessKind::write)) && !op.args.empty())
        store(f, op.path, op.args[0]);
      if (op.kind == OpKind::call && op.callee != none && op.receiver.kind == OperandKind::path && op.args.size() == 1 &&
          Library::is_assignment(program_.qualified(op.callee)))
        store(f, op.receiver.path, op.args[0]);
      if (const TypeId made = program_.strip_references(op.type);
          op.kind == OpKind::construct && op.callee == none && made != none)
        for (std::size_t a = 0; a < op.args.size() && a < program_.types[made].fields.size(); ++a) {
          AccessPath member;
          member.root = RootKind::self;
          member.steps.push_back({StepKind::field, program_.types[made].fields[a].entity});
          store(f, member, op.args[a]);
        }
    }
}

// The contexts that a value stands for.
void Executors::add(FunctionId f, const Operand &value, Given &out, unsigned depth) {
  const bool deep = depth > limit_of(Limit::handles);
  if (deep)
    program_.limits().hit(Limit::handles, f);
  const auto origins = deep ? llvm::SmallVector<Value, 4>() : library_.origins(f, value);
  out.all &= !origins.empty();
  for (const Value &v : origins) {
    const Function &function = program_.functions[v.function];
    if (v.operand.kind == OperandKind::path) {
      const AccessPath path = threads_.path(v.function, v.operand);
      add(v.function, path, type_of(v.function, path), out, depth + 1);
      continue;
    }
    if (v.operand.kind != OperandKind::result) {
      out.all = false;
      continue;
    }
    const Operation &op = function.ops[v.operand.op];
    const FunctionModel *m = op.kind == OpKind::call || op.kind == OpKind::construct ? library_.function(op) : nullptr;
    if (m && m->result_executor && m->result_executor->from) {
      for (const Operand &subject : library_.subjects(op, *m->result_executor->from))
        add(v.function, subject, out, depth + 1);
      continue;
    }
    if (op.kind == OpKind::construct && is_handle(op.type) && !op.args.empty()) {
      add(v.function, op.args[0], out, depth + 1);
      continue;
    }
    const FunctionId body = op.kind == OpKind::call && op.callee != none ? program_.body_for(v.function, op.callee) : none;
    if (body != none && op.prvalue_result && is_handle(op.type)) { // a getter that gives a copy of the handle
      for (const Operation &ret : program_.functions[body].ops)
        if (ret.kind == OpKind::ret && !ret.args.empty())
          add(body, ret.args[0], out, depth + 1);
      continue;
    }
    const AccessPath path = threads_.path(v.function, v.operand);
    if (path.valid() && !is_handle(op.type))
      out.contexts.insert({v.function, path});
    else
      out.all = false;
  }
}

void Executors::add(FunctionId f, const AccessPath &path, TypeId type, Given &out, unsigned depth) {
  if (depth > limit_of(Limit::handles))
    program_.limits().hit(Limit::handles, f);
  if (!path.valid() || depth > limit_of(Limit::handles)) {
    out.all = false;
    return;
  }
  // A handle, and a reference that nobody seen binds, stand for what is kept in them, in whatever object.
  const bool reference = type != none && program_.types[type].pointee != none && path.root == RootKind::self;
  if (is_handle(type) || reference)
    if (auto kept = stores_.find(kept_in(path)); kept != stores_.end()) {
      for (const Value &v : kept->second)
        add(v.function, v.operand, out, depth + 1);
      return;
    }
  const bool parameter = path.root == RootKind::local && path.id < program_.functions[f].parameter_count;
  if (is_handle(type) && !parameter)
    out.all = false;
  else
    out.contexts.insert({f, path});
}

// Objects by the names that both sides have for them: what a copy was made of, what a handle stands for.
Threads::Tallies Executors::canonical(const Threads::Tallies &found, bool &all) {
  Threads::Tallies out, left = found;
  std::set<Threads::Object> seen;
  while (!left.empty()) {
    const auto [object, tally] = *left.begin();
    left.erase(left.begin());
    auto keep = [&](const Threads::Object &as) {
      if (auto [it, added] = out.try_emplace(as, tally); !added)
        it->second.join(tally, true);
    };
    if (!object.path.valid()) {
      all = false;
      keep({});
      continue;
    }
    if (!seen.insert(object).second)
      continue;
    Given given;
    const TypeId type = type_of(object.in, object.path);
    if (object.in == none) {
      add(none, object.path, type, given, 0);
    } else {
      Operand value;
      value.kind = OperandKind::path;
      value.path = threads_.captured_source(object);
      value.type = type;
      add(object.in, value, given, 0);
    }
    all &= given.all;
    if (given.contexts.empty())
      keep({});
    for (const auto &[f, path] : given.contexts) {
      if (f == object.in && path == object.path) {
        const bool unknown = f != none && path.root == RootKind::local && path.id < program_.functions[f].parameter_count;
        all &= !unknown;
        keep(unknown ? Threads::Object() : object);
        continue;
      }
      if (f == none) {
        keep({none, path});
        continue;
      }
      for (const auto &[outer, made] : threads_.objects(f, path)) {
        Threads::Tally same = tally;
        same.exact &= made.exact;
        if (outer == object)
          keep(object);
        else if (auto [it, added] = left.try_emplace(outer, same); !added)
          it->second.join(same, true);
      }
    }
  }
  return out;
}

void Executors::find_drivers() {
  drivers_.emplace();
  for (auto [f, i] : calls_) {
    bool all = true;
    const AccessPath path = threads_.path(f, program_.functions[f].ops[i].receiver);
    for (auto &[object, tally] : canonical(threads_.running_for(f, path), all)) {
      Threads::Tally counted = tally;
      // Of several in a container, each has threads of its own, as far as anyone sees.
      if (object.path.valid() && !is_context(type_of(object.in, object.path)))
        counted = {0, 1, false};
      if (auto [it, added] = drivers_->try_emplace(object, counted); !added)
        it->second.join(counted, true);
    }
  }
}

// Where contexts have different numbers of threads, or some are not known, it is not known how many it is.
Threads::Count Executors::count(const Given &given) {
  if (!drivers_)
    find_drivers();
  bool all = given.all;
  Threads::Tallies objects;
  for (const auto &[f, path] : given.contexts)
    for (const auto &[object, tally] :
         canonical(f == none ? Threads::Tallies{{{none, path}, {}}} : threads_.objects(f, path), all))
      objects.try_emplace(object, tally);
  std::vector<Threads::Count> counts;
  for (const auto &[object, tally] : objects) {
    if (!object.path.valid()) {
      all = false;
      continue;
    }
    if (auto same = drivers_->find(object); same != drivers_->end()) {
      counts.push_back(same->second.count());
      continue;
    }
    bool found = false;
    for (const auto &[driven, by] : *drivers_) // a member of some object
      if ((object.in == none || driven.in == none) && driven.path.valid() && kept_in(driven.path) != none &&
          kept_in(driven.path) == kept_in(object.path)) {
        counts.push_back(by.count());
        found = true;
      }
    const TypeId type = type_of(object.in, object.path);
    if (!found && object.in == none && type != none && program_.types[type].pointee != none)
      all = false; // a reference that nobody seen binds
    else if (!found)
      counts.push_back({1, false}); // nobody seen runs it
  }
  if (!all || counts.empty())
    for (const auto &[driven, by] : *drivers_)
      counts.push_back(by.count());
  Threads::Count out = counts.front();
  for (const Threads::Count &c : counts) {
    out.exact &= c.exact && (c.threads > 1) == (counts.front().threads > 1);
    out.threads = std::min(out.threads, c.threads);
  }
  return out;
}

std::optional<Threads::Count> Executors::running(FunctionId f, const Operation &op, const ExecutorClause &clause) {
  const FunctionModel *m = library_.function(op);
  if (!m)
    m = library_.maker(op);
  if (!m || !runnable_.count(m->library))
    return std::nullopt;
  if (!libraries_.count(m->library))
    return library_.executor(f, op, clause) == Executor::loop ? std::optional<Threads::Count>({1, false}) : std::nullopt;
  Given given;
  auto denotes = [&](const Operand &o) { return is_handle(o.type) || is_context(o.type); };
  bool told = false;
  if (clause.from)
    for (const Operand &subject : library_.subjects(op, *clause.from))
      if (library_.executor(f, subject) == Executor::loop) {
        add(f, subject, given, 0);
        told = true;
      }
  if (!told && denotes(op.receiver)) { // a socket's handlers run where the socket does
    add(f, op.receiver, given, 0);
    told = true;
  }
  if (!told && !op.args.empty() && denotes(op.args[0])) {
    add(f, op.args[0], given, 0);
    told = true;
  }
  given.all &= told;
  if (library_.executor(f, op, clause) == Executor::unknown) { // perhaps no context at all
    bool all = given.all && !given.contexts.empty();
    for (const auto &[g, path] : given.contexts)
      if (all && g != none)
        canonical(threads_.objects(g, path), all);
    if (!all)
      return std::nullopt;
  }
  return count(given);
}

} // namespace tenterhook::analysis
