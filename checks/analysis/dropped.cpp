// Dropped awaitables: a may-analysis of awaitables that are still pending.
#include "analysis/dropped.h"
#include "analysis/dataflow.h"
#include <algorithm>
#include <map>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

namespace {

bool mentions(const Operand &o, LocalId l) { return o.kind == OperandKind::path && o.path.root == RootKind::local && o.path.id == l; }

// Whether `op` uses local `l` in any way but to be stored into it or to end its life.
bool uses(const Program &program, FunctionId f, const Operation &op, LocalId l) {
  if (op.kind == OpKind::destroy)
    return false;
  if (mentions(op.receiver, l))
    return !(op.kind == OpKind::call && op.callee != none && Library::last_name(program.qualified(op.callee)) == "operator=");
  if (std::any_of(op.args.begin(), op.args.end(), [&](const Operand &a) { return mentions(a, l); }))
    return true;
  if (op.kind == OpKind::access && op.path.root == RootKind::local && op.path.id == l)
    return !op.path.steps.empty() || (op.access & ~static_cast<unsigned>(AccessKind::write));
  if (op.use.kind == UseKind::stored && op.use.target.root == RootKind::local && op.use.target.id == l)
    return !op.use.target.steps.empty();
  if (op.kind == OpKind::closure)
    if (FunctionId body = program.body_for(f, op.callee); body != none)
      return std::any_of(program.functions[body].captures.begin(), program.functions[body].captures.end(),
                         [&](const Capture &c) { return mentions(c.source, l); });
  return false;
}

struct Pending {
  struct State {
    std::set<OpId> made;
    bool join(const State &o) {
      std::size_t before = made.size();
      made.insert(o.made.begin(), o.made.end());
      return made.size() != before;
    }
  };
  const Program &program;
  const Library &library;
  FunctionId f;
  const Function &function;
  const std::map<OpId, LocalId> &candidates;
  std::map<OpId, OpId> overwritten; // made → by
  std::set<OpId> lost;              // still pending when destroyed

  State entry() const { return {}; }
  void transfer(OpId i, State &s) {
    const Operation &op = function.ops[i];
    const FunctionModel *m = op.kind == OpKind::call ? library.function(op) : nullptr;
    if (op.kind == OpKind::throw_ || (m && m->noreturn))
      s.made.clear();
    std::erase_if(s.made, [&](OpId made) { return uses(program, f, op, candidates.at(made)); });
    if (op.kind == OpKind::destroy && op.path.root == RootKind::local && op.path.steps.empty())
      std::erase_if(s.made, [&](OpId made) { return candidates.at(made) == op.path.id && lost.insert(made).first != lost.end(); });
    if (auto it = candidates.find(i); it != candidates.end()) {
      std::erase_if(s.made, [&](OpId made) {
        if (candidates.at(made) != it->second)
          return false;
        if (made != i)
          overwritten.emplace(made, i);
        return true;
      });
      s.made.insert(i);
    }
  }
  bool edge(const Block &b, unsigned, State &s) const {
    if (b.branch.present)
      std::erase_if(s.made, [&](OpId made) { return mentions(b.branch.condition, candidates.at(made)); });
    return true;
  }
};

} // namespace

std::vector<Dropped> find_dropped(const Program &program, const Library &library) {
  std::vector<Dropped> out;
  for (FunctionId f = 0; f < program.functions.size(); ++f) {
    const Function &function = program.functions[f];
    if (!function.user_code)
      continue;
    std::map<OpId, LocalId> candidates;
    for (OpId i = 0; i < function.ops.size(); ++i) {
      const Operation &op = function.ops[i];
      bool made = (op.kind == OpKind::call && op.prvalue_result) || op.kind == OpKind::construct;
      TypeId type = program.strip_references(op.type);
      if (!made || op.implicit || type == none || !program.types[type].awaitable || program.types[type].detached)
        continue;
      const TypeModel *tm = library.type(type);
      const FunctionModel *fm = library.function(op);
      // std::suspend_always itself means nothing by being dropped; what derives from it does.
      bool trivial = tm && tm->ready && tm->name == program.str(program.types[type].qualified);
      if (trivial || (tm && tm->not_awaitable) || (fm && fm->discard_allowed))
        continue;
      if (op.use.kind == UseKind::discarded)
        out.push_back({f, i, DropKind::discarded, none, none});
      else if (op.kind == OpKind::call && op.use.kind == UseKind::stored && op.use.target.root == RootKind::local &&
               op.use.target.steps.empty() && op.use.target.id >= function.parameter_count &&
               !function.locals[op.use.target.id].is_static)
        candidates[i] = op.use.target.id;
    }
    // A variable that another one refers to is used through it.
    std::erase_if(candidates, [&](const auto &c) {
      return std::any_of(function.locals.begin(), function.locals.end(), [&](const Local &l) { return mentions(l.init, c.second); });
    });
    if (candidates.empty())
      continue;
    Pending pending{program, library, f, function, candidates, {}, {}};
    Solution<Pending> solution = solve(function, pending);
    std::set<OpId> lost = pending.lost;
    if (function.blocks.size() > 1 && solution.at_entry[1])
      lost.insert(solution.at_entry[1]->made.begin(), solution.at_entry[1]->made.end());
    for (auto [made, local] : candidates) {
      bool used = std::any_of(function.ops.begin(), function.ops.end(),
                              [&, l = local](const Operation &op) { return uses(program, f, op, l); });
      if (auto it = pending.overwritten.find(made); it != pending.overwritten.end())
        out.push_back({f, made, DropKind::overwritten, local, it->second});
      else if (lost.count(made))
        out.push_back({f, made, used ? DropKind::some_path : DropKind::never_used, local, none});
    }
  }
  std::sort(out.begin(), out.end(), [](const Dropped &a, const Dropped &b) { return std::tie(a.in, a.made) < std::tie(b.in, b.made); });
  return out;
}

} // namespace tenterhook::analysis
