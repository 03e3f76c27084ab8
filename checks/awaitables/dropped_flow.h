// Pending awaitables, path by path: the dataflow problem behind dropped.h.
//
// An awaitable is pending from the operation that stores it in a local variable (a parameter's, from the start) until
// anything looks at that variable. To ask whether there is one is not to look: where the answer is no, nothing is owed.
// With each goes what is known of branch conditions since it was made: in `if (c) t = f(); … if (c) co_await t;` the
// path that makes t and does not await it would need c to be true and false. A loop that awaits it is expected to run:
// what is pending only because it might not is told apart.
#ifndef TENTERHOOK_CHECKS_AWAITABLES_DROPPED_FLOW_H
#define TENTERHOOK_CHECKS_AWAITABLES_DROPPED_FLOW_H

#include "awaitables/awaitables.h"
#include "naming/lock_paths.h"
#include <map>
#include <set>

namespace tenterhook::analysis {

// `op` gives local `l` a new value, or part of one: x = y.
bool assigns(const Program &program, const facts::Operation &op, facts::LocalId l);

// Whether `op` looks at local `l` in any way: all but storing into it and ending its life. What cannot be named but has
// its type may be it.
bool looks_at(const Program &program, FunctionId f, const facts::Operation &op, facts::LocalId l);

// Stands for the operation that makes the awaitable in parameter `l`: the caller's, which has no number here.
inline constexpr facts::OpId first_parameter = 0x80000000;
inline facts::OpId given(facts::LocalId l) { return first_parameter + l; }

// A branch condition: a variable or the value of an operation, its being equal to a constant, or its relation to one or to
// another variable, in one of the forms `less` and `less_equal` (the others are their opposites).
struct Decided {
  facts::OperandKind kind = facts::OperandKind::path;
  AccessPath path{};
  facts::OpId op = facts::none;
  std::int64_t value = 0; // without a relation, 0: its truth
  facts::Relation relation = facts::Relation::none;
  AccessPath other{}; // in place of `value`
  auto operator<=>(const Decided &) const = default;
};

class PendingFlow {
public:
  using Truths = std::map<Decided, bool>;
  struct Pending {
    Truths since;              // what is known since it was made
    bool skipped_loop = false; // every path to here leaves a loop that looks at it before that did
  };
  struct State {
    std::map<facts::OpId, Pending> pending; // by the operation that made it
    Truths known;
    bool join(const State &other);
  };

  // `candidates`: operations whose value is stored in a local as a whole; given(l) for a parameter.
  PendingFlow(const Program &program, const Library &library, const Awaitables &awaitables, FunctionId f,
              const std::map<facts::OpId, facts::LocalId> &candidates);

  State entry() const;
  void transfer(facts::OpId i, State &state);
  bool edge(const facts::Block &block, unsigned succ, State &state);

  // The results. By the operation that made it: what ended it, while pending.
  const std::map<facts::OpId, facts::OpId> &overwritten() const { return overwritten_; }
  const std::map<facts::OpId, facts::OpId> &lost() const { return lost_; }
  const std::map<facts::OpId, facts::OpId> &lost_without_iteration() const { return lost_without_iteration_; }
  bool looked_at(facts::OpId made) const { return looked_at_.count(made) != 0; }
  bool asked(facts::OpId made) const { return asked_.count(made) != 0; }

private:
  void assume(const Decided &truth, bool holds, State &state) const;
  void forget(const AccessPath &written, State &state) const;
  void remember(const facts::Operation &op, State &state) const;
  void make(facts::OpId i, facts::LocalId l, State &state);
  void lose(facts::OpId made, const Pending &pending, facts::OpId where);
  void find_loops();
  // The candidate variable that operation `op` only asks whether it has a task; none if it does not.
  facts::LocalId asked_by(const facts::Operation &op) const;
  bool declares(facts::OpId made, facts::LocalId l) const;
  bool in_one_round(facts::OpId i, const Truths &known) const;

  const Program &program_;
  const Library &library_;
  const Awaitables &awaitables_;
  FunctionId f_;
  const facts::Function &function_;
  const std::map<facts::OpId, facts::LocalId> &candidates_;
  std::map<facts::OpId, facts::OpId> overwritten_, lost_, lost_without_iteration_;
  std::set<facts::OpId> looked_at_, asked_;
  struct Loop {
    std::vector<bool> blocks;
    std::set<facts::OpId> looks_at; // candidates that are made before it and looked at in it
  };
  std::vector<Loop> loops_;
};

} // namespace tenterhook::analysis

#endif
