// validate: every index of a summary is in range, and function bodies keep the invariants of operation.h.
//
// The ranges come from schema.h, so a new field cannot be left unchecked. After it, code may index without a test, and
// following `result` operands ends (each names a smaller OpId). A capture's source is checked where the body that
// holds the lambda expression is in the summary; else (it was left out as shared) whoever finds the body must check.
#include "facts/codec.h"
#include "facts/fault.h"
#include "facts/schema.h"
#include <algorithm>
#include <map>

namespace tenterhook::facts {

namespace {

std::string above(std::uint64_t id, std::uint64_t size) { return std::to_string(id) + " is not below " + std::to_string(size); }

class RangeCheck {
public:
  explicit RangeCheck(const TUSummary &summary) : s_(summary) {
    for (const Function &f : summary.functions)
      bodies_.emplace(f.entity, &f);
  }

  std::optional<Fault> fault;

  template <class T> void number(const char *, const T &) {}
  void text(const char *, const std::string &) {}
  template <class E> void choice(const char *name, const E &x) {
    const auto value = static_cast<std::size_t>(x);
    if (value >= names_of<E>.size())
      fail(name, above(value, names_of<E>.size()));
  }
  template <Table T> void id(const char *name, const std::uint32_t &x) {
    const std::size_t size = size_of<T>();
    if (x >= size && (T == Table::strings || x != none))
      fail(name, above(x, size));
  }
  template <Table T> void ids(const char *name, const std::vector<std::uint32_t> &x) {
    for (std::size_t i = 0; i < x.size() && !fault; ++i) {
      id<T>("", x[i]);
      if (fault)
        fault->reason = element(name, i) + fault->reason;
    }
  }
  void root_id(const char *name, const RootKind &root, const std::uint32_t &x) {
    std::size_t size = UINT32_MAX;
    switch (root) {
    case RootKind::none:
    case RootKind::self:
    case RootKind::string: return;
    case RootKind::global: size = s_.entities.size(); break;
    case RootKind::local: size = scope_ ? scope_->locals.size() : size; break;
    case RootKind::capture: size = scope_ ? scope_->captures.size() : size; break;
    case RootKind::result: size = scope_ ? scope_->ops.size() : size; break;
    }
    if (x >= size)
      fail(name, above(x, size));
  }
  template <class T> void part(const char *name, const T &x) {
    if (fault)
      return;
    ++depth_;
    visit(*this, x);
    --depth_;
    if (fault)
      fault->reason = std::string(name) + "." + fault->reason;
  }
  template <class T> void parts(const char *name, const std::vector<T> &x) {
    for (std::size_t i = 0; i < x.size() && !fault; ++i) {
      const Function *outer = scope_;
      if constexpr (std::same_as<T, Function>)
        scope_ = &x[i];
      else if constexpr (std::same_as<T, Capture>)
        scope_ = enclosing_body();
      ++depth_;
      visit(*this, x[i]);
      --depth_;
      if constexpr (std::same_as<T, Function>)
        if (!fault)
          function(x[i]);
      if constexpr (std::same_as<T, std::pair<EntityId, std::uint64_t>>)
        if (x[i].first == none)
          fail("entity", "a body must have one");
      scope_ = outer;
      if (fault && depth_ == 0)
        fault->table = name, fault->index = i;
      else if (fault)
        fault->reason = element(name, i) + "." + fault->reason;
    }
  }

private:
  template <Table T> std::size_t size_of() const {
    switch (T) {
    case Table::strings: return s_.strings.size();
    case Table::entities: return s_.entities.size();
    case Table::types: return s_.types.size();
    case Table::ops: return scope_ ? scope_->ops.size() : UINT32_MAX;
    case Table::blocks: return scope_ ? scope_->blocks.size() : 0;
    case Table::keys: return scope_ ? scope_->keys.size() : UINT32_MAX;
    }
  }

  // The path to the field is put before the reason on the way out.
  void fail(const char *name, const std::string &why) {
    if (!fault)
      fault = Fault{"", 0, std::string(name) + ": " + why};
  }
  static std::string element(const char *name, std::size_t i) { return std::string(name) + "[" + std::to_string(i) + "]"; }

  const Function *enclosing_body() const {
    const auto found = bodies_.find(scope_->enclosing);
    return found == bodies_.end() ? nullptr : found->second;
  }

