// Truths: what branches say, what contradicts what, and which values are asked at all.
#include "lockstate/lock_conditions.h"
#include "naming/lock_names.h"
#include <algorithm>
#include <limits>

namespace tenterhook::analysis {

using namespace facts;

Term term(const Operand &operand) {
  if (operand.kind == OperandKind::path && operand.path.valid())
    return term(operand.path);
  return operand.kind == OperandKind::result ? result_term(operand.op) : Term{};
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

static Range range_of(const Known &known, const Term &of) {
  Range range;
  for (auto it = first_of(known, of); it != known.end() && it->first.of == of; ++it)
    if (!it->first.than.valid())
      range.add(it->first, it->second);
  return range;
}

bool contradicts(const Known &known, const Truth &truth, bool holds) {
  if (auto it = known.find(truth); it != known.end())
    return it->second != holds;
  if (truth.than.valid() || (truth.test != Test::equal && truth.test != Test::less))
    return false;
  Range range = range_of(known, truth.of);
  range.add(truth, holds);
  return range.empty();
}

// Of two numbers, or ranges of them, the range that has both is what is left: `case 1: case 2:`.
void agree(Known &known, const Known &other) {
  std::vector<std::pair<Truth, bool>> ranges;
  for (auto it = known.begin(); it != known.end();) {
    const Term of = it->first.of;
    const Range here = range_of(known, of);
    if (here.low != lowest || here.high != highest) {
      const Range there = range_of(other, of);
      const std::int64_t low = std::min(here.low, there.low), high = std::max(here.high, there.high);
      if (low != high && low != lowest)
        ranges.push_back({{of, Test::less, low, {}}, false});
      if (low != high && high != highest)
        ranges.push_back({{of, Test::less, high + 1, {}}, true});
    }
    while (it != known.end() && it->first.of == of)
      ++it;
  }
  std::erase_if(known, [&](const auto &t) {
    auto it = other.find(t.first);
    return it == other.end() || it->second != t.second;
  });
  known.insert(ranges.begin(), ranges.end());
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

// `left relation right`, as truths about whole numbers. `holds`: whether it does.
static std::vector<EdgeTruth> comparison(const Branch &b, bool holds, const std::vector<Type> &types) {
  Operand left = b.compared[0], right = b.compared[1];
  Relation relation = b.relation;
  auto constant = [](const Operand &o) { return o.kind == OperandKind::constant || o.kind == OperandKind::null; };
  if (constant(left)) {
    std::swap(left, right);
    relation = relation == Relation::less            ? Relation::greater
               : relation == Relation::less_equal    ? Relation::greater_equal
               : relation == Relation::greater       ? Relation::less
               : relation == Relation::greater_equal ? Relation::less_equal
                                                     : relation;
  }
  Truth truth = is_true(term(left));
  const bool equality = relation == Relation::equal || relation == Relation::unequal;
  const bool fraction = left.type != none && types[left.type].kind == TypeKind::floating;
  if (!truth.of.valid())
    return {};
  if (constant(right)) {
    const std::int64_t value = right.kind == OperandKind::null ? 0 : right.value;
    const bool next = relation == Relation::less_equal || relation == Relation::greater; // x > 3 is not x < 4
    if ((fraction && !equality) || (next && value == highest))
      return {};
    truth.test = equality ? Test::equal : Test::less;
    truth.value = next ? value + 1 : value;
    if (relation == Relation::unequal || relation == Relation::greater || relation == Relation::greater_equal)
      holds = !holds;
    if (equality && value == 0) // being 0 is being false
      holds = !holds;
    return {{truth, holds}};
  }
  truth.than = term(right);
  if (!truth.than.valid() || (fraction && !equality)) // NaN
    return {};
  if (relation == Relation::greater || relation == Relation::less_equal || (equality && truth.than < truth.of))
    std::swap(truth.of, truth.than);
  truth.test = equality ? Test::equal : Test::less;
  if (relation == Relation::unequal || relation == Relation::less_equal || relation == Relation::greater_equal)
    holds = !holds;
  return {{truth, holds}};
}

// The edge of a switch: the one value or range that takes it; of the default, all that do not.
static std::vector<EdgeTruth> of_switch(const Block &block, unsigned succ) {
  constexpr std::size_t most = 64; // of the values that the default has not
  if (block.branch.compared.empty())
    return {};
  Truth truth = is_true(term(block.branch.compared[0]));
  if (!truth.of.valid())
    return {};
  std::vector<EdgeTruth> out;
  auto equals = [&](std::int64_t value, bool holds) {
    truth.test = Test::equal;
    truth.value = value;
    out.push_back({truth, value == 0 ? !holds : holds});
  };
  auto below = [&](std::int64_t value, bool holds) {
    truth.test = Test::less;
    truth.value = value;
    out.push_back({truth, holds});
  };
  bool otherwise = false;
  std::int64_t low = highest, high = lowest;
  for (const Case &c : block.cases)
    if (c.edge == succ) {
      otherwise |= c.otherwise;
      low = std::min(low, c.low);
      high = std::max(high, c.high);
    }
  if (otherwise) {
    for (const Case &c : block.cases)
      if (c.edge != succ && !c.otherwise && c.low == c.high && out.size() < most)
        equals(c.low, false);
  } else if (low == high) {
    equals(low, true);
  } else if (low < high && high != highest) {
    below(low, false);
    below(high + 1, true);
  }
  return out;
}

std::vector<EdgeTruth> conditions(const Block &block, unsigned succ, const std::vector<Type> &types) {
  const Branch &b = block.branch;
  if (!block.cases.empty())
    return of_switch(block, succ);
  if (block.succs.size() != 2)
    return {};
  if (b.relation != Relation::none)
    return comparison(b, succ == 0, types);
  if (!b.present)
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
    for (const Operand &operand : block.branch.compared)
      ask(operand, b);
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
