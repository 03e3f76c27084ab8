// Ways through a body: which functions never return, which operations may throw, which functions let an exception out, and
// with that, what of a body anything reaches.
//
// A function whose ways all end in throwing, in a noreturn call or in a call of such a function is like a noreturn one: no
// way goes on behind a direct call of it. A coroutine returns when it suspends, and so does a loop, for all that is known.
//
// The facts lead into a handler from where its try block begins and ends, because any call may throw. The whole program
// says more: a handler is entered where something that unwinds to it may throw, and its code is dead where nothing does.
// The least fixpoint over direct calls; what has no body here, is virtual or called through a value may throw unless it is
// noexcept or C. Failed casts (std::bad_cast, std::bad_typeid) are not facts, and not counted.
#include "program/throws.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <set>

namespace tenterhook::analysis {

using namespace facts;

bool Program::may_throw(FunctionId f, OpId i) const {
  const Operation &op = functions[f].ops[i];
  switch (op.kind) {
  case OpKind::throw_: return true;
  case OpKind::await: // what was awaited gives its exception on
  case OpKind::yield: return op.await_resume == none || !entities[op.await_resume].is_noexcept;
  case OpKind::construct:
    if (op.callee == none)
      return op.allocation == Allocation::heap;
    break;
  case OpKind::call:
    if (op.callee == none)
      return true;
    break;
  default: return false;
  }
  const Entity &callee = entities[op.callee];
  const FunctionId body = callee.is_noexcept || op.virtual_call ? none : body_for(f, op.callee);
  if (callee.is_noexcept)
    return op.allocation == Allocation::heap;
  return body == none ? !callee.c_linkage || op.virtual_call : throws_[body] || op.allocation == Allocation::heap;
}

bool Program::enters(FunctionId f, BlockId from, BlockId to) const {
  const Function &function = functions[f];
  const Block &block = function.blocks[from];
  return !function.blocks[to].handler || block.handler || // on to the handlers of the try block around
         (block.count && function.ops[block.first + block.count - 1].kind == OpKind::throw_);
}

namespace {

// What of `f` is reached, and whether an exception leaves it.
struct Reached {
  std::vector<bool> blocks;
  bool throws = false;