  // The invariants that are not about ranges.
  void function(const Function &f) {
    if (f.entity == none)
      return fail("entity", "a function must have one");
    if (f.parameter_count > f.locals.size())
      return fail("parameter_count", std::to_string(f.parameter_count) + " is more than there are locals");
    for (LocalId l = 0; l < f.locals.size(); ++l)
      if (f.locals[l].parameter != (l < f.parameter_count))
        return fail("locals", std::to_string(l) + " is out of order: the parameters come first");
    if (f.blocks.size() < 2)
      return fail("blocks", "entry and exit are missing");
    if (!f.blocks[1].succs.empty())
      return fail("blocks", "the exit has successors");
    cover(f);
    for (std::uint32_t k = 0; k < f.keys.size(); ++k) // so that following them ends
      for (const PathStep &step : f.keys[k].steps)
        if (step.path != none && step.path >= k)
          return fail(element("keys", k).c_str(), "keys[" + std::to_string(step.path) + "] does not precede it");
    for (BlockId b = 0; b < f.blocks.size(); ++b)
      for (const Case &c : f.blocks[b].cases)
        if (c.edge >= f.blocks[b].succs.size())
          return fail((element("blocks", b) + ".cases").c_str(), "edge: " + above(c.edge, f.blocks[b].succs.size()));
    for (OpId i = 0; i < f.ops.size() && !fault; ++i) {
      precedes(i, f.ops[i].receiver, "receiver");
      for (const Operand &a : f.ops[i].args)
        precedes(i, a, "args");
      for (const Operand &a : f.ops[i].with)
        precedes(i, a, "with");
      if (f.ops[i].path.root == RootKind::result && f.ops[i].path.id > i) // a construct's own result is itself
        late(i, "path", f.ops[i].path.id);
    }
  }

  void cover(const Function &f) {
    std::vector<std::pair<std::uint64_t, std::uint64_t>> ranges;
    for (const Block &b : f.blocks)
      if (b.count)
        ranges.emplace_back(b.first, b.count);
      else if (b.first > f.ops.size())
        return fail("blocks", "first: " + above(b.first, f.ops.size() + 1));
    std::ranges::sort(ranges);
    std::uint64_t next = 0;
    for (const auto &[first, count] : ranges) {
      if (first != next)
        return fail("blocks", "operation " + std::to_string(std::min(first, next)) + " is in " +
                                  (first < next ? "two blocks" : "no block"));
      next = first + count;
    }
    if (next != f.ops.size())
      fail("blocks", "they hold " + std::to_string(next) + " operations of " + std::to_string(f.ops.size()));
  }

  void precedes(OpId user, const Operand &operand, const char *field) {
    for (const Operand &choice : operand.choices)
      precedes(user, choice, field);
    const OpId used = operand.kind == OperandKind::result                                          ? operand.op
                      : operand.kind == OperandKind::path && operand.path.root == RootKind::result ? operand.path.id
                                                                                                   : none;
    if (operand.kind == OperandKind::result && used == none)
      return fail((element("ops", user) + "." + field).c_str(), "a result of no operation");
    if (used != none && used >= user)
      late(user, field, used);
  }
  void late(OpId user, const char *field, OpId used) {
    fail((element("ops", user) + "." + field).c_str(), "%" + std::to_string(used) + " does not precede it");
  }

  const TUSummary &s_;
  const Function *scope_ = nullptr; // the function that op, block and local ids belong to; null: unknown
  unsigned depth_ = 0;              // 0: at the fields of the summary itself
  std::map<EntityId, const Function *> bodies_;
};

} // namespace

std::optional<Fault> find_fault(const TUSummary &summary) {
  if (summary.strings.empty() || !summary.strings[0].empty())
    return Fault{"", 0, "strings[0]: is not the empty string"};
  RangeCheck check(summary);
  visit(check, summary);
  return check.fault;
}

llvm::Error validate(const TUSummary &summary) {
  const std::optional<Fault> fault = find_fault(summary);
  if (!fault)
    return llvm::Error::success();
  const std::string where = fault->table.empty() ? "" : fault->table + "[" + std::to_string(fault->index) + "].";
  return llvm::createStringError("facts of " + summary.main_file + ": " + where + fault->reason);
}

} // namespace tenterhook::facts
