// Races: two accesses of one memory, one of them a write, by threads that may run at the same time and have no lock in common.
//
// Cheapest first: what one thread touches, or nobody writes, is left out before any way is looked for; what is left is grouped
// by memory, and in each group pairs of what is told apart are tested: accesses of one kind that the same threads do under the
// same locks are one. One result for each memory: the pair that is surest.
#ifndef TENTERHOOK_CHECKS_RACES_RACES_H
#define TENTERHOOK_CHECKS_RACES_RACES_H

#include "races/arrivals.h"

namespace tenterhook::analysis {

struct Memory { // in names that hold everywhere
  Handle at;
  bool content = false;
  auto operator<=>(const Memory &) const = default;
};

struct Side {
  FunctionId in = none;
  Access access;
  Arrival arrival;
};

enum class Sure : std::uint8_t { possible, likely, certain };

struct Race {
  Memory memory;
  Side first, second; // first: a write that nothing guards, else a read that nothing guards
  Sure sure = Sure::likely;
  std::vector<std::pair<FunctionId, facts::OpId>> others; // further accesses of the memory that race
  unsigned guarded = 0, unguarded = 0;                    // places that hold `guard`, and that do not
  std::optional<LockHeld> guard;                          // what most of them hold
  bool contract = false;                                  // no thread is seen: the lock says that several may come
};

class Races {
public:
  Races(const Program &program, const Library &library, const CallGraph &calls, const Locks &locks);
  const std::vector<Race> &all() const { return races_; }

private:
  struct Candidate {
    FunctionId in = none;
    Access access;
    NodeId node = 0; // where its ways end
  };
  struct Group {                                                      // the accesses of one memory
    std::vector<Side> sides;                                          // of each kind the first
    std::vector<std::set<std::pair<FunctionId, facts::OpId>>> places; // by side
    std::map<std::tuple<std::uint64_t, bool, bool, ElementKey, FunctionId, bool, bool, bool, FunctionId>, std::size_t> kinds;
    void add(Side side);
  };
  std::vector<Candidate> candidates();
  std::vector<bool> called_under_locks();
  std::vector<Candidate> guarded();
  bool at_one_place(const Race &a, const Race &b) const;
  void find_contracts(const std::vector<Candidate> &guarded);
  bool is_settled(const Arrival &arrival);
  AccessPath terminal(const AccessPath &path) const;
  void unify(facts::PathStep &step) const;
  static Handle whole(const Arrival &arrival, const AccessPath &rest);
  Memory memory(const Arrival &arrival, const AccessPath &rest, bool content) const;
  bool concurrent(const Arrival &a, const Arrival &b) const;
  bool handed_over(const Arrival &a, const Arrival &b) const;
  bool common_lock(const Side &a, const Side &b) const;
  bool distinct_elements(const Side &a, const Side &b, bool same) const;
  bool race(const Side &a, const Side &b, bool same) const;
  static bool is_plain(const Arrival &arrival);
  bool is_given_by_calls(const Memory &memory) const;
  Sure sure(const Memory &memory, const Side &a, const Side &b, bool same) const;
  void find(const Memory &memory, const Group &group, const std::vector<const Side *> &wholes);

  const Program &program_;
  const Library &library_;
  const LockNames &names_;
  const Locks &locks_;
  Origins origins_;
  Threads threads_;
  Order order_;
  Accesses accesses_;
  HeldLocks held_;
  Ways ways_;
  Arrivals arrivals_;
  std::vector<Race> races_;
};

} // namespace tenterhook::analysis

#endif
