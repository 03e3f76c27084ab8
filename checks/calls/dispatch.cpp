// Dispatchers: calls through kept values, on a cycle, out of a cell that is emptied.
#include "calls/dispatch.h"
#include "program/components.h"
#include "values/callables.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;

std::uint32_t Cycles::cycle(FunctionId f, OpId op) {
  const Function &function = program_.functions[f];
  auto [it, added] = blocks_.try_emplace(f);
  std::vector<std::uint32_t> &cycles = it->second;
  if (added) {
    std::vector<std::vector<BlockId>> successors;
    for (const Block &b : function.blocks)
      successors.push_back(b.succs);
    cycles.assign(function.blocks.size(), 0);
    std::uint32_t last = 0;
    for (const auto &component : components(successors))
      if (component.size() > 1 || llvm::is_contained(successors[component.front()], component.front())) {
        ++last;
        for (BlockId b : component)
          cycles[b] = last;
      }
  }
  BlockId b = guards_(f).block(op);
  return b == none ? 0 : cycles[b];
}

namespace {

class Finder {
public:
  Finder(const Program &program, const Library &library, const CallGraph &calls)
      : program_(program), library_(library), calls_(calls), cycles_(program, calls.guards()) {}

  std::vector<Dispatcher> run() {
    for (const Entity &e : program_.entities)
      for_fields_of_elements(e.type, [&](const FieldInfo &field) {
        if (is_pointer(field.type))
          of_elements_.set(field.entity);
      });
    find_emptied();
    find_resuming();
    std::vector<Dispatcher> out;
    for (FunctionId f = 0; f < program_.functions.size(); ++f)
      for (OpId i = 0; i < program_.functions[f].ops.size(); ++i) {
        const Operation &op = program_.functions[f].ops[i];
        const bool handle = resumes_coroutine(program_, op);
        const bool object = !handle && op.virtual_call && op.receiver.path.root != RootKind::self;
        if ((!handle && !object && !calls_value(program_, library_, op)) || !program_.reachable(f, i))
          continue;
        Dispatcher d{f, i, {}, {}};
        const Sources sources = calls_.flow().sources(f, op.receiver);
        auto is_kept = [&](const Source &s) {
          return s.kind == Source::cell && (!object || are_objects(s.a) || (d.watches && is_of_entry(op.receiver.path, s.a)));
        };
        d.watches = true; // perhaps
        if (llvm::none_of(sources, is_kept))
          continue;
        d.waits = in_or_below(f, [](const models::FunctionModel &m) { return !m.blocks.empty(); });
        d.watches = d.waits && waits_in_turn(f, i);
        llvm::SparseBitVector<> held;
        Sources cells;
        for (const Source &s : sources)
          if (is_kept(s) && (handle || d.watches || emptied_.test(s.a))) {
            held |= calls_.flow().held(s);
            cells.push_back(s);
          }
        if (held.empty() || !repeats(f, i))
          continue;
        d.resumes = handle;
        if (object) {
          d.targets = calls_.flow().run_on(f, op, held);
          llvm::erase_if(d.targets, [&](FunctionId to) { return program_.functions[to].coroutine; }); // it is made, not run
        } else if (!handle)
          for (unsigned body : held) {
            if (body >= program_.functions.size())
              break; // handles and objects
            if (calls_.fits(op, body))
              d.targets.push_back(body);
          }
        for (FunctionId to : d.targets)
          d.resumes |= resuming_.test(to) && !works_first(to);
        if (handle ? !d.waits || !holds_handle(held) : d.targets.empty())
          continue;
        d.kept = container(f, op.receiver, cells);
        out.push_back(std::move(d));
      }
    return out;
  }

private:
  // Cells out of which something is taken: by a method of a library's class that is called for its effect and is given
  // nothing to keep (pop_front(), erase(i), clear()), or by moving or swapping the whole away.
  void find_emptied() {
    auto add = [&](FunctionId f, const Operand &container) {
      for (const Source &s : calls_.flow().sources(f, container))
        if (s.kind == Source::cell)
          emptied_.set(s.a);
    };
    for (FunctionId f = 0; f < program_.functions.size(); ++f)
      for (const Operation &op : program_.functions[f].ops) {
        for (const Operand &a : op.args)
          if (a.moved && a.kind == OperandKind::path)
            add(f, a);
        if (op.kind != OpKind::call || op.callee == none || !program_.entities[op.callee].system)
          continue;
        for (auto [to, what] : library_.kept_by_library(op)) // swap(a, b), a.swap(b), exchange(a, {})
          if (to->kind == OperandKind::path && program_.record_behind(to->type) == program_.record_behind(what->type))
            add(f, *to);
        bool keeps =
            std::any_of(op.args.begin(), op.args.end(), [&](const Operand &a) { return may_be_callable(program_, library_, a); });
        bool steps = Library::last_name(program_.qualified(op.callee)).starts_with("operator"); // ++ of an iterator
        if (op.receiver.kind == OperandKind::path && !program_.entities[op.callee].const_method && !keeps && !steps &&
            (op.use.kind == UseKind::discarded || op.use.kind == UseKind::voided))
          add(f, op.receiver);
      }
    // What is taken out together with other things: queue<Entry>, Entry{job, deadline}; and by reference: pop(job).
    for (CellId cell : llvm::SparseBitVector<>(emptied_))
      if (EntityId kept = calls_.flow().kept_in(cell); kept != none)
        for_fields_of_elements(program_.entities[kept].type,
                               [&](const FieldInfo &field) { calls_.flow().add_cells(field.entity, emptied_); });
    calls_.flow().add_given_out(emptied_);
  }

