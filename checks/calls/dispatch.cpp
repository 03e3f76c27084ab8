// Dispatchers: calls through kept values, on a cycle, out of a cell that is emptied.
#include "calls/dispatch.h"
#include "program/components.h"
#include "values/callables.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;

bool Cycles::on_cycle(FunctionId f, OpId op) {
  const Function &function = program_.functions[f];
  auto [it, added] = blocks_.try_emplace(f);
  std::vector<bool> &cyclic = it->second;
  if (added) {
    std::vector<std::vector<BlockId>> successors;
    for (const Block &b : function.blocks)
      successors.push_back(b.succs);
    cyclic.assign(function.blocks.size(), false);
    for (const auto &component : components(successors))
      for (BlockId b : component)
        cyclic[b] = component.size() > 1 || llvm::is_contained(successors[b], b);
  }
  BlockId b = guards_(f).block(op);
  return b != none && cyclic[b];
}

namespace {

class Finder {
public:
  Finder(const Program &program, const Library &library, const CallGraph &calls)
      : program_(program), library_(library), calls_(calls), cycles_(program, calls.guards()) {}

  std::vector<Dispatcher> run() {
    find_emptied();
    find_resuming();
    std::vector<Dispatcher> out;
    for (FunctionId f = 0; f < program_.functions.size(); ++f)
      for (OpId i = 0; i < program_.functions[f].ops.size(); ++i) {
        const Operation &op = program_.functions[f].ops[i];
        if (!calls_value(program_, library_, op) || !program_.reachable(f, i))
          continue;
        Dispatcher d{f, i, {}, false};
        llvm::SparseBitVector<> bodies;
        for (const Source &s : calls_.flow().sources(f, op.receiver))
          if (s.kind == Source::cell && emptied_.test(s.a))
            bodies |= calls_.flow().held(s);
        if (bodies.empty() || !repeats(f, i, 0))
          continue;
        for (unsigned body : bodies) {
          if (body >= program_.functions.size())
            break; // handles
          d.targets.push_back(body);
          d.resumes |= resuming_.test(body);
        }
        d.waits = waits(f) || llvm::any_of(calls_.edges(f), [&](const Edge &e) { return e.link == Link::direct && waits(e.to); });
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

  bool waits(FunctionId f) const {
    return llvm::any_of(program_.functions[f].ops, [&](const Operation &op) {
      const models::FunctionModel *m = op.kind == OpKind::call ? library_.function(op) : nullptr;
      return m && !m->blocks.empty();
    });
  }

  bool repeats(FunctionId f, OpId op, unsigned depth) {
    if (cycles_.on_cycle(f, op))
      return true;
    if (depth >= 4)
      return false;
    return llvm::any_of(calls_.callers(f),
                        [&](const auto &c) { return repeats(c.first, calls_.edges(c.first)[c.second].op, depth + 1); });
  }

  const Program &program_;
  const Library &library_;
  const CallGraph &calls_;
  Cycles cycles_;
  llvm::SparseBitVector<> emptied_;  // by CellId
  llvm::SparseBitVector<> resuming_; // by FunctionId
};

} // namespace

std::vector<Dispatcher> find_dispatchers(const Program &program, const Library &library, const CallGraph &calls) {
  return Finder(program, library, calls).run();
}

} // namespace tenterhook::analysis
