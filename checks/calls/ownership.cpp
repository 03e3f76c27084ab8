// Ownership: backwards from where an object is destroyed, to what filled it or emptied it last on each way.
#include "calls/ownership.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

namespace {

class LastChange {
public:
  LastChange(const Program &program, const Library &library, FunctionId f, const AccessPath &object)
      : program_(program), library_(library), f_(f), function_(program.functions[f]), object_(object.without_derefs()) {}

  bool always_empty(OpId destroy) const {
    const auto &blocks = function_.blocks;
    std::vector<std::vector<std::pair<BlockId, unsigned>>> entries(blocks.size()); // by block: who goes to it, and how
    BlockId start = none;
    for (BlockId b = 0; b < blocks.size(); ++b) {
      if (blocks[b].first <= destroy && destroy < blocks[b].first + blocks[b].count)
        start = b;
      for (unsigned s = 0; s < blocks[b].succs.size(); ++s)
        if (BlockId to = blocks[b].succs[s]; to != none && program_.enters(f_, b, to))
          entries[to].push_back({b, s});
      if (blocks[b].unwind != none)
        entries[blocks[b].unwind].push_back({b, ~0u});
    }
    if (start == none)
      return false;
    std::vector<bool> seen(blocks.size());
    std::vector<std::pair<BlockId, OpId>> work{{start, destroy}}; // up to, without, this operation
    while (!work.empty()) {
      const auto [b, end] = work.back();
      work.pop_back();
      std::optional<bool> fills;
      for (OpId i = end; i-- > blocks[b].first && !fills;)
        fills = change(i);
      if (fills.value_or(b == 0 && object_.id < function_.parameter_count))
        return false;
      if (fills)
        continue;
      for (auto [from, succ] : entries[b])
        if (!seen[from] && !(succ != ~0u && found_empty(blocks[from], succ))) {
          seen[from] = true;
          work.push_back({from, blocks[from].first + blocks[from].count});
        }
    }
    return true;
  }

private:
  bool is(const Operand &o) const { return o.kind == OperandKind::path && o.path.without_derefs() == object_; }

  // Whether the operation fills the object; absent if it leaves what is in it.
  std::optional<bool> change(OpId i) const {
    const Operation &op = function_.ops[i];
    if (op.kind == OpKind::closure)
      if (FunctionId body = program_.body_for(f_, op.callee); body != none)
        for (const Capture &c : program_.functions[body].captures)
          if (is(c.source) && c.source.moved)
            return false;
    for (const Operand &a : op.args)
      if (is(a) && (a.moved || op.kind == OpKind::ret))
        return false;
    if (op.kind == OpKind::construct && op.path.without_derefs() == object_)
      return !op.args.empty() || !pointer();
    if (op.use.kind == UseKind::stored && op.use.target.without_derefs() == object_)
      return true;
    if (op.kind != OpKind::call || op.callee == none || !is(op.receiver) || program_.entities[op.callee].const_method)
      return std::nullopt;
    if (const FunctionModel *m = library_.function(op); m && m->gives_up)
      return false;
    const bool nothing = op.args.empty() || op.args[0].kind == OperandKind::null || op.args[0].defaulted;
    if (nothing && pointer() && program_.entities[op.callee].type == none) // reset(): a method that gives nothing
      return false;
    return nothing ? std::nullopt : std::optional(true);
  }

  bool pointer() const {
    const TypeModel *m = library_.type(function_.locals[object_.id].type);
    return m && m->smart_pointer;
  }

  // `if (p)`, on the way where it is not.
  bool found_empty(const Block &block, unsigned succ) const {
    const Branch &b = block.branch;
    if (!b.present || block.succs.size() != 2 || (b.compares && b.value != 0))
      return false;
    const bool holds = ((succ == 0) != b.negated) != b.compares;
    if (b.condition.kind == OperandKind::path)
      return !holds && is(b.condition);
    if (b.condition.kind != OperandKind::result)
      return false;
    const Operation &asked = function_.ops[b.condition.op];
    return !holds && asked.kind == OpKind::call && is(asked.receiver) && asked.callee != none && pointer() &&
           asked.args.empty() && program_.entities[asked.callee].const_method;
  }

  const Program &program_;
  const Library &library_;
  FunctionId f_;
  const Function &function_;
  const AccessPath object_;
};

} // namespace

bool empty_where_destroyed(const Program &program, const Library &library, FunctionId f, OpId destroy) {
  const AccessPath &object = program.functions[f].ops[destroy].path;
  if (object.root != RootKind::local || !object.without_derefs().steps.empty())
    return library.moved_away(f, object);
  return LastChange(program, library, f, object).always_empty(destroy);
}

} // namespace tenterhook::analysis
