// Lock transfer, first part: operations, branches, handlers.
#include "locks/lock_transfer.h"
#include <algorithm>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

LockTransfer::LockTransfer(const LockWorld &world, FunctionId f) : BodyEffects(world, f) { collect_handlers(); }

// What was made inside a try block is gone in its handlers.
void LockTransfer::collect_handlers() {
  for (BlockId b = 0; b < function_.blocks.size(); ++b)
    for (BlockId next : function_.blocks[b].succs)
      if (next != none && function_.blocks[next].handler) // in reverse post order, the way in comes first
        try_.try_emplace(next, function_.blocks[b].first + function_.blocks[b].count);
  if (try_.empty())
    return;
  declared_.resize(function_.locals.size(), none);
  for (OpId i = static_cast<OpId>(function_.ops.size()); i-- > 0;) {
    const Operation &op = function_.ops[i];
    if (op.kind == OpKind::construct && op.path.root == RootKind::local)
      declared_[op.path.id] = i;
    if (op.use.kind == UseKind::stored && op.use.target.root == RootKind::local)
      declared_[op.use.target.id] = i;
  }
}

// A parameter by value, or a pointer, that nobody writes or lends.
bool LockTransfer::stays_as_given(const Term &of) const {
  if (of.kind != OperandKind::path || !of.path.is_local(of.path.id) || of.path.id >= function_.parameter_count ||
      written_[of.path.id])
    return false;
  const TypeId t = function_.locals[of.path.id].type;
  return t != none && program_.types[t].kind != TypeKind::record &&
         (!refers(program_, t) || program_.types[t].kind == TypeKind::pointer);
}

LockState LockTransfer::entry() const {
  LockState state;
  LockCase start;
  auto assume = [&](RootKind root, std::uint32_t id, TypeId type) {
    TypeId t = program_.strip_references(type);
    if (const GuardType *g = t == none ? nullptr : library_.guard(t)) {
      AccessPath self{root, id, {}, false};
      start.insert({self, {self}, true, g->shared, true, none});
    }
  };
  for (LocalId l = 0; l < function_.parameter_count; ++l)
    assume(RootKind::local, l, function_.locals[l].type);
  for (std::uint32_t c = 0; c < function_.captures.size(); ++c)
    if (function_.captures[c].kind == CaptureKind::by_copy)
      assume(RootKind::capture, c, function_.captures[c].type);
  state.cases.push_back(std::move(start));
  return state;
}

void LockTransfer::transfer(OpId i, LockState &state) {
  const Operation &op = function_.ops[i];
  for (LockCase &c : state.cases) // in a loop: the value of the last round is gone
    forget_result(c.known, i);
  switch (op.kind) {
  case OpKind::construct: construct(i, state); break;
  case OpKind::call: call(i, state); break;
  case OpKind::await:
  case OpKind::yield: await(i, state, nullptr); break;
  case OpKind::closure:
    if (FunctionId body = program_.body_for(f_, op.callee); body != none)
      for (std::uint32_t c = 0; c < program_.functions[body].captures.size(); ++c)
        if (const Capture &capture = program_.functions[body].captures[c]; moves(capture.source)) {
          AccessPath there = home(i);
          there.steps.push_back(captured_step(world_.names.number(body, c)));
          move_object(path_of(capture.source), there, state);
        }
    break;
  case OpKind::destroy: destroy(i, state); break;
  case OpKind::ret: returns(i, state); break;
  case OpKind::access:
    if (op.access & (static_cast<unsigned>(AccessKind::write) | static_cast<unsigned>(AccessKind::address)))
      for (LockCase &c : state.cases)
        forget_path(c.known, op.path);
    if (op.access & static_cast<unsigned>(AccessKind::write) && !op.args.empty() && op.args[0].kind == OperandKind::result)
      if (const Operation &made = function_.ops[op.args[0].op]; made.kind == OpKind::construct)
        move_object(home(op.args[0].op), paths_.resolve(plain(op.path)), state); // p = new Guard(m)
    if (op.access & static_cast<unsigned>(AccessKind::write) && !op.args.empty() && op.args[0].kind == OperandKind::path &&
        op.args[0].moved && any_in(state, path_of(op.args[0]))) // a list in a list: Outer{{std::move(lock)}, 3}
      move_object(path_of(op.args[0]), paths_.resolve(plain(op.path)), state);
    break;
  default: break;
  }
  remember(i, state);
  loop_over(i, state);
  state.normalise();
}

void LockTransfer::leave_try(BlockId to, LockState &state) const {
  if (auto handler = try_.find(to); handler != try_.end())
    for (LockCase &c : state.cases)
      c.erase_if([&](const GuardState &g) {
        bool temporary = g.guard.root == RootKind::result && g.guard.id != none && g.guard.id >= handler->second;
        bool local = g.guard.root == RootKind::local && g.guard.id >= function_.parameter_count &&
                     declared_[g.guard.id] != none && declared_[g.guard.id] >= handler->second;
        return temporary || local;
      });
}

// An operation on locks that fails takes nothing.
bool LockTransfer::may_throw(OpId i) const {
  const Operation &op = function_.ops[i];
  if (!program_.may_throw(f_, i))
    return false;
  if (op.kind != OpKind::call && op.kind != OpKind::construct)
    return op.kind != OpKind::throw_; // has an edge of its own
  if (op.callee != none &&
      (library_.guard(op.type) || library_.guard(op.receiver.type) || library_.is_thread_lock(op.receiver.type)))
    return false;
  const FunctionModel *m = library_.function(op);
  return !m || m->locks.empty();
}

bool LockTransfer::unwinds(OpId i, const Block &block, LockState &state) const {
  if (!may_throw(i))
    return false;
  leave_try(block.unwind, state);
  return true;
}

bool LockTransfer::edge(const Block &block, unsigned succ, LockState &state) const {
  if (block.count && function_.ops[block.first + block.count - 1].kind == OpKind::throw_ && block.succs[succ] == 1)
    return false; // nobody returns this way
  const BlockId from = static_cast<BlockId>(&block - function_.blocks.data());
  if (!program_.enters(f_, from, block.succs[succ]))
    return false;
  leave_try(block.succs[succ], state);
  std::vector<LockCase> feasible;
  for (LockCase &c : state.cases) {
    bool possible = true;
    for (const EdgeTruth &e : conditions(block, succ, program_.types)) {
      if (contradicts(c.known, e.truth, e.holds) || (e.truth.of.kind == OperandKind::result && !e.truth.than.valid() &&
                                                     e.truth.value == 0 && passes_by(c, e.truth.of.op, e.holds))) {
        possible = false;
        break;
      }
      c.known[e.truth] = e.holds;
      if (stays_as_given(e.truth.of) && !e.truth.than.valid())
        c.given[e.truth] = e.holds;
    }
    if (!possible)
      continue;
    std::erase_if(c.known, [&](const auto &t) { // what nobody asks again would only keep cases apart
      const Truth &truth = t.first;
      return truth.test != Test::runs && truth.test != Test::first && truth.of.kind != OperandKind::null &&
             !asked_.after(truth.of, from);
    });
    feasible.push_back(std::move(c));
  }
  state.cases = std::move(feasible);
  state.normalise();
  return !state.cases.empty();
}

} // namespace tenterhook::analysis
