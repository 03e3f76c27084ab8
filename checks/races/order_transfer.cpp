// Transfer of Order's domain.
#include "races/order_transfer.h"
#include "llvm/ADT/STLExtras.h"

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

OrderTransfer::OrderTransfer(Order &order, FunctionId f, OpId fresh)
    : order_(order), f_(f), function_(order.program_.functions[f]), fresh_(fresh) {
  find_loops();
  waits_ = llvm::any_of(function_.ops, [&](const Operation &op) {
    const FunctionModel *m = op.kind == OpKind::call ? order.library_.function(op) : nullptr;
    return m && m->condition_variable && m->condition_variable->action == ConditionAction::wait;
  });
}

// How often a loop's counter runs, where both ends are constants.
static std::optional<std::int64_t> bound(const Function &function, const Block &header) {
  if (header.branch.relation == Relation::none || header.branch.compared.size() != 2 ||
      header.branch.compared[1].kind != OperandKind::constant || header.branch.compared[0].kind != OperandKind::path ||
      header.branch.compared[0].path.root != RootKind::local)
    return std::nullopt;
  const Local &counter = function.locals[header.branch.compared[0].path.id];
  if (counter.init.kind != OperandKind::constant)
    return std::nullopt;
  return header.branch.compared[1].value - counter.init.value + (header.branch.relation == Relation::less_equal ? 1 : 0);
}

// The natural loops around joins: where they are left, all that they joined has ended. One that runs less often than the
// loop that creates has joined some.
void OrderTransfer::find_loops() {
  const Guards &guards = order_.calls_.guards()(f_);
  const Dominators &dominators = guards.dominators();
  std::vector<std::vector<BlockId>> before(function_.blocks.size());
  for (BlockId b = 0; b < function_.blocks.size(); ++b)
    for (BlockId s : function_.blocks[b].succs)
      if (s != none)
        before[s].push_back(b);
  std::vector<std::pair<BlockId, std::set<BlockId>>> loops{{none, {}}};
  std::vector<std::size_t> smallest(function_.blocks.size()); // by block: the loop that it is in
  for (BlockId latch = 0; latch < function_.blocks.size(); ++latch)
    for (BlockId header : function_.blocks[latch].succs) {
      if (header == none || !dominators.reached(latch) || !dominators.dominates(header, latch))
        continue;
      std::set<BlockId> body{header};
      std::vector<BlockId> open{latch};
      while (!open.empty()) {
        const BlockId b = open.back();
        open.pop_back();
        if (body.insert(b).second)
          open.insert(open.end(), before[b].begin(), before[b].end());
      }
      for (BlockId b : body)
        if (!smallest[b] || body.size() < loops[smallest[b]].second.size())
          smallest[b] = loops.size();
      loops.push_back({header, std::move(body)});
    }
  auto loop_of = [&](BlockId inner) -> const auto & { return loops[smallest[inner]]; };
  for (BlockId b = 0; b < function_.blocks.size(); ++b) {
    if (!function_.blocks[b].branch.present || function_.blocks[b].succs.size() != 2)
      continue;
    const auto &[header, body] = loop_of(b);
    for (unsigned s = 0; header != none && s < 2; ++s)
      if (const BlockId to = function_.blocks[b].succs[s]; to != none && !body.count(to))
        loops_.insert({b, s});
  }
  auto created_more_often = [&](const Handle &handle, BlockId header) {
    const auto joins = bound(function_, function_.blocks[header]);
    if (!joins)
      return false;
    return llvm::any_of(order_.created_[f_], [&](OriginId id) {
      if (Handle{none, order_.handles_[id]} != handle)
        return false;
      const BlockId creator = loop_of(guards.block(order_.origins_.all()[id].op)).first;
      const auto times = creator == none ? std::nullopt : bound(function_, function_.blocks[creator]);
      return times && *times > *joins;
    });
  };
  for (OpId i = 0; i < function_.ops.size(); ++i) {
    const Operation &op = function_.ops[i];
    const FunctionModel *m = op.kind == OpKind::call ? order_.library_.function(op) : nullptr;
    if (!m || !m->joins || !order_.origins_.on_cycle(f_, i))
      continue;
    const BlockId inner = guards.block(i);
    const auto &[header, body] = loop_of(inner);
    if (header == none)
      continue;
    for (const Operand &operand : order_.library_.subjects(op, *m->joins)) {
      const Handle handle = order_.handle_of(f_, operand);
      if (!handle.path.valid() || created_more_often(handle, header))
        continue;
      for (BlockId b : body)
        for (unsigned s = 0; s < function_.blocks[b].succs.size(); ++s)
          if (const BlockId to = function_.blocks[b].succs[s];
              to != none && !body.count(to) && (b == header || dominators.dominates(inner, b)))
            leaving_[{b, s}].insert(handle);
    }
  }
}

