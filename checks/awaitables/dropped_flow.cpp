// Pending awaitables: what looks at a variable, what overwrites it, what is known of conditions meanwhile.
#include "awaitables/dropped_flow.h"
#include <algorithm>
#include <optional>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

namespace {

bool mentions(const Operand &o, LocalId l) {
  return o.kind == OperandKind::path && o.path.root == RootKind::local && o.path.id == l;
}

bool intersect(PendingFlow::Truths &with, const PendingFlow::Truths &other) {
  return std::erase_if(with, [&](const auto &t) {
           auto it = other.find(t.first);
           return it == other.end() || it->second != t.second;
         }) != 0;
}

} // namespace

bool assigns(const Program &program, const Operation &op, LocalId l) {
  return op.kind == OpKind::call && op.callee != none && op.receiver.kind == OperandKind::path && op.receiver.path.is_local(l) &&
         Library::last_name(program.qualified(op.callee)) == "operator=";
}

// `auto [a, b] = …`: the compiler calls get<0>(the pair) for the reference behind `a`, whether or not anyone uses `a`.
static bool binds_unused_name(const Program &program, FunctionId f, const Operation &op, LocalId l) {
  const Function &function = program.functions[f];
  if (op.kind != OpKind::call || !op.implicit || function.locals[l].name != 0 || op.use.kind != UseKind::stored)
    return false;
  const AccessPath &name = op.use.target;
  if (name.root != RootKind::local || !name.steps.empty() || name.id == l)
    return false;
  return std::none_of(function.ops.begin(), function.ops.end(),
                      [&](const Operation &other) { return &other != &op && looks_at(program, f, other, name.id); });
}

// `co_return wanted && co_await task;`: where the left side decides, nothing is owed.
static bool looks_at_the_end(const Program &program, FunctionId f, const Operand &returned, LocalId l) {
  if (returned.kind != OperandKind::both && returned.kind != OperandKind::either)
    return false;
  return std::any_of(returned.choices.begin(), returned.choices.end(), [&](const Operand &o) {
    return o.kind == OperandKind::result ? looks_at(program, f, program.functions[f].ops[o.op], l)
                                         : looks_at_the_end(program, f, o, l);
  });
}

bool looks_at(const Program &program, FunctionId f, const Operation &op, LocalId l) {
  if (op.kind == OpKind::destroy || binds_unused_name(program, f, op, l))
    return false;
  TypeId type = program.strip_references(program.functions[f].locals[l].type);
  auto may_be = [&](const Operand &operand) {
    return any_choice(operand, [&](const Operand &o) {
      return mentions(o, l) || (o.kind == OperandKind::unknown && o.type != none && program.record_behind(o.type) == type);
    });
  };
  if (std::any_of(op.args.begin(), op.args.end(), may_be))
    return true;
  if (op.kind == OpKind::ret && !op.args.empty() && looks_at_the_end(program, f, op.args[0], l))
    return true;
  if (assigns(program, op, l)) // co_await (x = f())
    return op.use.kind != UseKind::discarded && op.use.kind != UseKind::voided;
  if (may_be(op.receiver))
    return true;
  if (op.kind == OpKind::access && op.path.root == RootKind::local && op.path.id == l)
    return !op.path.steps.empty() || op.access != static_cast<unsigned>(AccessKind::write);
  if (op.use.kind == UseKind::stored && op.use.target.root == RootKind::local && op.use.target.id == l)
    return !op.use.target.steps.empty();
  if (op.kind == OpKind::closure) {
    FunctionId body = program.body_for(f, op.callee);
    if (body == none)
      return true; // its captures are not known
    const auto &captures = program.functions[body].captures;
    return std::any_of(captures.begin(), captures.end(), [&](const Capture &c) { return may_be(c.source); });
  }
  return false;
}

bool PendingFlow::State::join(const State &other) {
  bool changed = intersect(known, other.known);
  for (const auto &[made, p] : other.pending) {
    auto [it, added] = pending.try_emplace(made, p);
    changed |= added || intersect(it->second.since, p.since);
    if (it->second.skipped_loop && !p.skipped_loop) {
      it->second.skipped_loop = false;
      changed = true;
    }
  }
  return changed;
}

PendingFlow::PendingFlow(const Program &program, const Library &library, const Awaitables &awaitables, FunctionId f,
                         const std::map<OpId, LocalId> &candidates)
    : program_(program), library_(library), awaitables_(awaitables), f_(f), function_(program.functions[f]),
      candidates_(candidates) {
  find_loops();
}

PendingFlow::State PendingFlow::entry() const {
  State state;
  for (auto it = candidates_.lower_bound(first_parameter); it != candidates_.end(); ++it)
    state.pending[it->first] = {};
  return state;
}

LocalId PendingFlow::asked_by(const Operation &op) const {
  if (op.use.kind != UseKind::condition || op.receiver.kind != OperandKind::path || op.receiver.path.root != RootKind::local ||
      !op.receiver.path.steps.empty() || !awaitables_.asks(op) ||
      awaitables_.at_the_end(f_, static_cast<OpId>(&op - function_.ops.data())))
    return none;
  return op.receiver.path.id;
}

