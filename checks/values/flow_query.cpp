// What the flow answers: sources of an operand, what a cell holds, whose handles, which constructors and call operators.
#include "values/flow.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;

Sources Flow::node(FunctionId f, std::uint32_t n) const {
  const Nodes &nodes = nodes_[f];
  if (n + 1 >= nodes.first.size())
    return {};
  return {nodes.sources.begin() + nodes.first[n], nodes.sources.begin() + nodes.first[n + 1]};
}

void Flow::follow_captures(Sources &sources) const {
  Sources done;
  std::vector<Source> work(sources.begin(), sources.end());
  std::vector<Source> seen;
  while (!work.empty()) {
    Source s = work.back();
    work.pop_back();
    if (s.kind != Source::capture) {
      done.push_back(s);
      continue;
    }
    if (std::find(seen.begin(), seen.end(), s) != seen.end())
      continue;
    seen.push_back(s);
    const Function &lambda = program_.functions[s.a];
    FunctionId outer = lambda.enclosing == none ? none : program_.body_for(s.a, lambda.enclosing);
    if (outer == none || s.b >= lambda.captures.size())
      continue;
    Sources from = this->sources(outer, lambda.captures[s.b].source);
    work.insert(work.end(), from.begin(), from.end());
  }
  std::sort(done.begin(), done.end());
  done.erase(std::unique(done.begin(), done.end()), done.end());
  sources = std::move(done);
}

Sources Flow::sources(FunctionId f, const Operand &o) const {
  Sources out;
  const Function &function = program_.functions[f];
  auto append = [&](const Sources &more) { out.insert(out.end(), more.begin(), more.end()); };
  auto existing = [&](CellKind kind, std::uint32_t a, std::uint32_t b) {
    auto it = ids_.find({(std::uint64_t(kind) << 32) | a, b});
    if (it != ids_.end())
      out.push_back({Source::cell, it->second, 0});
  };
  if (o.kind == OperandKind::closure || o.kind == OperandKind::function) {
    for (FunctionId body : bodies(f, o.entity))
      out.push_back({Source::body, body, 0});
  } else if (!o.choices.empty() && o.kind != OperandKind::compare) {
    for (const Operand &choice : o.choices)
      append(sources(f, choice));
  } else if (o.kind == OperandKind::result) {
    append(node(f, static_cast<std::uint32_t>(function.locals.size()) + o.op));
  } else if (o.kind == OperandKind::path) {
    Named name = named(program_, o.path);
    for (FunctionId body : call_operators(f, o.type))
      out.push_back({Source::body, body, 0});
    if (name.field != none) {
      auto global_field = [&](EntityId which) {
        existing(field_of_global, which, name.field);
        if (!program_.entities[which].is_const)
          existing(field_store, name.field, 0);
      };
      Sources base;
      bool plain = named(program_, name.base).field == none;
      if (name.base.root == RootKind::global) {
        global_field(name.base.id);
      } else {
        if (plain && name.base.root == RootKind::local)
          base = node(f, name.base.id);
        else if (plain && name.base.root == RootKind::result)
          base = node(f, static_cast<std::uint32_t>(function.locals.size()) + name.base.id);
        bool other = base.empty();
        for (const Source &s : base)
          if (EntityId which = none; is_global(s, &which))
            global_field(which);
          else
            other = true;
        if (other)
          existing(field_read, name.field, 0);
      }
    } else if (o.path.root == RootKind::local) {
      append(node(f, o.path.id));
    } else if (o.path.root == RootKind::result) {
      append(node(f, static_cast<std::uint32_t>(function.locals.size()) + o.path.id));
    } else if (o.path.root == RootKind::global) {
      existing(global, o.path.id, 0);
    } else if (o.path.root == RootKind::capture) {
      out.push_back({Source::capture, f, o.path.id});
    } else if (TypeId record = none; o.path.root == RootKind::self && is_self(f, o.path, record)) {
      out.push_back({Source::object, record, 1});
    }
  }
  follow_captures(out);
  return out;
}

const llvm::SparseBitVector<> &Flow::held(const Source &source) const {
  static const llvm::SparseBitVector<> nothing;
  if (source.kind == Source::cell)
    return cells_[source.a].held;
  if (source.kind == Source::parameter)
    if (auto it = ids_.find({(std::uint64_t(parameter_value) << 32) | source.a, source.b}); it != ids_.end())
      return cells_[it->second].held;
  return nothing;
}