void OrderTransfer::leave(const Handle &handle, State &state) const {
  Effect &effect = state.threads[handle];
  effect.add = -Effect::all;
  effect.floor = 0;
}

// A thread that ends itself over its handle's destruction, or is waited for there; not one known by a number.
bool OrderTransfer::ends_threads(OriginId id) const {
  const Origin &o = order_.origins_.all()[id];
  const FunctionModel *m = order_.library_.function(order_.program_.functions[o.in].ops[o.op]);
  return o.kind == OriginKind::thread && !(m && m->handle);
}

void OrderTransfer::create(OpId i, State &state) const {
  for (OriginId id : order_.created_[f_])
    if (const Origin &o = order_.origins_.all()[id]; o.op == i && o.kind != OriginKind::deferred) {
      const Handle handle{none, order_.handles_[id]};
      const ResultUse &use = function_.ops[i].use;
      if (use.kind == UseKind::stored &&
          llvm::none_of(use.target.steps, [](const PathStep &s) { return s.kind == StepKind::index; }) &&
          ends_threads(id)) // what was kept there has ended, or the program does
        leave(handle, state);
      Effect &effect = state.threads[handle];
      effect = effect.then({1, 1, {id}, false, false});
    }
}

void OrderTransfer::call(OpId i, State &state) const {
  const Operation &op = function_.ops[i];
  const FunctionModel *m = order_.library_.function(op);
  if (!m)
    return;
  if (m->joins)
    for (const Operand &operand : order_.library_.subjects(op, *m->joins)) {
      const Handle handle = order_.handle_of(f_, operand);
      if (!handle.path.valid())
        continue;
      Effect &effect = state.threads[handle];
      const std::set<OriginId> ended = effect.origins;
      effect = effect.then({-1, 0, {}, false, false});
      for (OriginId id : ended) // what it has waited for has ended, too
        if (const Origin &o = order_.origins_.all()[id]; o.in == f_ && o.entries.size() == 1)
          for (const auto &[inner, done] : order_.summaries_[o.entries[0]].threads)
            if (done.add < 0 && done.floor == 0 && inner.in == none)
              if (const AccessPath there = without_elements(order_.threads_.bound(id, o.entries[0], inner.path)); there.valid())
                leave({none, there}, state);
      state.waited.insert({handle, true});
    }
  const Operand *handle_given = op.receiver.kind != OperandKind::unknown ? &op.receiver : op.args.empty() ? nullptr : &op.args[0];
  if (m->gives_up && handle_given) // thread.detach(), pthread_detach(thread)
    if (auto it = state.threads.find(order_.handle_of(f_, *handle_given)); it != state.threads.end() && it->second.floor > 0) {
      const Effect given = it->second;
      state.threads.erase(it);
      Effect &nobodys = state.threads[{}];
      nobodys = nobodys.then({given.floor, given.floor, given.origins, given.mixed, true});
    }
  if (m->signals && !is_relaxed(order_.program_, op))
    for (const Operand &operand : order_.library_.subjects(op, *m->signals))
      if (const Handle handle = order_.handle_of(f_, operand); handle.path.valid() && order_.is_awaited(f_, handle.path)) {
        state.signalled.insert(handle);
        if (!m->claims_zero && !m->claims_true && !m->claims_equal) {
          state.claimed.erase(handle);
          state.dropped.insert(handle);
        }
      }
  if (m->condition_variable && m->condition_variable->action == ConditionAction::wait) {
    FunctionId asker = f_;
    if (const AccessPath flag = order_.asked_flag(f_, i, &asker); flag.valid()) {
      const Handle there = asker == f_ ? Handle{none, flag} : order_.outside(f_, i, asker, {none, flag});
      if (there.path.valid())
        state.waited.insert({there, false});
    }
  }
  if (m->awaits)
    for (const Operand &operand : order_.library_.subjects(op, *m->awaits))
      if (const Handle handle = order_.handle_of(f_, operand); handle.path.valid())
        state.waited.insert({handle, false});
  if (m->runs_once() && !op.args.empty())
    if (const Handle flag = order_.handle_of(f_, op.args[0]); flag.path.valid()) {
      state.signalled.insert(flag);
      state.waited.insert({flag, false});
    }
}