// Natural loops: the blocks between a head and the blocks that go back to it.
void PendingFlow::find_loops() {
  std::size_t count = function_.blocks.size();
  std::vector<std::vector<BlockId>> preds(count);
  for (BlockId b = 0; b < count; ++b)
    for (BlockId s : function_.blocks[b].succs)
      if (s != none)
        preds[s].push_back(b);
  for (BlockId head = 2; head < count; ++head) {
    Loop loop{std::vector<bool>(count, false), {}};
    std::vector<BlockId> work;
    for (BlockId p : preds[head])
      if (p >= head) // in reverse post order only a loop goes back
        work.push_back(p);
    if (work.empty())
      continue;
    loop.blocks[head] = true;
    while (!work.empty()) {
      BlockId b = work.back();
      work.pop_back();
      if (b < head || loop.blocks[b])
        continue;
      loop.blocks[b] = true;
      work.insert(work.end(), preds[b].begin(), preds[b].end());
    }
    std::set<OpId> made_in;
    for (BlockId b = head; b < count; ++b) {
      const Block &block = function_.blocks[b];
      for (OpId i = block.first; loop.blocks[b] && i < block.first + block.count; ++i) {
        if (candidates_.count(i))
          made_in.insert(i);
        for (auto [made, local] : candidates_)
          if (looks_at(program_, f_, function_.ops[i], local))
            loop.looks_at.insert(made);
      }
    }
    std::erase_if(loop.looks_at, [&](OpId made) { return made_in.count(made) != 0; });
    loops_.push_back(std::move(loop));
  }
}

void PendingFlow::lose(OpId made, const Pending &pending, OpId where) {
  (pending.skipped_loop ? lost_without_iteration_ : lost_).try_emplace(made, where);
}

// Whether the variable comes into being with this value, anew each time the operation runs.
bool PendingFlow::declares(OpId made, LocalId l) const {
  const Operand &init = function_.locals[l].init;
  return (init.kind == OperandKind::result && init.op == made) ||
         std::none_of(function_.ops.begin(), function_.ops.end(), [&](const Operation &op) { return assigns(program_, op, l); });
}

// for (int round = 0; …; ++round) if (round == 3) task = f(): what is known says so of one round, since a counter that goes one
// way in all loops around it comes there once.
bool PendingFlow::in_one_round(OpId i, const Truths &known) const {
  auto once = [&](LocalId counter) {
    bool steps = false;
    Step way = Step::none;
    for (const Loop &loop : loops_) {
      auto here = [&](OpId at) {
        for (BlockId b = 0; b < function_.blocks.size(); ++b)
          if (const Block &block = function_.blocks[b]; at >= block.first && at < block.first + block.count)
            return bool(loop.blocks[b]);
        return false;
      };
      if (!here(i))
        continue;
      for (OpId w = 0; w < function_.ops.size(); ++w) {
        const Operation &op = function_.ops[w];
        bool written = op.kind == OpKind::access && (op.access & ~static_cast<unsigned>(AccessKind::read)) &&
                       op.path.root == RootKind::local && op.path.id == counter;
        bool stored = op.use.kind == UseKind::stored && op.use.target.root == RootKind::local && op.use.target.id == counter;
        if ((!written && !stored) || !here(w))
          continue;
        if (stored || (op.step != Step::add && op.step != Step::subtract) || (steps && op.step != way))
          return false;
        steps = true;
        way = op.step;
      }
    }
    return steps;
  };
  return std::any_of(known.begin(), known.end(), [&](const auto &t) {
    const auto &[d, holds] = t;
    bool equals = d.relation == Relation::equal ? d.other == AccessPath{} : d.relation == Relation::none && d.value != 0;
    return holds && equals && d.kind == OperandKind::path && d.path.root == RootKind::local && d.path.steps.empty() &&
           once(d.path.id);
  });
}

void PendingFlow::make(OpId i, LocalId l, State &state) {
  std::erase_if(state.pending, [&](const auto &p) {
    if (candidates_.at(p.first) != l)
      return false;
    if (p.first == i && !declares(i, l) && in_one_round(i, state.known))
      return true;
    if (p.first == i && declares(i, l))
      lose(i, p.second, none); // the loop goes round
    else
      overwritten_.try_emplace(p.first, i);
    return true;
  });
  state.pending[i] = {state.known, false};
}

