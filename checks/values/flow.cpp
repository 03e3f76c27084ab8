// The program's part of the flow: cells, parameters, and calls through values.
#include "values/flow.h"
#include "values/callables.h"
#include "values/flow_local.h"
#include <algorithm>
#include <deque>

namespace tenterhook::analysis {

using namespace facts;

Flow::Flow(const Program &program, const Library &library) : program_(program), library_(library), classes_(program, library) {
  for (EntityId e = 0; e < program.entities.size(); ++e)
    if (TypeId record = program.entities[e].record; program.entities[e].kind == EntityKind::function && record != none &&
                                                    !program.bodies(e).empty() && is_call_operator(program, e))
      operators_[record].push_back(e);
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    if (TypeId record = program.entity_of(f).record; program.functions[f].constructor && record != none)
      constructors_[record].push_back(f);
  find_called_virtually();
  solve_locals();
  for (FunctionId f = 0; f < program.functions.size(); ++f)
    collect_stores(f);
  seed_handles();
  passed_.resize(value_calls_.size());
  propagate();
  call_values();
}

CellId Flow::cell(CellKind kind, std::uint32_t a, std::uint32_t b) {
  auto [it, added] = ids_.try_emplace({(std::uint64_t(kind) << 32) | a, b}, static_cast<CellId>(cells_.size()));
  CellId id = it->second;
  if (!added)
    return id;
  cells_.emplace_back();
  keys_.push_back({kind, {a, b}});
  // What is read of a field whatever the object: what is stored in it whatever the object, and in that of each global.
  if (kind == field_store || kind == field_of_global) {
    CellId read = cell(field_read, kind == field_store ? a : b);
    cells_[id].into.push_back(read);
  } else if (kind == field_read) {
    cell(field_store, a);
  }
  return id;
}

bool Flow::is_global(const Source &source, EntityId *which) const {
  if (source.kind != Source::cell || keys_[source.a].first != global)
    return false;
  if (which)
    *which = keys_[source.a].second.first;
  return true;
}

bool Flow::writes_through(FunctionId f, LocalId parameter) const {
  TypeId declared = program_.functions[f].locals[parameter].type;
  if (declared == none)
    return false;
  const Type &t = program_.types[declared];
  if ((t.kind != TypeKind::lvalue_reference && t.kind != TypeKind::pointer) || t.pointee == none ||
      !carries(program_, t.pointee) || program_.types[t.pointee].kind == TypeKind::function)
    return false;
  const auto &parameters = program_.entity_of(f).parameters;
  return parameter >= parameters.size() || !parameters[parameter].pointee_const;
}

// Each function once, callees first as far as there is no recursion; again when what a callee returns has grown.
void Flow::solve_locals() {
  std::size_t count = program_.functions.size();
  nodes_.resize(count);
  returns_.resize(count);
  // From `count` on, virtual methods stand for all that override them.
  std::vector<llvm::SmallVector<FunctionId, 4>> callees(count), callers(count);
  llvm::DenseMap<EntityId, FunctionId> methods;
  auto all_of = [&](EntityId method) {
    auto [it, added] = methods.try_emplace(method, static_cast<FunctionId>(callees.size()));
    if (added) {
      auto all = program_.overriders(method);
      callees.emplace_back(all.begin(), all.end());
      callers.emplace_back();
      for (FunctionId to : all)
        callers[to].push_back(it->second);
    }
    return it->second;
  };
  for (FunctionId f = 0; f < count; ++f) {
    for (const Operation &op : program_.functions[f].ops)
      if (op.kind == OpKind::call && op.callee != none) {
        if (FunctionId body = program_.body_for(f, op.callee); body != none)
          callees[f].push_back(body);
        if (op.virtual_call && !program_.overriders(op.callee).empty()) {
          const FunctionId all = all_of(op.callee);
          callees[f].push_back(all);
        }
      }
    std::sort(callees[f].begin(), callees[f].end());
    callees[f].erase(std::unique(callees[f].begin(), callees[f].end()), callees[f].end());
    for (FunctionId callee : callees[f])
      callers[callee].push_back(f);
  }
  std::deque<FunctionId> work; // depth first, without recursion
  std::vector<std::uint8_t> state(callees.size(), 0);
  std::vector<std::pair<FunctionId, std::size_t>> stack;
  for (FunctionId root = 0; root < count; ++root) {
    if (state[root])
      continue;
    stack.push_back({root, 0});
    state[root] = 1;
    while (!stack.empty()) {
      auto &[f, next] = stack.back();
      if (next < callees[f].size()) {
        FunctionId callee = callees[f][next++];
        if (!state[callee]) {
          state[callee] = 1;
          stack.push_back({callee, 0});
        }
        continue;
      }
      if (f < count)
        work.push_back(f);
      stack.pop_back();
    }
  }
  std::vector<bool> queued(count, true);
  while (!work.empty()) {
    FunctionId f = work.front();
    work.pop_front();
    queued[f] = false;
    LocalFlow local(*this, f);
    local.solve();
    Nodes &kept = nodes_[f];
    kept.first.assign(1, 0);
    kept.sources.clear();
    for (std::uint32_t n = 0; n < local.nodes(); ++n) {
      kept.sources.insert(kept.sources.end(), local.node(n).begin(), local.node(n).end());
      kept.first.push_back(static_cast<std::uint32_t>(kept.sources.size()));
    }
    kept.sources.shrink_to_fit();
    Sources returned = local.returned();
    if (returned == returns_[f])
      continue;
    returns_[f] = std::move(returned);
    auto again = [&](FunctionId caller) {
      if (!queued[caller]) {
        queued[caller] = true;
        work.push_back(caller);
      }
    };
    for (FunctionId caller : callers[f])
      if (caller < count)
        again(caller);
      else
        llvm::for_each(callers[caller], again);
  }
}

void Flow::put(CellId into, const Sources &what) {
  for (const Source &s : what) {
    if (s.kind == Source::body || s.kind == Source::object) {
      const std::uint32_t value =
          s.kind == Source::body ? s.a : static_cast<std::uint32_t>(program_.functions.size()) + 3 * s.a + 1 + s.b;
      if (cells_[into].held.test_and_set(value)) {
        cells_[into].fresh.set(value);
        changed_.push_back(into);
      }
      continue;
    }
    if (s.kind == Source::capture)
      continue;
    CellId from = s.kind == Source::cell ? s.a : cell(parameter_value, s.a, s.b);
    if (from == into)
      continue;
    if (!inclusions_.insert({from, into}).second)
      continue;
    cells_[from].into.push_back(into);
    llvm::SparseBitVector<> before = cells_[into].held;
    bool grew = cells_[into].held |= cells_[from].held;
    if (grew) {
      llvm::SparseBitVector<> grown = cells_[into].held;
      grown.intersectWithComplement(before);
      cells_[into].fresh |= grown;
      changed_.push_back(into);
    }
  }
}

// A suspended coroutine's handle goes from await_suspend to whoever resumes it.
void Flow::seed_handles() {
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    for (LocalId p = 0; p < program_.functions[f].parameter_count; ++p) {
      TypeId t = program_.record_behind(program_.functions[f].locals[p].type);
      if (t == none || !is_coroutine_handle(program_, t))
        continue;
      put(cell(parameter_value, f, p),
          {{Source::body, static_cast<std::uint32_t>(program_.functions.size() + 3 * handles_.size()), 0}});
      handles_.push_back(f);
    }
}

void Flow::propagate() {
  while (!changed_.empty()) {
    CellId c = changed_.back();
    changed_.pop_back();
    llvm::SparseBitVector<> fresh;
    std::swap(fresh, cells_[c].fresh);
    if (fresh.empty())
      continue;
    for (CellId to : cells_[c].into) {
      llvm::SparseBitVector<> added = fresh;
      added.intersectWithComplement(cells_[to].held);
      if (added.empty())
        continue;
      cells_[to].held |= added;
      cells_[to].fresh |= added;
      changed_.push_back(to);
    }
  }
}

// The cells that a store to this path reaches.
std::vector<CellId> Flow::targets(FunctionId f, const AccessPath &to) {
  std::vector<CellId> out;
  const Function &function = program_.functions[f];
  Named name = named(program_, to);
  Operand base;
  base.kind = OperandKind::path;
  base.path = name.base;
  Sources objects;
  bool plain = name.field == none || named(program_, name.base).field == none;
  if (plain && name.base.root == RootKind::local && name.base.id < function.locals.size())
    objects = node(f, name.base.id);
  else if (plain && name.base.root == RootKind::result && name.base.id < function.ops.size())
    objects = node(f, static_cast<std::uint32_t>(function.locals.size()) + name.base.id);
  else if (plain && name.base.root == RootKind::capture) {
    objects.push_back({Source::capture, f, name.base.id});
    follow_captures(objects);
  }
  if (name.field != none) {
    if (name.base.root == RootKind::global) {
      out.push_back(cell(field_of_global, name.base.id, name.field));
      return out;
    }
    bool other = objects.empty();
    for (const Source &s : objects)
      if (EntityId which = none; is_global(s, &which))
        out.push_back(cell(field_of_global, which, name.field));
      else
        other = true;
    if (other)
      out.push_back(cell(field_store, name.field));
    return out;
  }
  if (name.base.root == RootKind::global) {
    out.push_back(cell(global, name.base.id));
    return out;
  }
  // Through a reference, a pointer or an iterator: what it leads to.
  if (name.base.root == RootKind::local) {
    TypeId declared = function.locals[name.base.id].type;
    bool through = !to.steps.empty() || (declared != none && program_.types[declared].kind == TypeKind::lvalue_reference);
    if (!through)
      return out;
  }
  for (const Source &s : objects) {
    if (s.kind == Source::cell && keys_[s.a].first != written_through && keys_[s.a].first != virtual_written)
      out.push_back(keys_[s.a].first == field_read ? cell(field_store, keys_[s.a].second.first) : s.a);
    else if (s.kind == Source::parameter)
      out.push_back(cell(written_through, s.a, s.b));
  }
  return out;
}

void Flow::store(FunctionId f, const AccessPath &to, const Sources &what) {
  if (what.empty())
    return;
  for (CellId c : targets(f, to))
    put(c, what);
}

// The arguments of a call become its callee's parameters, and what the callee writes through them comes back.
void Flow::pass(FunctionId f, const Operation &op, FunctionId to) {
  for (LocalId p = 0; p < op.args.size() && p < program_.functions[to].parameter_count; ++p) {
    if (!carries(program_, program_.functions[to].locals[p].type))
      continue;
    Sources given = sources(f, op.args[p]);
    if (given.empty())
      continue;
    put(cell(parameter_value, to, p), given);
    if (writes_through(to, p) && op.args[p].kind == OperandKind::path)
      for (CellId c : targets(f, op.args[p].path))
        put(c, {{Source::cell, cell(written_through, to, p), 0}});
  }
}

// The same for all bodies that override the callee: through one cell a parameter, so that many calls of a method with many
// overriders cost their sum, not their product.
void Flow::pass_virtually(FunctionId f, const Operation &op) {
  auto overriders = program_.overriders(op.callee);
  if (overriders.empty())
    return;
  if (auto few = this->overriders(f, op); few.size() < overriders.size()) {
    for (FunctionId to : few)
      pass(f, op, to);
    return;
  }
  FunctionId any = overriders.front(); // they all have the same parameters
  if (joined_.insert(op.callee).second)
    for (FunctionId to : overriders)
      for (LocalId p = 0; p < program_.functions[to].parameter_count; ++p) {
        if (!carries(program_, program_.functions[to].locals[p].type))
          continue;
        put(cell(parameter_value, to, p), {{Source::cell, cell(virtual_parameter, op.callee, p), 0}});
        if (writes_through(to, p))
          put(cell(virtual_written, op.callee, p), {{Source::cell, cell(written_through, to, p), 0}});
      }
  for (LocalId p = 0; p < op.args.size() && p < program_.functions[any].parameter_count; ++p) {
    if (!carries(program_, program_.functions[any].locals[p].type))
      continue;
    Sources given = sources(f, op.args[p]);
    if (given.empty())
      continue;
    put(cell(virtual_parameter, op.callee, p), given);
    if (writes_through(any, p) && op.args[p].kind == OperandKind::path)
      for (CellId c : targets(f, op.args[p].path))
        put(c, {{Source::cell, cell(virtual_written, op.callee, p), 0}});
  }
}

void Flow::collect_stores(FunctionId f) {
  const Function &function = program_.functions[f];
  for (OpId i = 0; i < function.ops.size(); ++i) {
    const Operation &op = function.ops[i];
    auto itself = [&] { return node(f, static_cast<std::uint32_t>(function.locals.size()) + i); };
    auto result = [&] {
      Sources s = itself();
      follow_captures(s);
      return s;
    };
    if (op.kind == OpKind::construct) {
      store(f, op.path, result());
      if (TypeId type = program_.record_behind(op.type); op.callee == none && type != none) // Entry{name, callback}
        for (std::size_t a = 0; a < op.args.size() && a < program_.types[type].fields.size(); ++a) {
          AccessPath field = op.path;
          if (!field.valid())
            field = {RootKind::result, i, {}, false};
          PathStep step;
          step.kind = StepKind::field;
          step.field = program_.types[type].fields[a].entity;
          field.steps.push_back(step);
          store(f, field, sources(f, op.args[a]));
        }
    }
    if (op.use.kind == UseKind::stored)
      store(f, op.use.target, result());
    if (op.kind == OpKind::access && op.access & static_cast<unsigned>(AccessKind::write) && !op.args.empty())
      store(f, op.path, sources(f, op.args[0]));
    if (op.kind != OpKind::call && op.kind != OpKind::construct)
      continue;
    if (calls_value(program_, library_, op))
      value_calls_.push_back({f, i});
    if (op.callee == none)
      continue;
    bool seen = false;
    if (FunctionId body = program_.body_for(f, op.callee); body != none) {
      pass(f, op, body);
      seen = true;
    }
    if (op.virtual_call && !program_.overriders(op.callee).empty()) {
      pass_virtually(f, op);
      seen = true;
    }
    for (FunctionId body : made_by(f, op))
      pass(f, op, body);
    if (seen || op.kind != OpKind::call)
      continue;
    if (program_.entities[op.callee].system) {
      for (auto [to, what] : library_.kept_by_library(op))
        if (to->kind == OperandKind::path || to->kind == OperandKind::result) {
          AccessPath path = to->kind == OperandKind::path ? to->path : AccessPath{RootKind::result, to->op, {}, false};
          PathStep element; // into it, not over it
          element.kind = StepKind::index;
          path.steps.push_back(element);
          store(f, path, sources(f, *what));
        }
    } else if (Library::is_assignment(program_.qualified(op.callee)) && op.receiver.kind == OperandKind::path &&
               !op.args.empty()) {
      store(f, op.receiver.path, sources(f, op.args[0]));
    }
  }
}

// Targets of calls through values learn their arguments; they may be callables again, so until nothing is new.
void Flow::call_values() {
  for (bool grew = true; grew;) {
    grew = false;
    for (std::size_t c = 0; c < value_calls_.size(); ++c) {
      auto [f, i] = value_calls_[c];
      const Operation &op = program_.functions[f].ops[i];
      if (op.args.empty())
        continue;
      llvm::SparseBitVector<> bodies;
      for (const Source &s : sources(f, op.receiver))
        if (s.kind == Source::body)
          bodies.set(s.a);
        else
          bodies |= held(s);
      bodies.intersectWithComplement(passed_[c]);
      for (unsigned body : bodies)
        if (body < program_.functions.size()) {
          pass(f, op, body);
          grew = true;
        }
      passed_[c] |= bodies;
    }
    propagate();
  }
}

} // namespace tenterhook::analysis