// threads.push_back(std::move(thread)): waited for by another handle from now on.
void OrderTransfer::move(OpId i, State &state) const {
  const Operation &op = function_.ops[i];
  for (const Operand &arg : op.args) {
    if (arg.kind != OperandKind::path || !arg.moved)
      continue;
    const Handle from = order_.handle_of(f_, arg);
    auto it = state.threads.find(from);
    if (it == state.threads.end() || it->second.floor <= 0)
      continue;
    Handle to{none, op.kind == OpKind::construct ? order_.threads_.names(f_).home(i) : AccessPath{}};
    if (op.kind == OpKind::call && op.receiver.kind != OperandKind::unknown)
      to = order_.handle_of(f_, op.receiver);
    to.path = without_elements(to.path);
    const Effect given = it->second;
    leave(from, state);
    Effect &there = state.threads[to];
    there = there.then({given.floor, given.floor, given.origins, given.mixed, true});
  }
}

void OrderTransfer::destroy(const Operation &op, State &state) const {
  end_in(without_elements(order_.threads_.names(f_).resolve(plain(op.path))), state);
}

// The handles in an object end with it.
void OrderTransfer::end_in(const AccessPath &object, State &state) const {
  if (!object.valid())
    return;
  for (auto &[handle, effect] : state.threads)
    if (handle.in == none && has_prefix(handle.path, object) && effect.floor > 0 &&
        llvm::all_of(effect.origins, [&](OriginId id) { return ends_threads(id); })) {
      effect.add = -Effect::all;
      effect.floor = 0;
    }
}

void OrderTransfer::transfer(OpId i, State &state) {
  if (i == fresh_)
    state = {};
  const Operation &op = function_.ops[i];
  if (op.kind == OpKind::access && order_.sets_flag(f_, op))
    state.signalled.insert({none, order_.threads_.names(f_).resolve(plain(op.path))});
  switch (op.kind) {
  case OpKind::call:
  case OpKind::construct:
  case OpKind::await:
  case OpKind::destroy: state = state.then(order_.effect_of_calls(f_, i)); break;
  default: return;
  }
  if (op.kind == OpKind::destroy)
    return destroy(op, state);
  if (op.kind == OpKind::call && op.callee != none && Library::is_assignment(order_.program_.qualified(op.callee)) &&
      op.receiver.kind == OperandKind::path && op.args.size() == 1 && op.args[0].kind == OperandKind::result) {
    const Handle handle = order_.handle_of(f_, op.receiver);
    const bool creates =
        llvm::any_of(order_.created_[f_], [&](OriginId id) { return order_.origins_.all()[id].op == op.args[0].op; });
    auto it = state.threads.find(handle);
    if (!creates && it != state.threads.end() && llvm::all_of(it->second.origins, [&](OriginId id) { return ends_threads(id); }))
      leave(handle, state);
  }
  if (op.kind == OpKind::call && op.callee != none && op.receiver.kind == OperandKind::path && op.receiver.type != none)
    if (const TypeModel *type = order_.library_.type(op.receiver.type);
        type && !Library::is_assignment(order_.program_.qualified(op.callee)) &&
        llvm::is_contained(type->destroyed_by, Library::last_name(order_.program_.qualified(op.callee)).str()))
      end_in(order_.handle_of(f_, op.receiver).path, state);
  create(i, state);
  if (op.kind == OpKind::call)
    call(i, state);
  move(i, state);
}

