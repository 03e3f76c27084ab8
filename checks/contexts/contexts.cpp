// Contexts: first where each coroutine hops (a dataflow over its body), then who runs what (a fixpoint over the program).
#include "contexts/contexts.h"
#include "program/dataflow.h"
#include "values/callables.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <functional>
#include <numeric>

namespace tenterhook::analysis {

using namespace facts;
using namespace models;

namespace {

ContextMask mask_of(Executor e) {
  switch (e) {
  case Executor::loop: return context_loop;
  case Executor::pool: return context_pool;
  case Executor::thread: return context_thread;
  case Executor::fiber: return context_fiber;
  case Executor::inherited: return context_inherited;
  case Executor::unknown: break;
  }
  return context_unseen;
}

// Where an await_suspend has the coroutine resumed, if it hands the handle, or a lambda that resumes it, to a thread or an
// executor: `std::thread([handle] { handle.resume(); })`.
ContextMask resumed_on(const Library &library, const CallGraph &calls, FunctionId suspend,
                       const std::function<ContextMask(FunctionId, const LaterEdge &)> &on,
                       const std::function<ContextMask(FunctionId, const Operation &, const ExecutorClause &)> &where) {
  const Program &program = library.program();
  auto is_handle = [&](const Operand &o) {
    TypeId t = program.record_behind(o.type);
    return t != none && is_coroutine_handle(program, t);
  };
  ContextMask mask = 0;
  for (const LaterEdge &later : calls.later(suspend))
    if (ContextMask mask_there = on(suspend, later); mask_there & (context_loop | context_pool | context_thread))
      if (llvm::any_of(program.functions[later.to].ops, [&](const Operation &op) { return resumes_coroutine(program, op); }))
        mask |= mask_there;
  for (const Operation &op : program.functions[suspend].ops)
    if (const FunctionModel *m = op.kind == OpKind::call || op.kind == OpKind::construct ? library.function(op) : nullptr)
      for (unsigned a = 0; a < op.args.size(); ++a)
        if (is_handle(op.args[a]))
          if (const CallbackClause *clause = callback_clause(library, *m, suspend, op, a); clause && !clause->in_place)
            if (ContextMask there = where(suspend, op, clause->on); there != context_unseen && there != context_inherited)
              mask |= there;
  return mask;
}

// Which executor a coroutine is on: `co_await pool.schedule()` moves it.
struct Hops {
  struct State {
    ContextMask mask = 0;
    bool join(const State &o) {
      ContextMask before = mask;
      mask |= o.mask;
      return mask != before;
    }
  };
  const Library &library;
  const CallGraph &calls;
  FunctionId f;
  const Function &function;
  std::vector<ContextMask> &at;
  ContextMask start;
  std::function<bool(const Operation &)> suspends;
  std::function<ContextMask(FunctionId, const LaterEdge &)> later_on;
  std::function<ContextMask(FunctionId, const Operation &, const ExecutorClause &)> where;
  std::function<ContextMask(FunctionId)> resumers;