  bool holds_handle(const llvm::SparseBitVector<> &held) const {
    for (const unsigned value : held)
      if (calls_.flow().is_handle(value))
        return true;
    return false;
  }

  // Of a container's elements, where they are objects of the program's own.
  void for_fields_of_elements(TypeId container, llvm::function_ref<void(const FieldInfo &)> look) const {
    container = program_.strip_references(container);
    if (container == none || program_.types[container].kind != TypeKind::record)
      return;
    for (TypeId element : program_.types[container].args)
      if (element != none && program_.types[element].kind == TypeKind::record && !program_.types[element].system)
        for (const FieldInfo &field : program_.types[element].fields)
          if (field.entity != none)
            look(field);
  }

  // Whether a cell is a container of pointers to objects, or what such a one gives out.
  bool are_objects(CellId cell) {
    auto [it, added] = objects_.try_emplace(cell, false);
    if (added) {
      EntityId kept = calls_.flow().kept_in(cell);
      it->second = kept == none ? emptied_.test(cell) : of_elements_.test(kept) || holds_pointers(program_.entities[kept].type);
    }
    return it->second;
  }
  // Whether it is the pointer to a handler in an entry that the system gives back: `entry->handler->readable()`.
  bool is_of_entry(const facts::AccessPath &receiver, CellId cell) const {
    const EntityId kept = calls_.flow().kept_in(cell);
    return kept != none && receiver.root == RootKind::local && !receiver.steps.empty() &&
           is_pointer(program_.entities[kept].type);
  }
  bool is_pointer(TypeId type) const {
    const models::TypeModel *m = library_.type(type);
    return type != none && (program_.types[type].kind == TypeKind::pointer || (m && m->smart_pointer));
  }
  bool holds_pointers(TypeId type, unsigned depth = 0) const {
    type = program_.strip_references(type);
    if (type == none || depth > 3 || (depth == 0 && is_pointer(type)))
      return false;
    const Type &t = program_.types[type];
    if (t.kind == TypeKind::array)
      return is_pointer(t.pointee);
    return t.kind == TypeKind::record &&
           llvm::any_of(t.args, [&](TypeId a) { return is_pointer(a) || holds_pointers(a, depth + 1); });
  }

  // What of `f` leads to the cells: `queue_` of queue_.front(), else the object of a call that gives `taken` out.
  Operand container(FunctionId f, const Operand &taken, const Sources &cells) const {
    for (const Operation &op : program_.functions[f].ops) {
      const facts::AccessPath &path = op.receiver.path;
      if (op.kind != OpKind::call || op.receiver.kind != OperandKind::path || path == taken.path ||
          (path.root == RootKind::local && path.steps.empty()))
        continue;
      const Sources sources = calls_.flow().sources(f, op.receiver);
      if (llvm::any_of(sources, [&](const Source &s) { return llvm::is_contained(cells, s); }))
        return op.receiver;
    }
    for (const Value &v : library_.origins(f, taken))
      if (v.function == f && v.operand.kind == OperandKind::result)
        if (const Operation &gives = program_.functions[f].ops[v.operand.op]; gives.receiver.kind == OperandKind::path)
          return gives.receiver;
    return {};
  }