void PendingFlow::transfer(OpId i, State &state) {
  const Operation &op = function_.ops[i];
  const FunctionModel *model = op.kind == OpKind::call ? library_.function(op) : nullptr;
  if (op.kind == OpKind::throw_ || (model && model->noreturn))
    state.pending.clear();
  LocalId asked = asked_by(op);
  std::erase_if(state.pending, [&](const auto &p) {
    if (candidates_.at(p.first) == asked)
      return asked_.insert(p.first), false;
    return looks_at(program_, f_, op, candidates_.at(p.first)) && (looked_at_.insert(p.first), true);
  });
  if (op.kind == OpKind::destroy && op.path.root == RootKind::local && op.path.steps.empty())
    std::erase_if(state.pending,
                  [&](const auto &p) { return candidates_.at(p.first) == op.path.id && (lose(p.first, p.second, i), true); });
  std::erase_if(state.pending, [&](const auto &p) {
    if (!assigns(program_, op, candidates_.at(p.first)) || op.args.empty())
      return false;
    const Operand &value = op.args[0];
    if (any_choice(value, [&](const Operand &o) {
          return o.kind == OperandKind::unknown || (o.kind == OperandKind::result && o.op == p.first);
        }))
      return false;
    overwritten_.try_emplace(p.first, i);
    return true;
  });
  remember(op, state);
  if (auto it = candidates_.find(i); it != candidates_.end())
    make(i, it->second, state);
}

void PendingFlow::assume(const Decided &truth, bool holds, State &state) const {
  state.known[truth] = holds;
  for (auto &[made, pending] : state.pending)
    pending.since[truth] = holds;
}

void PendingFlow::forget(const AccessPath &written, State &state) const {
  auto gone = [&](const auto &t) {
    return (t.first.kind == OperandKind::path && has_prefix(t.first.path, written)) || has_prefix(t.first.other, written);
  };
  std::erase_if(state.known, gone);
  for (auto &[made, pending] : state.pending)
    std::erase_if(pending.since, gone);
}

// Flags: what is written to a variable, and the conditions that it decides.
void PendingFlow::remember(const Operation &op, State &state) const {
  if (op.use.kind == UseKind::stored)
    forget(op.use.target, state);
  if (op.kind != OpKind::access || !(op.access & ~static_cast<unsigned>(AccessKind::read)))
    return;
  forget(op.path, state);
  bool only_written = op.access == static_cast<unsigned>(AccessKind::write);
  if (only_written && !op.args.empty() && op.args[0].kind == OperandKind::constant)
    assume({.path = op.path}, op.args[0].value != 0, state);
}

// `n > 3`, `begin != end`: what is not the equality of a variable and a constant.
static std::optional<Decided> related(const Branch &b) {
  if (b.relation == Relation::none || b.compares || b.compared.size() != 2 || b.compared[0].kind != OperandKind::path)
    return std::nullopt;
  Decided out{.path = b.compared[0].path};
  if (b.compared[1].kind == OperandKind::constant)
    out.value = b.compared[1].value;
  else if (b.compared[1].kind == OperandKind::path)
    out.other = b.compared[1].path;
  else
    return std::nullopt;
  switch (b.relation) {
  case Relation::less:
  case Relation::greater_equal: out.relation = Relation::less; break;
  case Relation::less_equal:
  case Relation::greater: out.relation = Relation::less_equal; break;
  default: out.relation = Relation::equal;
  }
  return out;
}

bool PendingFlow::edge(const Block &block, unsigned succ, State &state) {
  const Branch &b = block.branch;
  BlockId from = static_cast<BlockId>(&block - function_.blocks.data()), to = block.succs[succ];
  if (function_.blocks[to].handler) // an exception is on its way
    state.pending.clear();
  for (const Loop &loop : loops_)
    if (loop.blocks[from] && !loop.blocks[to])
      for (auto &[made, pending] : state.pending)
        pending.skipped_loop |= loop.looks_at.count(made) != 0;
  if (!b.present && b.relation == Relation::none)
    return true;
  std::erase_if(state.pending, [&](const auto &p) {
    return mentions(b.condition, candidates_.at(p.first)) && (looked_at_.insert(p.first), true);
  });
  if (block.succs.size() != 2 || !block.cases.empty())
    return true;
  Decided truth{.kind = b.condition.kind, .path = b.condition.path, .op = b.condition.op};
  bool holds = (succ == 0) != b.negated;
  if (LocalId asked = b.condition.kind == OperandKind::result ? asked_by(function_.ops[b.condition.op]) : none;
      asked != none && !holds && !b.compares)
    std::erase_if(state.pending, [&](const auto &p) { return candidates_.at(p.first) == asked; });
  if (std::optional<Decided> relation = related(b)) {
    truth = *relation;
    holds = (succ == 0) !=
            (b.relation == Relation::greater || b.relation == Relation::greater_equal || b.relation == Relation::unequal);
  } else if (truth.kind != OperandKind::path && truth.kind != OperandKind::result)
    return true;
  else if (b.compares && b.value == 0)
    holds = !holds;
  else if (b.compares)
    truth.value = b.value;
  std::erase_if(state.pending, [&](const auto &p) {
    auto it = p.second.since.find(truth);
    return it != p.second.since.end() && it->second != holds;
  });
  if (truth.kind == OperandKind::path) // a call that runs again may give another answer
    assume(truth, holds, state);
  return true;
}

} // namespace tenterhook::analysis