  State entry() const { return {start}; }
  void transfer(OpId i, State &s) const {
    at[i] |= s.mask;
    const Operation &op = function.ops[i];
    if (op.kind != OpKind::await || op.args.empty())
      return;
    if (suspends(op))
      s.mask |= context_resumed;
    if (op.await_suspend != none)
      if (FunctionId suspend = library.program().body_for(f, op.await_suspend); suspend != none)
        if (ContextMask moved = resumed_on(library, calls, suspend, later_on, where) | resumers(suspend))
          s.mask = moved;
    for (const Value &v : library.origins(f, op.args[0])) {
      if (v.operand.kind != OperandKind::result || v.function != f)
        continue;
      const Operation &made = function.ops[v.operand.op];
      const FunctionModel *m = library.function(made);
      if (m && m->await_resumes_on)
        if (ContextMask there = where(f, made, *m->await_resumes_on); there != context_unseen)
          s.mask = there;
    }
  }
  bool edge(const Block &, unsigned, State &) const { return true; }
};

} // namespace

Contexts::Contexts(const Program &program, const Library &library, const CallGraph &calls, const LockNames &names)
    : program_(program), library_(library), calls_(calls), origins_(program, library, calls),
      threads_(program, library, calls, names, origins_), executors_(program, library, threads_) {
  at_.resize(program.functions.size() + calls.sets());
  for (const Creation &c : calls.creations())
    created_.emplace(std::pair(c.in, c.op), c.coroutine);
  find_suspending();
  solve();
  // What is known of the threads says which dispatchers are loops; then what they run is known.
  if (classify(find_dispatchers(program, library, calls)))
    solve();
  if (find_resumers())
    solve();
}

void Contexts::solve() {
  of_.assign(at_.size(), 0);
  handover_.assign(at_.size(), {});
  runs_.clear();
  followed_.clear();
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    if (program_.functions[f].coroutine)
      flow_executors(f);
  for (FunctionId f = 0; f < program_.functions.size(); ++f) {
    for (const Edge &e : calls_.edges_and_sets(f)) {
      auto d = dispatchers_.find({f, e.op});
      if (d == dispatchers_.end()) {
        runs_.push_back({e.to, f, e.op, context_inherited, false}); // a set's number is behind the functions'
        continue;
      }
      const auto set = calls_.set_behind(e);
      for (FunctionId to : set ? llvm::ArrayRef<FunctionId>(calls_.members(*set)) : llvm::ArrayRef<FunctionId>(e.to))
        if (e.link == Link::virtual_call && !llvm::is_contained(d->second.targets, to))
          runs_.push_back({to, f, e.op, context_inherited, false});
    }
    for (const LaterEdge &e : calls_.later(f))
      // Only kept here: who calls it where it is kept decides.
      if (ContextMask where = later_on(f, e); where != context_unseen || !is_called_by_value(e.to))
        runs_.push_back({e.to, f, e.op, where, false, false, e.sure && e.on != Executor::unknown});
  }
  const auto count = static_cast<FunctionId>(program_.functions.size());
  std::vector<bool> entered(calls_.sets(), false);
  for (const Run &r : runs_)
    if (r.to >= count)
      entered[r.to - count] = true;
  for (SetId s = 0; s < calls_.sets(); ++s)
    for (FunctionId to : calls_.members(s))
      if (entered[s])
        runs_.push_back({to, count + s, 0, context_inherited, false});
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    if (const FunctionModel *m = library_.function(program_.functions[f].entity); m && m->called_on) {
      Operand object; // it is called where its object lives
      object.type = program_.entity_of(f).record;
      const Executor lives = object.type == none ? Executor::unknown : library_.executor(f, object);
      runs_.push_back({f, f, 0, mask_of(lives == Executor::unknown ? *m->called_on : lives), false, false, false});
    }
  for (const auto &[place, dispatched] : dispatchers_)
    for (FunctionId to : dispatched.targets)
      runs_.push_back({to, place.first, place.second, dispatched.mask, false, false, false});
  for (const Creation &c : calls_.creations())
    follow(c.coroutine, c.in, c.op);
  seed();
  propagate();
}

bool Contexts::is_called_by_value(FunctionId f) const {
  return llvm::any_of(calls_.callers(f), [&](const auto &c) { return calls_.edges(c.first)[c.second].link == Link::value; });
}

// What is handed over runs as the model says, on a loop if one thread runs the loop's context.
ContextMask Contexts::where(FunctionId f, const Operation &op, const ExecutorClause &clause) const {
  const Executor on = library_.executor(f, op, clause);
  const bool perhaps = on == Executor::loop || on == Executor::unknown;
  const auto runners = perhaps ? executors_.running(f, op, clause) : std::nullopt;
  if (!runners)
    return mask_of(on);
  if (!runners->exact)
    return static_cast<ContextMask>(context_loop | context_presumed);
  return runners->threads > 1 ? context_pool : context_loop;
}

// … else where the dispatcher is that takes it.
ContextMask Contexts::later_on(FunctionId f, const LaterEdge &e) const {
  if (e.on == Executor::unknown) {
    auto it = dispatched_.find(e.to);
    return it == dispatched_.end() ? static_cast<ContextMask>(context_unseen) : it->second;
  }
  const Operation &op = program_.functions[f].ops[e.op];
  const FunctionModel *m = e.on == Executor::loop ? library_.function(op) : nullptr;
  for (unsigned a = 0; m && a < op.args.size(); ++a)
    if (const CallbackClause *clause = callback_clause(library_, *m, f, op, a);
        clause && !clause->in_place && llvm::is_contained(calls_.callable_targets(f, op.args[a]), e.to))
      return where(f, op, clause->on);
  return mask_of(e.on);
}

// Where the handles that an await_suspend is given are resumed, by whoever took them from where it put them.
bool Contexts::find_resumers() {
  for (FunctionId f = 0; f < program_.functions.size(); ++f)
    for (OpId i = 0; i < program_.functions[f].ops.size(); ++i)
      if (const Operation &op = program_.functions[f].ops[i]; resumes_coroutine(program_, op)) {
        auto dispatcher = dispatchers_.find({f, i});
        ContextMask where = dispatcher == dispatchers_.end() ? at(f, i) : dispatcher->second.mask;
        if (where & (context_loop | context_pool | context_thread))
          for (FunctionId suspend : calls_.flow().suspended(f, op.receiver))
            resumed_[suspend] |= where;
      }
  return !resumed_.empty();
}

// Several threads at one queue are a pool; one is a loop, if others' work waits for what it runs.
bool Contexts::classify(const std::vector<Dispatcher> &dispatchers) {
  if (dispatchers.empty())
    return false;
  bool any = false;
  for (const Dispatcher &d : dispatchers) {
    if (d.watches)
      watched_.insert(d.targets.begin(), d.targets.end());
    const ContextMask where = at(d.in, d.op);
    const Threads::Count count = threads_.running(d.in, threads_.path(d.in, d.kept));
    const bool pool = ((where & context_pool) || count.threads > 1) && !d.watches; // each thread waits for events of its own
    const bool loop = !pool && !(where & context_loop) && (d.resumes || d.watches || ((where & context_main) && d.waits));
    ContextMask mask = static_cast<ContextMask>(where & (context_loop | context_pool | context_thread | context_presumed));
    if (loop)
      mask = count.exact && count.threads <= 1 ? ContextMask(context_loop) : ContextMask(context_loop | context_presumed);
    else if (pool && count.threads > 1)
      mask = context_pool;
    if (loop || (pool && count.threads > 1))
      dispatchers_[{d.in, d.op}] = {d.targets, mask};
    for (FunctionId to : d.targets)
      if (mask)
        dispatched_[to] |= mask;
    any |= mask != 0;
  }
  return any;
}

// task.resume(), of a class whose method resumes the handle that it has: the coroutine runs here until it suspends.
bool Contexts::resumes(FunctionId in, const Operation &op) const {
  FunctionId body = op.kind != OpKind::call || op.callee == none ? none : program_.body_for(in, op.callee);
  return body != none && llvm::any_of(program_.functions[body].ops, [&](const Operation &inner) {
           return resumes_coroutine(program_, inner) && inner.receiver.kind == OperandKind::path &&
                  inner.receiver.path.root == RootKind::self;
         });
}

// `result<> work(executor_tag, std::shared_ptr<thread_pool_executor>, …)` runs on the executor that it is given.
ContextMask Contexts::start_of(FunctionId f) const {
  const Function &function = program_.functions[f];
  for (LocalId p = 0; p + 1 < function.parameter_count; ++p) {
    const TypeModel *tag = library_.type(function.locals[p].type);
    if (!tag || !tag->coroutine_executor_tag)
      continue;
    Operand executor;
    executor.kind = OperandKind::path;
    executor.path = {RootKind::local, p + 1, {}, false};
    executor.type = program_.record_behind(function.locals[p + 1].type);
    return mask_of(library_.executor(f, executor));
  }
  return context_inherited;
}

// Whether an await in `f` waits for more than coroutines of the program that never do.
bool Contexts::suspends(FunctionId f, const Operation &await) const {
  for (const Value &v : library_.origins(f, await.args[0])) {
    auto it = v.operand.kind == OperandKind::result ? created_.find({v.function, v.operand.op}) : created_.end();
    if (it == created_.end() || suspends_[it->second])
      return true;
  }
  return false;
}

void Contexts::find_suspending() {
  suspends_.resize(program_.functions.size(), false);
  for (bool grew = true; grew;) {
    grew = false;
    for (FunctionId f = 0; f < program_.functions.size(); ++f)
      if (program_.functions[f].coroutine && !suspends_[f])
        for (const Operation &op : program_.functions[f].ops)
          if (op.kind == OpKind::await && !op.args.empty() && suspends(f, op)) {
            suspends_[f] = grew = true;
            break;
          }
  }
}

void Contexts::flow_executors(FunctionId f) {
  const Function &function = program_.functions[f];
  std::vector<ContextMask> at(function.ops.size(), 0);
  Hops hops{library_,
            calls_,
            f,
            function,
            at,
            start_of(f),
            [&](const Operation &op) { return suspends(f, op); },
            [&](FunctionId in, const LaterEdge &e) { return later_on(in, e); },
            [&](FunctionId in, const Operation &op, const ExecutorClause &clause) { return where(in, op, clause); },
            [&](FunctionId suspend) {
              auto it = resumed_.find(suspend);
              return it == resumed_.end() ? ContextMask(0) : it->second;
            }};
  analysis::solve(function, hops);
  at_[f].clear();
  if (std::any_of(at.begin(), at.end(), [](ContextMask m) { return (m & ~context_inherited) != 0; }))
    at_[f] = std::move(at);
}

void Contexts::run_on(FunctionId f, FunctionId in, OpId op, ContextMask on, bool sure) {
  runs_.push_back({f, in, op, on, false, false, sure});
}

void Contexts::seed() {
  std::vector<bool> run(of_.size(), false);
  for (const Run &r : runs_)
    run[r.to] = true;
  for (FunctionId f = 0; f < program_.functions.size(); ++f) {
    if (begins_on_main(program_, f))
      of_[f] = context_main;
    else if (!run[f])
      of_[f] = context_unseen;
  }
}

void Contexts::propagate() {
  std::vector<std::uint32_t> first(of_.size() + 1, 0); // by function that is run
  for (const Run &r : runs_)
    ++first[r.to + 1];
  std::partial_sum(first.begin(), first.end(), first.begin());
  std::vector<Run> runs(runs_.size());
  std::vector<std::uint32_t> next = first;
  for (const Run &r : runs_)
    runs[next[r.to]++] = r;
  runs_ = std::move(runs);
  for (FunctionId f = 0; f < of_.size(); ++f)
    std::sort(runs_.begin() + first[f], runs_.begin() + first[f + 1], [](const Run &a, const Run &b) {
      return std::tie(b.sure, a.in, a.op, a.fixed, a.awaited) < std::tie(a.sure, b.in, b.op, b.fixed, b.awaited);
    });
  auto is_coroutine = [&](FunctionId f) { return f < program_.functions.size() && program_.functions[f].coroutine; };
  auto settle = [&] {
    for (bool grew = true; grew;) {
      grew = false;
      for (const Run &r : runs_) {
        ContextMask mask = r.fixed == context_inherited ? at(r.in, r.op) : r.fixed;
        // A library's sync_wait runs no loop: the thread has nothing else to do. One of the program's own may.
        if (r.waiting && !is_coroutine(r.in) && (mask & (context_main | context_unseen)))
          mask = static_cast<ContextMask>((mask & ~(context_main | context_unseen)) | context_waiting);
        // A coroutine that main drives itself shares main's thread with whatever else is driven there.
        if (is_coroutine(r.to) && (mask & context_main))
          mask = static_cast<ContextMask>((mask & ~context_main) | context_unseen);
        if (is_coroutine(r.to) && (mask & context_fiber)) // it has no stack that could be parked
          mask = static_cast<ContextMask>((mask & ~context_fiber) | context_loop);
        if ((of_[r.to] | mask) != of_[r.to]) {
          of_[r.to] |= mask;
          grew = true;
        }
        if ((mask & (context_loop | context_fiber)) && !handover_[r.to].valid() && (r.fixed != context_inherited || r.awaited))
          handover_[r.to] = {r.in, r.op, r.awaited, r.sure};
      }
    }
  };
  settle();
  for (FunctionId f = 0; f < program_.functions.size(); ++f) // cycles that nothing enters
    if (of_[f] == 0)
      of_[f] = context_unseen;
  settle();
}

ContextMask Contexts::at(FunctionId f, OpId op) const {
  if (at_[f].empty() || op >= at_[f].size())
    return of_[f];
  ContextMask mask = at_[f][op];
  if (mask & context_inherited) {
    ContextMask here = of_[f];
    if ((mask & context_resumed) && (here & context_waiting)) // who waits does not resume
      here = static_cast<ContextMask>((here & ~context_waiting) | context_unseen);
    mask = static_cast<ContextMask>((mask & ~context_inherited) | here);
  }
  return static_cast<ContextMask>(mask & ~context_resumed);
}

bool Contexts::on_loop(FunctionId f, OpId op) const {
  return (at(f, op) & ~(context_pool | context_thread | context_presumed)) != 0;
}

} // namespace tenterhook::analysis