bool OrderTransfer::edge(const Block &block, unsigned succ, State &state) const {
  const BlockId b = static_cast<BlockId>(&block - function_.blocks.data());
  if (block.succs[succ] != none && !order_.program_.enters(f_, b, block.succs[succ]))
    return false;
  if (auto it = leaving_.find({b, succ}); it != leaving_.end())
    for (const Handle &handle : it->second)
      leave(handle, state);
  if (!block.branch.present || block.succs.size() != 2)
    return true;
  const Operand *asked = &block.branch.condition;
  bool holds = (succ == 0) != block.branch.negated, changed = holds; // changed: from what such things begin with, 0
  if (block.branch.compares)
    changed = block.branch.value == 0 ? !holds : holds;
  else if (block.branch.relation != Relation::none && block.branch.compared.size() == 2)
    asked = &block.branch.compared[0];
  const bool leaves = loops_.count({b, succ}) != 0; // a loop that waits ends when something has changed
  if (asked->kind == OperandKind::path && asked->path.root == RootKind::local && asked->path.steps.empty() &&
      function_.locals[asked->path.id].init.kind == OperandKind::result)
    asked = &function_.locals[asked->path.id].init; // int failed = pthread_create(…); if (failed)
  const Operand *compared = nullptr;
  if (asked->kind == OperandKind::path && asked->path.root == RootKind::local && asked->path.steps.empty())
    if (const Operand &init = function_.locals[asked->path.id].init;
        init.kind == OperandKind::compare && init.choices.size() == 2 && init.choices[0].kind == OperandKind::result) {
      compared = &init;
      asked = &init.choices[0];
    }
  if (asked->kind == OperandKind::path && waits_ && (changed || leaves)) // while (!flag) condition.wait(lock)
    if (const AccessPath flag = order_.threads_.names(f_).resolve(plain(asked->path));
        order_.flags_.count(order_.terminal(f_, flag)))
      state.waited.insert({{none, flag}, false});
  if (asked->kind != OperandKind::result)
    return true;
  const Operation &op = function_.ops[asked->op];
  const FunctionModel *m = op.kind == OpKind::call ? order_.library_.function(op) : nullptr;
  if (!m)
    return true;
  bool failed = block.branch.compares ? block.branch.value == 0 && !holds : holds;
  if (compared) // const int started = pthread_create(…) == 0; if (started)
    failed = compared->choices[1].kind == OperandKind::constant && compared->choices[1].value == 0 &&
             (compared->relation == Relation::equal ? !holds : compared->relation == Relation::unequal && holds);
  if (failed) // it could not be created
    for (OriginId id : order_.created_[f_])
      if (order_.origins_.all()[id].op == asked->op && m->handle)
        leave({none, order_.handles_[id]}, state);
  const bool answered = block.branch.compares ? holds && m->ready_if == block.branch.value : !holds && m->ready_if == 0;
  if (answered && op.receiver.kind != OperandKind::unknown) {
    leave(order_.handle_of(f_, op.receiver), state);
    state.waited.insert({order_.handle_of(f_, op.receiver), true});
  }
  if (m->asks_running && !holds && op.receiver.kind != OperandKind::unknown)
    leave(order_.handle_of(f_, op.receiver), state);
  auto claim = [&](const Subject &subject, bool all) {
    if (!is_relaxed(order_.program_, op))
      for (const Operand &operand : order_.library_.subjects(op, subject))
        if (const Handle handle = order_.handle_of(f_, operand); handle.path.valid()) {
          state.claimed.insert(handle);
          state.waited.insert({handle, all});
        }
  };
  if (m->claims_zero && (block.branch.compares && block.branch.value == 0 ? holds : !holds))
    claim(*m->claims_zero, false);
  if (m->claims_true && holds && !block.branch.compares)
    claim(*m->claims_true, false);
  if (m->claims_equal && (block.branch.compares ? holds : !holds))
    claim(*m->claims_equal, true);
  if (m->awaits_true && (changed || leaves) && !is_relaxed(order_.program_, op))
    for (const Operand &operand : order_.library_.subjects(op, *m->awaits_true))
      if (const Handle handle = order_.handle_of(f_, operand); handle.path.valid())
        state.waited.insert({handle, false});
  return true;
}

} // namespace tenterhook::analysis
