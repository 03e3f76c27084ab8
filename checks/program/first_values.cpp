// See first_values.h. Only comparisons that are false at first: what makes an exit dead would make loops endless.
#include "program/first_values.h"
#include <algorithm>
#include <tuple>

namespace tenterhook::analysis {

using namespace facts;

static bool holds(std::int64_t a, Relation relation, std::int64_t b) {
  switch (relation) {
  case Relation::none: return true;
  case Relation::equal: return a == b;
  case Relation::unequal: return a != b;
  case Relation::less: return a < b;
  case Relation::less_equal: return a <= b;
  case Relation::greater: return a > b;
  case Relation::greater_equal: return a >= b;
  }
  return true;
}

void FirstValues::run() {
  for (const Function &function : program_.functions)
    for (const Capture &capture : function.captures)
      if (capture.kind == CaptureKind::by_reference && capture.source.path.root == RootKind::local)
        captured_[function.enclosing].insert(capture.source.path.id);
  for (Function &function : program_.functions)
    cut(function);
}

std::optional<std::int64_t> FirstValues::first(const Function &function, const Operand &operand,
                                               std::vector<LocalId> &locals) const {
  if (operand.kind == OperandKind::constant)
    return operand.value;
  const AccessPath &path = operand.path;
  if (operand.kind != OperandKind::path || path.root != RootKind::local || !path.steps.empty())
    return std::nullopt;
  const Local &local = function.locals[path.id];
  if (local.parameter || local.is_static || local.init.kind != OperandKind::constant)
    return std::nullopt;
  locals.push_back(path.id);
  return local.init.value;
}

std::vector<LocalId> FirstValues::changed(const Function &function, const Operation &op) const {
  std::vector<LocalId> out;
  if (op.path.root == RootKind::local) {
    const unsigned changes = unsigned(AccessKind::write) | unsigned(AccessKind::address);
    const Place &declared = function.locals[op.path.id].place;
    const bool declares = op.path.steps.empty() && std::tie(op.place.file, op.place.line, op.place.column) ==
                                                       std::tie(declared.file, declared.line, declared.column);
    if (op.kind != OpKind::access || ((op.access & changes) && !declares))
      out.push_back(op.path.id);
  }
  if (op.use.kind == UseKind::stored && op.use.target.root == RootKind::local)
    out.push_back(op.use.target.id);
  if (op.kind == OpKind::access)
    return out;
  auto given = [&](const Operand &operand, const Parameter &declared) {
    const bool unchanged = declared.type != none && (declared.pointee_const || program_.types[declared.type].pointee == none);
    any_choice(operand, [&](const Operand &o) {
      if (o.kind == OperandKind::path && o.path.root == RootKind::local &&
          ((o.address && !declared.pointee_const) || o.by_reference || !unchanged))
        out.push_back(o.path.id);
      return false;
    });
  };
  given(op.receiver, {});
  const Entity *callee = op.callee == none ? nullptr : &program_.entities[op.callee];
  for (std::size_t a = 0; a < op.args.size(); ++a)
    given(op.args[a], callee && a < callee->parameters.size() ? callee->parameters[a] : Parameter{});
  return out;
}

void FirstValues::cut(Function &function) {
  struct Candidate {
    BlockId block;
    std::vector<LocalId> locals;
  };
  std::vector<Candidate> candidates;
  const auto captured = captured_.find(function.entity);
  for (BlockId b = 0; b < function.blocks.size(); ++b) {
    const Block &block = function.blocks[b];
    const Branch &branch = block.branch;
    if (branch.compared.size() != 2 || branch.relation == Relation::none || block.succs.size() != 2 || block.succs[0] == none)
      continue;
    std::vector<LocalId> locals;
    const auto left = first(function, branch.compared[0], locals), right = first(function, branch.compared[1], locals);
    // Negative ones may be compared as unsigned ones.
    if (!left || !right || *left < 0 || *right < 0 || locals.empty() || holds(*left, branch.relation, *right))
      continue;
    if (captured == captured_.end() ||
        std::none_of(locals.begin(), locals.end(), [&](LocalId l) { return captured->second.contains(l); }))
      candidates.push_back({b, std::move(locals)});
  }
  if (candidates.empty())
    return;
  std::map<LocalId, std::set<BlockId>> changes;
  for (BlockId b = 0; b < function.blocks.size(); ++b)
    for (OpId i = function.blocks[b].first; i < function.blocks[b].first + function.blocks[b].count; ++i)
      for (LocalId l : changed(function, function.ops[i]))
        changes[l].insert(b);
  for (const Candidate &candidate : candidates) {
    std::vector<bool> reached(function.blocks.size());
    std::vector<BlockId> work;
    auto reach = [&](BlockId b) {
      if (b != none && !reached[b]) {
        reached[b] = true;
        work.push_back(b);
      }
    };
    reach(0);
    while (!work.empty()) {
      const BlockId b = work.back();
      work.pop_back();
      const Block &block = function.blocks[b];
      for (std::size_t s = 0; s < block.succs.size(); ++s)
        if (b != candidate.block || s != 0)
          reach(block.succs[s]);
      reach(block.unwind);
      reach(block.again);
    }
    const bool stays = std::all_of(candidate.locals.begin(), candidate.locals.end(), [&](LocalId l) {
      const auto it = changes.find(l);
      return it == changes.end() || std::none_of(it->second.begin(), it->second.end(), [&](BlockId b) { return reached[b]; });
    });
    if (stays)
      function.blocks[candidate.block].succs[0] = none;
  }
}

} // namespace tenterhook::analysis