  // Functions in which a coroutine is resumed, at any depth.
  void find_resuming() {
    std::vector<FunctionId> work;
    auto mark = [&](FunctionId f) {
      if (resuming_.test_and_set(f))
        work.push_back(f);
    };
    for (FunctionId f = 0; f < program_.functions.size(); ++f)
      for (const Operation &op : program_.functions[f].ops)
        if (resumes_coroutine(program_, op)) {
          mark(f);
          break;
        }
    while (!work.empty()) {
      FunctionId f = work.back();
      work.pop_back();
      for (auto [caller, edge] : calls_.callers(f))
        mark(caller);
    }
  }

  // Whether a job waits itself before it resumes whom it did that for: a worker's, however many coroutines it serves.
  bool works_first(FunctionId job) const {
    for (const Operation &op : program_.functions[job].ops) {
      if (resumes_coroutine(program_, op))
        return false;
      const models::FunctionModel *m = op.kind == OpKind::call ? library_.function(op) : nullptr;
      if (m && !m->blocks.empty())
        return true;
    }
    return false;
  }

  // Whether a function, or one that it calls, calls what has such a model.
  bool in_or_below(FunctionId f, llvm::function_ref<bool(const models::FunctionModel &)> such) const {
    auto in = [&](FunctionId g) {
      return llvm::any_of(program_.functions[g].ops, [&](const Operation &op) {
        const models::FunctionModel *m = op.kind == OpKind::call ? library_.function(op) : nullptr;
        return m && such(*m);
      });
    };
    return in(f) || llvm::any_of(calls_.edges(f), [&](const Edge &e) { return e.link == Link::direct && in(e.to); });
  }

  // Whether a function waits for events, itself or in a function that it calls, between two runs of an operation.
  bool waits_in_turn(FunctionId f, OpId op) {
    auto waits = [&](const Operation &o) {
      const models::FunctionModel *m = o.kind == OpKind::call ? library_.function(o) : nullptr;
      return m && m->waits_for_events;
    };
    llvm::SmallVector<OpId, 4> at;
    for (OpId i = 0; i < program_.functions[f].ops.size(); ++i)
      if (waits(program_.functions[f].ops[i]))
        at.push_back(i);
    for (const Edge &e : calls_.edges(f))
      if (e.link == Link::direct && llvm::any_of(program_.functions[e.to].ops, waits))
        at.push_back(e.op);
    return llvm::any_of(at, [&](OpId i) { return cycles_.on_one_cycle(f, i, op); }) || (!at.empty() && is_called_again(f));
  }

  // On a cycle of its function, or of one that leads there.
  bool repeats(FunctionId f, OpId op) { return cycles_.on_cycle(f, op) || is_called_again(f); }

  bool is_called_again(FunctionId f) {
    llvm::SmallVector<FunctionId, 8> work{f};
    llvm::DenseSet<FunctionId> seen{f};
    while (!work.empty())
      for (auto [caller, edge] : calls_.callers(work.pop_back_val())) {
        if (cycles_.on_cycle(caller, calls_.edges(caller)[edge].op))
          return true;
        if (seen.insert(caller).second)
          work.push_back(caller);
      }
    return false;
  }

  const Program &program_;
  const Library &library_;
  const CallGraph &calls_;
  Cycles cycles_;
  llvm::SparseBitVector<> emptied_;      // by CellId
  llvm::SparseBitVector<> of_elements_;  // by EntityId: fields of what containers hold
  llvm::DenseMap<CellId, bool> objects_; // see are_objects; filled on demand
  llvm::SparseBitVector<> resuming_;     // by FunctionId
};

} // namespace

std::vector<Dispatcher> find_dispatchers(const Program &program, const Library &library, const CallGraph &calls) {
  return Finder(program, library, calls).run();
}

} // namespace tenterhook::analysis
