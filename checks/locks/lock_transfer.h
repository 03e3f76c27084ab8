// The transfer function of the lock domain: what each operation does to the guards and locks of every case.
//
// lock_transfer.cpp: the operations and edges. lock_guards.cpp: guards and what is called on them. lock_calls.cpp: locks
// by hand, calls with summaries, destruction. lock_runs.cpp: bodies behind virtual calls, callables and deleters.
// lock_awaits.cpp: awaiters. lock_objects.cpp: guards inside of other objects, and guards that move.
#ifndef TENTERHOOK_CHECKS_LOCKS_LOCK_TRANSFER_H
#define TENTERHOOK_CHECKS_LOCKS_LOCK_TRANSFER_H

#include "calls/answers.h"
#include "library/library.h"
#include "locks/lock_summary.h"

namespace tenterhook::analysis {

// All that a transfer reads of the program; one for all functions.
struct LockWorld {
  const Program &program;
  const Library &library;
  const CallGraph &calls;
  LockNames names;
  std::vector<LockSummary> summaries; // what calling it does
  std::vector<LockSummary> awaited;   // coroutines: what awaiting it does
  std::vector<bool> unknown;          // of a recursion whose end nobody has reached yet: no state comes back from it
  std::vector<Answer> answers;        // by function: what it returns, if that is always the same

  LockWorld(const Program &program, const Library &library, const CallGraph &calls);
};

// The bodies that construct, destroy or own through `op`'s smart pointer: who releases what it points to.
FunctionId deleter_of(const Program &program, const Library &library, FunctionId f, const facts::Operation &op);

class LockTransfer {
public:
  using State = LockState;

  LockTransfer(const LockWorld &world, FunctionId f);

  State entry() const;
  void transfer(facts::OpId op, State &state);
  bool edge(const facts::Block &block, unsigned succ, State &state) const;
  // Whether an exception may leave operation `op`; the state is then what the handler begins with.
  bool unwinds(facts::OpId op, const facts::Block &block, State &state) const;

  // The state in which the coroutine is suspended at an await or yield: no case if it never is.
  State suspended(facts::OpId op, State before);
  // A virtual call or callable had more bodies than are followed.
  bool hit_limit() const { return hit_limit_; }

  const LockPaths &paths() const { return paths_; }

private:
  using Choice = std::optional<Truth>; // which body runs
  AccessPath path_of(const facts::Operand &operand) const { return paths_.of(operand); }
  AccessPath home(facts::OpId op) const { return paths_.home(op); }
  void collect_handlers();
  void leave_try(facts::BlockId to, LockState &state) const;
  bool may_throw(facts::OpId i) const;
  void know(LockCase &c, const Truth &truth, bool holds) const; // if it is asked
  // lock_guards.cpp
  void construct(facts::OpId i, LockState &state);
  bool unseen_guard(facts::OpId i, const AccessPath &object, LockState &state);
  bool unseen_method(facts::OpId i, LockState &state);
  void construct_guard(facts::OpId i, const models::GuardType &guard, const AccessPath &object, LockState &state,
                       bool locks_only = false);
  bool guard_method(facts::OpId i, LockState &state);
  void result_guard(facts::OpId i, LockState &state);
  // lock_calls.cpp
  void call(facts::OpId i, LockState &state);
  void returns(facts::OpId i, LockState &state);
  bool releases_in_destructor(facts::TypeId type) const;
  bool lock_clauses(facts::OpId i, LockState &state);
  bool lockable_method(facts::OpId i, LockState &state);
  bool keeps_out(const LockCase &c, const LockSummary &summary, const ExitCase &exit, const Site &site,
                 FunctionId body) const;
  bool apply_summary(const LockSummary &summary, FunctionId body, const Site &site, LockState &state,
                     bool unsure = false);
  void apply_exit(const ExitCase &exit, FunctionId body, const Site &site, LockCase &c, bool unsure) const;
  bool chosen(const LockCase &c, const ExitCase &exit, FunctionId body, const Site &site) const;
  void destroy(facts::OpId i, LockState &state);
  void remember(facts::OpId i, LockState &state);
  void hold_by_hand(LockCase &c, const AccessPath &lock, bool shared, facts::OpId op, bool recursive = false,
                    bool assumed = false) const;
  void release(LockCase &c, const AccessPath &lock) const;
  void fork(facts::OpId i, LockState &state, const std::function<void(LockCase &, bool)> &apply,
            std::optional<std::int64_t> success_is = std::nullopt) const;
  // lock_runs.cpp
  bool run_bodies(facts::OpId i, LockState &state);
  bool run_one_of(const std::vector<FunctionId> &bodies, facts::EntityId method, const AccessPath &object,
                  const Site &site, LockState &state, bool unsure);
  bool may_run(const Known &known, const AccessPath &object, facts::EntityId method, std::int64_t body) const;
  std::vector<std::int64_t> alternatives(const std::vector<FunctionId> &bodies) const;
  bool run_callbacks(facts::OpId i, LockState &state);
  void destroy_parts(facts::OpId i, const AccessPath &object, facts::TypeId type, LockState &state, unsigned depth);
  bool adopt_by_deleter(facts::OpId i, LockState &state);
  bool owner_method(facts::OpId i, LockState &state);
  std::vector<FunctionId> run_by(facts::OpId i, Link link) const;
  // lock_awaits.cpp
  void await(facts::OpId i, LockState &state, LockState *suspended);
  bool awaited_call(facts::OpId i, LockState &state);
  bool awaiter_step(facts::OpId i, facts::EntityId method, const Site &site, LockState &state);
  // lock_objects.cpp
  bool wrapped_guard(facts::OpId i, LockState &state);
  void aggregate(facts::OpId i, LockState &state);
  void contain(facts::OpId i, const AccessPath &object, LockState &state);
  void assign(const facts::Operand &from, const AccessPath &to, LockState &state);
  bool assignment(facts::OpId i, LockState &state);
  bool swap(facts::OpId i, LockState &state);
  bool moves(const facts::Operand &operand) const;
  void move_object(const AccessPath &from, const AccessPath &to, LockState &state);
  void consume_moved(facts::OpId i, LockState &state);
  void loop_over(facts::OpId i, LockState &state) const;
  bool passes_by(const LockCase &c, facts::OpId test, bool holds) const;

  const LockWorld &world_;
  const Program &program_;
  const Library &library_;
  FunctionId f_;
  const facts::Function &function_;
  LockPaths paths_;
  Asked asked_;
  bool hit_limit_ = false;
  std::vector<facts::OpId> declared_;        // by local: its first operation; empty where no handler needs it
  std::map<facts::BlockId, facts::OpId> try_; // by handler: the first operation of its try block
};

} // namespace tenterhook::analysis

#endif