  Reached(const Program &program, FunctionId f) : blocks(program.functions[f].blocks.size()) {
    const Function &function = program.functions[f];
    std::vector<BlockId> work;
    auto reach = [&](BlockId b) {
      if (b != none && !blocks[b]) {
        blocks[b] = true;
        work.push_back(b);
      }
    };
    if (!function.blocks.empty())
      reach(0);
    while (!work.empty()) {
      const BlockId b = work.back();
      work.pop_back();
      const Block &block = function.blocks[b];
      for (BlockId s : block.succs)
        if (s != none && program.enters(f, b, s)) {
          throws |= block.handler && s == 1; // none of the handlers is for it
          reach(s);
        }
      if (block.again != none)
        reach(block.again);
      bool thrown = block.unwind == none ? throws : blocks[block.unwind];
      for (OpId i = block.first; i < block.first + block.count && !thrown; ++i)
        thrown = program.may_throw(f, i);
      if (!thrown)
        continue;
      if (block.unwind == none)
        throws = true;
      else
        reach(block.unwind);
    }
    throws &= !function.is_noexcept && !function.coroutine; // a coroutine's go to who awaits it
  }
};

} // namespace

// The block's last operation that is reached: a call that does not return, or the last one; `none` of an empty block.
OpId Throws::last_of(FunctionId f, BlockId b) const {
  const Function &function = program_.functions[f];
  const Block &block = function.blocks[b];
  for (OpId i = block.first; i < block.first + block.count && calls_never_[f]; ++i) {
    const Operation &op = function.ops[i];
    if ((op.kind != OpKind::call && op.kind != OpKind::construct) || op.callee == none || op.virtual_call)
      continue;
    if (FunctionId body = program_.body_for(f, op.callee); body != none && never_[body])
      return i;
  }
  return block.count ? block.first + block.count - 1 : none;
}

// A loop is taken for one that ends: an endless one keeps its callers waiting, and says nothing of what they ask before.
bool Throws::returns(FunctionId f) const {
  const Function &function = program_.functions[f];
  if (function.coroutine || function.blocks.size() < 2)
    return true;
  auto next = [&](BlockId b) {
    const Block &block = function.blocks[b];
    std::vector<BlockId> out{block.unwind, block.again};
    const OpId last = last_of(f, b);
    if (last == none || (last + 1 == block.first + block.count && function.ops[last].kind != OpKind::throw_))
      for (BlockId s : block.succs)
        if (s != 1 || !block.handler) // none of the handlers is for it
          out.push_back(s);
    llvm::erase(out, none);
    return out;
  };
  enum : std::uint8_t { fresh, entered, left };
  std::vector<std::uint8_t> state(function.blocks.size(), fresh);
  std::vector<std::pair<BlockId, std::vector<BlockId>>> way{{0, next(0)}}; // with what is still to be entered from there
  state[0] = entered;
  while (!way.empty()) {
    auto &[block, open] = way.back();
    if (open.empty()) {
      state[block] = left;
      way.pop_back();
      continue;
    }
    const BlockId to = open.back();
    open.pop_back();
    if (to == 1 || state[to] == entered)
      return true;
    if (state[to] == fresh) {
      state[to] = entered;
      way.push_back({to, next(to)});
    }
  }
  return false;
}

// Cuts the ways that go on behind calls that do not return.
void Throws::end_at_calls(const Callers &callers) {
  never_.assign(program_.functions.size(), false);
  calls_never_ = never_;
  std::set<FunctionId> work;
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    if (!returns(f))
      work.insert(f);
  while (!work.empty()) {
    const FunctionId f = *work.begin();
    work.erase(work.begin());
    if (never_[f])
      continue;
    never_[f] = true;
    for (FunctionId caller : callers[f]) {
      calls_never_[caller] = true;
      Function &function = program_.functions[caller];
      for (BlockId b = 0; b < function.blocks.size(); ++b) {
        Block &block = function.blocks[b];
        const OpId last = last_of(caller, b);
        if (last == none)
          continue;
        const Operation &op = function.ops[last];
        if ((op.kind == OpKind::call || op.kind == OpKind::construct) && op.callee != none && !op.virtual_call &&
            program_.body_for(caller, op.callee) == f)
          std::fill(block.succs.begin(), block.succs.end(), none);
      }
      if (!never_[caller] && !returns(caller))
        work.insert(caller);
    }
  }
}

void Throws::find() {
  Callers callers(program_.functions.size());
  std::vector<FunctionId> work;
  for (FunctionId f = 0; f < program_.functions.size(); ++f) {
    work.push_back(f);
    for (const Operation &op : program_.functions[f].ops)
      if ((op.kind == OpKind::call || op.kind == OpKind::construct) && op.callee != none && !op.virtual_call)
        if (FunctionId body = program_.body_for(f, op.callee);
            body != none && (callers[body].empty() || callers[body].back() != f))
          callers[body].push_back(f);
  }
  end_at_calls(callers);
  program_.throws_.assign(program_.functions.size(), false);
  while (!work.empty()) {
    const FunctionId f = work.back();
    work.pop_back();
    if (program_.throws_[f] || !Reached(program_, f).throws)
      continue;
    program_.throws_[f] = true;
    work.insert(work.end(), callers[f].begin(), callers[f].end());
  }
  program_.dead_.assign(program_.functions.size(), {});
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    find_dead(f);
}

void Throws::find_dead(FunctionId f) {
  const Function &function = program_.functions[f];
  const Reached reached(program_, f);
  for (BlockId b = 0; b < function.blocks.size(); ++b) {
    const Block &block = function.blocks[b];
    const OpId from = reached.blocks[b] && block.count ? last_of(f, b) + 1 : block.first, end = block.first + block.count;
    if (from == end)
      continue;
    program_.dead_[f].resize(function.ops.size(), false);
    std::fill(program_.dead_[f].begin() + from, program_.dead_[f].begin() + end, true);
  }
}

} // namespace tenterhook::analysis
