// Dispatchers: calls through kept values, on a cycle, out of a cell that is emptied.
#include "calls/dispatch.h"
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
    // Tarjan's components, without recursion: a block is on a cycle if its component has more than one, or an edge to itself.
    std::size_t n = function.blocks.size();
    cyclic.assign(n, false);
    std::vector<std::uint32_t> index(n, 0), low(n, 0), stack;
    std::vector<bool> open(n, false);
    std::vector<std::pair<BlockId, std::size_t>> work;
    std::uint32_t next = 1;
    for (BlockId root = 0; root < n; ++root) {
      if (index[root])
        continue;
      work.push_back({root, 0});
      while (!work.empty()) {
        BlockId b = work.back().first;
        if (work.back().second == 0) {
          index[b] = low[b] = next++;
          stack.push_back(b);
          open[b] = true;
        }
        const auto &succs = function.blocks[b].succs;
        bool deeper = false;
        while (work.back().second < succs.size()) {
          BlockId s = succs[work.back().second++];
          if (s == none)
            continue;
          if (s == b)
            cyclic[b] = true;
          if (!index[s]) {
            work.push_back({s, 0});
            deeper = true;
            break;
          }
          if (open[s])
            low[b] = std::min(low[b], index[s]);
        }
        if (deeper)
          continue;
        work.pop_back();
        if (!work.empty())
          low[work.back().first] = std::min(low[work.back().first], low[b]);
        if (low[b] != index[b])
          continue;
        bool several = stack.back() != b;
        for (BlockId member = none; member != b;) {
          member = stack.back();
          stack.pop_back();
          open[member] = false;
          if (several)
            cyclic[member] = true;
        }
      }
    }
  }
  for (BlockId b = 0; b < function.blocks.size(); ++b)
    if (function.blocks[b].first <= op && op < function.blocks[b].first + function.blocks[b].count)
      return cyclic[b];
  return false;
}

namespace {

class Finder {
public:
  Finder(const Program &program, const Library &library, const CallGraph &calls)
      : program_(program), library_(library), calls_(calls), cycles_(program) {}

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
        bool keeps = std::any_of(op.args.begin(), op.args.end(), [&](const Operand &a) { return may_be_callable(program_, library_, a); });
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
    return llvm::any_of(calls_.callers(f), [&](const auto &c) {
      return repeats(c.first, calls_.edges(c.first)[c.second].op, depth + 1);
    });
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
