// Call graph construction. Callables are in callables.cpp.
#include "calls/call_graph.h"
#include "calls/ownership.h"
#include "program/components.h"
#include "values/callables.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

// More targets than this say little about any one of them.
static constexpr std::size_t many_targets = 8;

CallGraph::CallGraph(const Program &program, const Library &library)
    : program_(program), library_(library), flow_(program, library), guards_(program), endings_(program, library, guards_) {
  callees_.resize(program.functions.size());
  later_.resize(program.functions.size());
  callers_.resize(program.functions.size());
  in_place_.resize(program.functions.size(), false);
  find_made();
  find_invoked_parameters();
  find_bound();
  for (FunctionId f = 0; f < program.functions.size(); ++f) {
    const Function &function = program.functions[f];
    for (OpId i = 0; i < function.ops.size(); ++i) {
      const Operation &op = function.ops[i];
      if (!program.reachable(f, i))
        continue;
      if (op.kind == OpKind::call || op.kind == OpKind::construct) {
        add_call(f, i);
        add_arguments(f, i);
      } else if (op.kind == OpKind::await || op.kind == OpKind::yield) {
        add_await(f, i);
      } else if (op.kind == OpKind::destroy) {
        const TypeModel *m = library.type(op.type);
        if (OpId made = m && m->smart_pointer ? endings_.made_by(f, op.path) : none;
            made != none && !empty_where_destroyed(program, library, f, i))
          add_edge(f, {i, deleter_of(program, library, f, function.ops[made]), Link::destructor, true});
        bool shared = m && m->smart_pointer && !m->owns_arguments;
        if (shared && endings_.only_owner(f, op.path) && !program.types[program.record_behind(op.type)].args.empty())
          add_destroy(f, i, program.types[program.record_behind(op.type)].args[0], true, true);
        // Nothing is left in what was moved from.
        else if (!m || !m->owns_arguments || (op.path.valid() && !empty_where_destroyed(program, library, f, i)))
          add_destroy(f, i, op.type, op.explicit_delete, true);
      }
    }
    std::vector<Edge> &edges = callees_[f].edges;
    std::sort(edges.begin(), edges.end());
    edges.erase(std::unique(edges.begin(), edges.end()), edges.end());
    std::sort(later_[f].begin(), later_[f].end());
    later_[f].erase(std::unique(later_[f].begin(), later_[f].end()), later_[f].end());
  }
  leave_to_models();
  std::sort(creations_.begin(), creations_.end());
  creations_.erase(std::unique(creations_.begin(), creations_.end()), creations_.end());
  find_callers();
  build_components();
}

void CallGraph::find_callers() {
  for (FunctionId f = 0; f < callees_.size(); ++f) {
    Callees &all = callees_[f];
    const bool sets = llvm::any_of(all.edges, [&](const Edge &e) { return set_behind(e).has_value(); });
    for (std::uint32_t e = 0; e < all.edges.size(); ++e) {
      const auto set = set_behind(all.edges[e]);
      (set ? sets_[*set].callers : callers_[all.edges[e].to].alone).push_back({f, e});
      if (sets)
        all.first.push_back(all.size);
      all.size += set ? static_cast<std::uint32_t>(sets_[*set].members.size()) : 1;
    }
  }
  for (SetId s = 0; s < sets_.size(); ++s)
    for (std::uint32_t m = 0; m < sets_[s].members.size() && !sets_[s].callers.empty(); ++m)
      callers_[sets_[s].members[m]].sets.push_back({s, m});
}

SetId CallGraph::set_of(llvm::ArrayRef<FunctionId> members) {
  auto [it, added] = set_ids_.try_emplace(members.vec(), static_cast<SetId>(sets_.size()));
  if (added)
    sets_.push_back({it->first, {}});
  return it->second;
}

void CallGraph::add_edge(FunctionId f, Edge edge) {
  if (edge.to == none)
    return;
  if (program_.functions[edge.to].coroutine)
    creations_.push_back({f, edge.op, edge.to});
  else
    callees_[f].edges.push_back(edge);
}

void CallGraph::add_edges(FunctionId f, OpId op, llvm::ArrayRef<FunctionId> targets, Link link, bool presumed) {
  for (FunctionId t : targets)
    add_edge(f, {op, t, link, targets.size() <= many_targets, presumed});
}