std::vector<FunctionId> Flow::suspended(FunctionId f, const Operand &operand) const {
  std::vector<FunctionId> out;
  for (const Source &s : sources(f, operand)) {
    if (s.kind != Source::cell && s.kind != Source::parameter)
      continue;
    for (unsigned value : held(s))
      if (is_handle(value))
        out.push_back(handles_[(value - program_.functions.size()) / 3]);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// Classes with a function that a call somewhere finds at run time, and those derived from them.
void Flow::find_called_virtually() {
  llvm::DenseSet<EntityId> called;
  called_virtually_.resize(program_.types.size(), false);
  for (const Function &function : program_.functions)
    for (const Operation &op : function.ops)
      if (op.virtual_call && op.receiver.path.root != RootKind::self && called.insert(op.callee).second)
        for (FunctionId to : program_.overriders(op.callee)) {
          for (TypeId record : {program_.entity_of(to).record, program_.entities[op.callee].record})
            if (record != none)
              called_virtually_[record] = true;
        }
  const std::vector<bool> themselves = called_virtually_;
  for (TypeId t = 0; t < program_.types.size(); ++t)
    if (program_.types[t].kind == TypeKind::record && !program_.types[t].bases.empty())
      for (TypeId base : program_.with_bases(t))
        called_virtually_[t] = called_virtually_[t] || themselves[base];
}

bool Flow::is_called_virtually(TypeId type, TypeId *record) const {
  *record = type == none ? none : program_.record_behind(type);
  return *record != none && called_virtually_[*record];
}

// `this`, in a method or a lambda of one.
bool Flow::is_self(FunctionId f, const AccessPath &path, TypeId &record) const {
  record = program_.entity_of(f).record;
  return path.without_derefs().steps.empty() && !program_.functions[f].lambda && record != none && called_virtually_[record];
}

std::vector<FunctionId> Flow::run_on(FunctionId f, const Operation &call, const llvm::SparseBitVector<> &held) const {
  llvm::SmallVector<FunctionId, 8> candidates(program_.overriders(call.callee));
  if (FunctionId body = program_.body_for(f, call.callee); body != none)
    candidates.push_back(body);
  llvm::DenseMap<TypeId, FunctionId> by_class;
  for (FunctionId to : candidates)
    if (TypeId record = program_.entity_of(to).record; record != none)
      by_class.try_emplace(record, to);
  std::vector<FunctionId> out;
  llvm::DenseSet<TypeId> open; // what derives from these counts, too
  for (unsigned value : held) {
    if (value < program_.functions.size() || is_handle(value))
      continue;
    const auto type = static_cast<TypeId>((value - program_.functions.size() - 1) / 3);
    for (TypeId t : program_.with_bases(type))
      if (auto found = by_class.find(t); found != by_class.end()) {
        out.push_back(found->second);
        break;
      }
    if ((value - program_.functions.size()) % 3 == 2)
      open.insert(type);
  }
  for (auto [record, to] : by_class)
    if (!open.empty() && llvm::any_of(program_.with_bases(record), [&](TypeId t) { return open.contains(t); }))
      out.push_back(to);
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

EntityId Flow::kept_in(CellId cell) const {
  const auto &[kind, what] = keys_[cell];
  switch (kind) {
  case global:
  case field_read:
  case field_store: return what.first;
  case field_of_global: return what.second;
  default: return none;
  }
}

void Flow::add_cells(EntityId kept, llvm::SparseBitVector<> &cells) const {
  for (CellKind kind : {global, field_read, field_store})
    if (auto it = ids_.find({(std::uint64_t(kind) << 32) | kept, 0}); it != ids_.end())
      cells.set(it->second);
}

void Flow::add_given_out(llvm::SparseBitVector<> &cells) const {
  std::vector<CellId> work;
  for (const unsigned cell : cells)
    work.push_back(cell);
  while (!work.empty()) {
    const CellId from = work.back();
    work.pop_back();
    for (CellId to : cells_[from].into)
      if (keys_[to].first == written_through || keys_[to].first == virtual_written)
        if (cells.test_and_set(to))
          work.push_back(to);
  }
}

// Of a method that more classes override than this, all are taken: to look at each for each call is their product.
llvm::SmallVector<FunctionId, 4> Flow::overriders(FunctionId f, const Operation &call) const {
  auto all = program_.overriders(call.callee);
  const bool many = all.size() > limit_of(Limit::overriders);
  if (many)
    program_.limits().hit(Limit::overriders, f);
  llvm::SmallVector<FunctionId, 4> out;
  for (FunctionId to : all)
    if (many || classes_.may_be(f, call, program_.entity_of(to).record))
      out.push_back(to);
  if (out.empty()) // of a class that nobody sees
    out.append(all.begin(), all.end());
  return out;
}

llvm::SmallVector<FunctionId, 2> Flow::bodies(FunctionId from, EntityId callable) const {
  TypeId record = program_.entities[callable].record;
  if (record != none && program_.types[record].closure)
    if (auto instances = call_operators(from, record); !instances.empty())
      return instances;
  FunctionId body = program_.body_for(from, callable);
  return body == none ? llvm::SmallVector<FunctionId, 2>() : llvm::SmallVector<FunctionId, 2>{body};
}

llvm::SmallVector<FunctionId, 2> Flow::call_operators(FunctionId from, TypeId type) const {
  llvm::SmallVector<FunctionId, 2> out;
  type = program_.strip_references(type);
  if (type == none || program_.types[type].kind != TypeKind::record)
    return out;
  for (TypeId t : program_.with_bases(type)) {
    if (EntityId one = program_.types[t].call_operator; one != none)
      if (FunctionId body = program_.body_for(from, one); body != none)
        out.push_back(body);
    if (auto it = operators_.find(t); it != operators_.end())
      for (EntityId e : it->second)
        if (FunctionId body = program_.body_for(from, e); body != none)
          out.push_back(body);
  }
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

llvm::SmallVector<FunctionId, 2> Flow::made_by(FunctionId f, const Operation &op) const {
  llvm::SmallVector<FunctionId, 2> exact, with_defaults;
  if (op.made_by != none) {
    if (FunctionId body = program_.body_for(f, op.made_by); body != none)
      exact.push_back(body);
    return exact;
  }
  auto it = op.makes == none ? constructors_.end() : constructors_.find(op.makes);
  if (it == constructors_.end())
    return {};
  std::size_t written = op.args.size();
  while (written > 0 && op.args[written - 1].defaulted)
    --written;
  if (written == 1 && program_.record_behind(op.args[0].type) == op.makes)
    return {}; // a copy
  for (FunctionId c : it->second) {
    unsigned parameters = program_.functions[c].parameter_count;
    if (parameters == written)
      exact.push_back(c);
    else if (parameters > written)
      with_defaults.push_back(c);
  }
  return exact.empty() ? with_defaults : exact;
}

} // namespace tenterhook::analysis
