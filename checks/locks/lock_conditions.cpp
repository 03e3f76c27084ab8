// Truths: what branches say, what contradicts what, and which values are asked at all.
#include "locks/lock_conditions.h"
#include <algorithm>
#include <limits>

namespace tenterhook::analysis {

using namespace facts;

Term term(const Operand &operand) {
  if (operand.kind == OperandKind::path && operand.path.valid())
    return term(operand.path);
  return operand.kind == OperandKind::result ? result_term(operand.op) : Term{};
}

static bool has_prefix(const AccessPath &path, const AccessPath &prefix) {
  return prefix.valid() && path.root == prefix.root && path.id == prefix.id &&
         path.steps.size() >= prefix.steps.size() &&
         std::equal(prefix.steps.begin(), prefix.steps.end(), path.steps.begin());
}

namespace {
constexpr std::int64_t lowest = std::numeric_limits<std::int64_t>::min();
constexpr std::int64_t highest = std::numeric_limits<std::int64_t>::max();

// The numbers that a value may be.
struct Range {
  std::int64_t low = lowest, high = highest;
  std::set<std::int64_t> without;
  void add(const Truth &t, bool holds) {
    if (t.test == Test::equal) {
      bool same = t.value == 0 ? !holds : holds; // "is true" says: not 0
      if (same)
        low = std::max(low, t.value), high = std::min(high, t.value);
      else
        without.insert(t.value);
    } else if (t.test == Test::less) {
      if (!holds)
        low = std::max(low, t.value);
      else if (t.value != lowest)
        high = std::min(high, t.value - 1);
    }
  }
  bool empty() const {
    std::int64_t at = low;
    for (auto it = without.lower_bound(low); it != without.end() && *it == at && at < high; ++it)
      ++at;
    return low > high || (at == high && without.count(at));
  }
};
} // namespace

// All truths about one value are neighbours.
static Known::const_iterator first_of(const Known &known, const Term &of) {
  return known.lower_bound(Truth{of, Test::equal, lowest, {}});
}

bool contradicts(const Known &known, const Truth &truth, bool holds) {
  if (auto it = known.find(truth); it != known.end())
    return it->second != holds;
  if (truth.than.valid() || (truth.test != Test::equal && truth.test != Test::less))
    return false;
  Range range;
  range.add(truth, holds);
  for (auto it = first_of(known, truth.of); it != known.end() && it->first.of == truth.of; ++it)
    if (!it->first.than.valid())
      range.add(it->first, it->second);
  return range.empty();
}

void agree(Known &known, const Known &other) {
  std::erase_if(known, [&](const auto &t) {
    auto it = other.find(t.first);
    return it == other.end() || it->second != t.second;
  });
}

void copy_known(Known &known, const Term &from, const Term &to) {
  std::vector<std::pair<Truth, bool>> copies;
  for (auto it = first_of(known, from); it != known.end() && it->first.of == from; ++it)
    copies.push_back(*it);
  for (auto &[truth, holds] : copies) {
    truth.of = to;
    known[std::move(truth)] = holds;
  }
}

void forget_path(Known &known, const AccessPath &written) {
  auto about = [&](const Term &t) { return t.kind == OperandKind::path && has_prefix(t.path, written); };
  std::erase_if(known, [&](const auto &t) { return about(t.first.of) || about(t.first.than); });
}

void forget_result(Known &known, OpId op) {
  const Term of = result_term(op);
  auto first = first_of(known, of);
  auto last = first;
  while (last != known.end() && last->first.of == of)
    ++last;
  known.erase(first, last);
}

std::vector<EdgeTruth> conditions(const Block &block, unsigned succ) {
  const Branch &b = block.branch;
  if (!b.present || block.succs.size() != 2)
    return {};
  Truth truth = is_true(term(b.condition));
  if (!truth.of.valid())
    return {};
  bool holds = (succ == 0) != b.negated; // of the operand itself
  if (b.compares) {
    if (b.value == 0)
      holds = !holds;
    else
      truth.value = b.value;
  }
  return {{truth, holds}};
}

void Asked::ask(const Operand &operand, BlockId at) {
  if (Term of = term(operand); of.valid()) {
    BlockId &last = last_.try_emplace(of, at).first->second;
    last = std::max(last, at);
  }
}

// A value that is copied into one that is asked is asked where it is copied.
Asked::Asked(const Function &function) {
  std::vector<std::pair<Term, std::pair<Operand, BlockId>>> copies; // to, from
  loop_.resize(function.blocks.size());
  for (BlockId b = 0; b < function.blocks.size(); ++b)
    loop_[b] = b + 1;
  for (BlockId b = 0; b < function.blocks.size(); ++b) {
    const Block &block = function.blocks[b];
    for (BlockId next : block.succs)
      if (next != none && next != 1 && next <= b)
        loop_[b] = std::min(loop_[b], next);
    if (block.branch.present)
      ask(block.branch.condition, b);
    for (OpId i = block.first; i < block.first + block.count; ++i) {
      const Operation &op = function.ops[i];
      if (op.kind == OpKind::ret && !op.args.empty())
        ask(op.args[0], b);
      Operand result;
      result.kind = OperandKind::result;
      result.op = i;
      if (op.use.kind == UseKind::stored)
        copies.push_back({term(op.use.target), {result, b}});
      if (op.kind == OpKind::access && !op.args.empty() && op.access & static_cast<unsigned>(AccessKind::write))
        copies.push_back({term(op.path), {op.args[0], b}});
    }
  }
  for (BlockId b = static_cast<BlockId>(function.blocks.size()); b-- > 1;) // loops within loops
    if (loop_[b] <= b)
      for (BlockId inner = b; inner-- > loop_[b] && loop_[inner] > loop_[b];)
        loop_[inner] = loop_[b];
  std::multimap<Term, std::pair<Operand, BlockId>> sources;
  for (auto &[to, from] : copies)
    if (term(from.first).valid())
      sources.insert({to, from});
  std::vector<Term> todo;
  for (const auto &[of, at] : last_)
    todo.push_back(of);
  while (!todo.empty()) {
    Term to = std::move(todo.back());
    todo.pop_back();
    for (auto [it, end] = sources.equal_range(to); it != end; ++it) {
      Term from = term(it->second.first);
      bool first = !ever(from);
      ask(it->second.first, it->second.second);
      if (first)
        todo.push_back(std::move(from));
    }
  }
}

bool Asked::after(const Term &of, BlockId block) const {
  auto it = last_.find(of);
  return it != last_.end() && it->second >= loop_[block];
}

} // namespace tenterhook::analysis