// Classes of which there are objects: constructed, or the type of a variable, a field, or an element of a container. What is
// only pointed to may be of any class.
void CallGraph::find_made() {
  made_.resize(program_.types.size(), false);
  std::vector<TypeId> work;
  auto make = [&](TypeId t) {
    if (t != none && !made_[t]) {
      made_[t] = true;
      work.push_back(t);
    }
  };
  for (FunctionId f = 0; f < program_.functions.size(); ++f) {
    for (const Operation &op : program_.functions[f].ops) {
      bool base = op.path.valid() && !op.path.steps.empty() && op.path.steps.back().kind == StepKind::base;
      if (op.kind == OpKind::construct && !base)
        make(op.type);
      make(op.makes);
    }
    for (const Local &l : program_.functions[f].locals)
      make(l.type);
  }
  for (const Entity &e : program_.entities)
    if (e.kind == EntityKind::variable)
      make(e.type);
  while (!work.empty()) {
    TypeId t = work.back();
    work.pop_back();
    const Type &type = program_.types[t];
    if (type.kind == TypeKind::array)
      make(type.pointee);
    if (type.kind != TypeKind::record)
      continue;
    for (TypeId b : type.bases)
      make(b);
    for (const FieldInfo &field : type.fields)
      make(field.type);
    if (const TypeModel *m = library_.type(t); !m || !m->smart_pointer)
      for (TypeId a : type.args)
        make(a);
  }
}

void CallGraph::add_call(FunctionId f, OpId i) {
  const Operation &op = program_.functions[f].ops[i];
  if (op.callee != none) {
    bool ambiguous = false;
    FunctionId body = program_.body_for(f, op.callee, &ambiguous);
    if (ambiguous)
      ambiguous_.insert(program_.qualified(op.callee));
    if (auto ended = endings_.by(f, i))
      add_destroy(f, i, ended->type, ended->by_pointer, ended->sure);
    if (op.virtual_call) {
      add_overriders(f, i, op.callee, body, Link::virtual_call, true);
    } else {
      add_edge(f, {i, body, Link::direct});
    }
    if (body != none)
      return;
    add_edges(f, i, flow_.made_by(f, op), Link::callback);
  }
  if (calls_value(program_, library_, op))
    add_edges(f, i,
              llvm::to_vector<2>(
                  llvm::make_filter_range(callable_targets(f, op.receiver), [&](FunctionId to) { return fits(op, to); })),
              Link::value);
}

// What a call that is resolved at run time may run: in classes that the program makes; where none is made, the objects come
// from code that is not seen.
void CallGraph::add_overriders(FunctionId f, OpId i, EntityId called, FunctionId body, Link link, bool sure) {
  llvm::SmallVector<FunctionId, 8> made, others;
  auto target = [&](FunctionId to) {
    TypeId record = program_.entity_of(to).record;
    (record == none || made_[record] ? made : others).push_back(to);
  };
  const Operation &op = program_.functions[f].ops[i];
  if (link == Link::virtual_call)
    for (FunctionId to : flow_.overriders(f, op))
      target(to);
  else
    for (FunctionId to : program_.overriders(called))
      target(to);
  if (body != none)
    target(body);
  auto &targets = made.empty() ? others : made;
  const bool coroutines = llvm::any_of(targets, [&](FunctionId to) { return program_.functions[to].coroutine; });
  if (targets.size() > many_targets && !coroutines && link == Link::virtual_call) {
    llvm::sort(targets);
    targets.erase(std::unique(targets.begin(), targets.end()), targets.end());
    callees_[f].edges.push_back({i, static_cast<std::uint32_t>(callees_.size()) + set_of(targets), link, false, made.empty()});
    return;
  }
  for (FunctionId to : targets)
    add_edge(f, {i, to, link, sure && targets.size() <= many_targets, made.empty()});
}

void CallGraph::add_arguments(FunctionId f, OpId i) {
  const Operation &op = program_.functions[f].ops[i];
  const FunctionModel *model = library_.function(op);
  for (unsigned a = 0; a < op.args.size(); ++a) {
    const Operand &arg = op.args[a];
    const CallbackClause *slot = model ? callback_clause(library_, *model, f, op, a) : nullptr;
    if (slot && !slot->slot_of)
      slot = nullptr;
    if (!slot && !may_be_callable(program_, library_, arg))
      continue;
    auto targets = slot ? slots(f, op, a, *slot) : callable_targets(f, arg);
    if (targets.empty())
      continue;
    bool presumed = false;
    if (runs_in_place(f, op, a, &presumed)) {
      // A template that is instantiated for this lambda calls it by its type: that edge is there.
      FunctionId body = op.callee == none ? none : program_.body_for(f, op.callee);
      if (body != none && a < program_.functions[body].parameter_count &&
          !flow_.call_operators(body, program_.functions[body].locals[a].type).empty())
        continue;
      add_edges(f, i, targets, Link::callback, presumed);
      continue;
    }
    const CallbackClause *clause = model ? callback_clause(library_, *model, f, op, a) : nullptr;
    // threads_.emplace_back([this] { work(); }) makes a std::thread.
    if (const FunctionModel *maker = clause ? nullptr : library_.maker(op))
      clause = callback_clause(library_, *maker, f, op, a);
    Executor on = clause ? library_.executor(f, op, clause->on) : Executor::unknown;
    for (FunctionId t : targets)
      later_[f].push_back({i, t, on, targets.size() == 1 && !slot});
  }
}

// connect(button, SIGNAL(clicked()), this, SLOT(save())): what a string names, or a callable as any other.
llvm::SmallVector<FunctionId, 2> CallGraph::slots(FunctionId f, const Operation &op, unsigned arg, const CallbackClause &clause) {
  llvm::SmallVector<FunctionId, 2> out;
  auto object = library_.subjects(op, *clause.slot_of);
  TypeId record = object.empty() ? none : program_.record_behind(object[0].type);
  for (const Value &v : library_.origins(f, op.args[arg])) {
    if (v.operand.kind != OperandKind::string || record == none) // an object of QThread::create(f) holds f and is none
      return may_be_callable(program_, library_, op.args[arg]) ? callable_targets(f, op.args[arg])
                                                               : llvm::SmallVector<FunctionId, 2>();
    if (methods_.empty())
      for (FunctionId m = 0; m < program_.functions.size(); ++m)
        if (const Entity &e = program_.entity_of(m); e.record != none && !program_.functions[m].lambda)
          methods_[{e.record, Library::last_name(program_.str(e.qualified)).str()}].push_back(m);
    llvm::StringRef name = llvm::StringRef(program_.str(v.operand.text)).drop_front().take_until([](char c) { return c == '('; });
    for (TypeId t : program_.with_bases(record))
      if (auto found = methods_.find({t, name.trim().str()}); found != methods_.end()) {
        out.append(found->second.begin(), found->second.end());
        break;
      }
  }
  return out;
}

void CallGraph::add_await(FunctionId f, OpId i) {
  const Operation &op = program_.functions[f].ops[i];
  for (EntityId e : {op.await_transform, op.operator_co_await, op.await_ready, op.await_suspend, op.await_resume})
    if (e != none)
      if (FunctionId body = program_.body_for(f, e); body != none && !program_.functions[body].coroutine)
        add_edge(f, {i, body, Link::awaiter});
}

// The end of an object; `by_pointer`: it may be of a derived class.
void CallGraph::add_destroy(FunctionId f, OpId i, TypeId type, bool by_pointer, bool sure, unsigned depth) {
  type = program_.strip_references(type);
  if (type == none || depth > 6 || program_.types[type].kind != TypeKind::record)
    return;
  const Type &t = program_.types[type];
  if (const TypeModel *m = library_.type(type); m && m->owns_arguments && t.system) {
    if (m->smart_pointer && t.args.size() > 1) // std::unique_ptr<FILE, Closer>
      if (auto deleters = flow_.call_operators(f, t.args[1]); !deleters.empty()) {
        for (FunctionId to : deleters)
          add_edge(f, {i, to, Link::destructor, sure});
        return;
      }
    for (TypeId a : t.args)
      add_destroy(f, i, a, m->smart_pointer, sure, depth + 1);
  }
  if (t.destructor != none) {
    FunctionId body = program_.body_for(f, t.destructor);
    if (by_pointer)
      add_overriders(f, i, t.destructor, body, Link::destructor, sure);
    else if (body != none)
      add_edge(f, {i, body, Link::destructor, sure});
    if (body != none)
      return; // it destroys members and bases
  }
  for (TypeId base : t.bases)
    add_destroy(f, i, base, false, sure, depth + 1);
  for (const FieldInfo &field : t.fields)
    if (field.type != none && program_.types[field.type].kind == TypeKind::record)
      add_destroy(f, i, field.type, false, sure, depth + 1);
}

// A copy of a library among the program's files calls what it was given, by way of its own queues.
void CallGraph::leave_to_models() {
  llvm::SparseBitVector<> told;
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    if (program_.functions[f].user_code)
      for (const LaterEdge &e : later_[f])
        if (e.on != Executor::unknown && e.on != Executor::inherited && program_.functions[e.to].user_code)
          told.set(e.to);
  for (FunctionId f = 0; f < program_.functions.size() && !told.empty(); ++f) {
    if (program_.functions[f].user_code)
      continue;
    llvm::erase_if(callees_[f].edges, [&](const Edge &e) { return e.link == Link::value && told.test(e.to); });
    llvm::erase_if(later_[f], [&](const LaterEdge &e) { return told.test(e.to); });
  }
}

void CallGraph::build_components() {
  std::vector<std::vector<std::uint32_t>> callees(callees_.size() + sets_.size());
  for (FunctionId f = 0; f < callees_.size(); ++f)
    for (const Edge &e : callees_[f].edges)
      callees[f].push_back(e.to);
  for (SetId s = 0; s < sets_.size(); ++s)
    callees[callees_.size() + s] = sets_[s].members;
  components_ = analysis::components(callees);
  for (auto &component : components_)
    llvm::erase_if(component, [&](std::uint32_t n) { return n >= callees_.size(); });
  llvm::erase_if(components_, [](const auto &component) { return component.empty(); });
}

} // namespace tenterhook::analysis
