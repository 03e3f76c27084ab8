// What may run beside a place: which threads that the program creates may be alive there, and which have ended.
//
// A *handle* is by what somebody waits for threads: a variable, a member, a container of them. What a body does to the number of
// a handle's threads that are alive is f(c) = max(c + add, floor): a creation is (1, 1), a join (-1, 0), a join of all
// (-all, 0). Such functions compose and join (the larger is the safer), so one forward pass a body, callees first, gives what
// every operation has behind it, and each body's summary. Handles are named as locks are, from the view of the function, and
// translated where it is called; one whose name nobody outside has is of the function that made it.
//
// A loop that joins the elements of a container has joined them all where it ends. What the destructor of a handle waits
// for, or would end the program over, has ended behind it.
#ifndef TENTERHOOK_CHECKS_RACES_ORDER_H
#define TENTERHOOK_CHECKS_RACES_ORDER_H

#include "contexts/threads.h"

namespace tenterhook::analysis {

struct Handle {
  FunctionId in = none; // whose names `path` is of; none: the function that is looked at
  AccessPath path;      // no root: nobody can wait for it
  auto operator<=>(const Handle &) const = default;
};
struct Effect {
  static constexpr int all = 99; // more than anybody counts
  int add = 0, floor = 0;
  std::set<OriginId> origins; // that may have been created
  bool mixed = false;         // joined on some ways only
  bool moved = false;         // some of them by another handle, or nobody's
  Effect then(const Effect &next) const;
  void join(const Effect &other);
  auto operator<=>(const Effect &) const = default;
};

struct Digest {
  std::map<Handle, Effect> threads;
  // Events that order threads without ending one: a promise kept, a latch counted down, a flag set.
  std::set<Handle> signalled; // may have been announced
  // Have been waited for, on every way; true: for all that announce it, as a latch is.
  std::set<std::pair<Handle, bool>> waited;
  Digest then(const Digest &next) const;
  // Answers of atomics that one thread at a time gets: its own way to a lock. Given up meanwhile: those of callers.
  std::set<Handle> claimed, dropped;
  bool join(const Digest &other); // whether it has changed
  // Whether a thread of the origin that is waited for by the handle may be alive, if none was before.
  bool may_run(OriginId origin, const Handle &handle) const;
  // Whether what is waited for by the handle has ended, whatever was before.
  bool has_ended(const Handle &handle) const;
  bool empty() const { return threads.empty() && signalled.empty() && waited.empty() && claimed.empty() && dropped.empty(); }
  auto operator<=>(const Digest &) const = default;
};

class Order {
public:
  Order(const Program &program, const Library &library, const CallGraph &calls, Origins &origins, Threads &threads);

  // What has happened in one run of `f` before `op`. `fresh`: since the operation that made the object that is looked at.
  const Digest &before(FunctionId f, facts::OpId op, facts::OpId fresh = none);
  // What a run of `f` has done when it ends.
  const Digest &summary(FunctionId f) const { return summaries_[f]; }
  // By what somebody waits for the origin; in the names of the function that creates it.
  AccessPath handle(OriginId id) const { return handles_[id]; }
  // By what somebody waits for what the operand names.
  Handle handle_of(FunctionId f, const facts::Operand &operand) const;
  // At how many places the event is announced, in the whole program; `path` is a name of `f`.
  unsigned announced(FunctionId f, const AccessPath &path) const;
  // What such names have in common, wherever the event or handle is named: a path of `f`.
  AccessPath terminal(FunctionId f, AccessPath path) const;
  // The name of a handle of `body` in its caller.
  Handle outside(FunctionId caller, facts::OpId op, FunctionId body, const Handle &handle);

private:
  friend class OrderTransfer;
  AccessPath find_handle(const Origin &origin);
  bool concerns(FunctionId f) const;
  void collect_events(FunctionId f);
  void collect_flags(FunctionId f);
  void collect_awaited(FunctionId f);
  bool is_awaited(FunctionId f, const facts::AccessPath &path) const;
  AccessPath asked_flag(FunctionId f, facts::OpId wait, FunctionId *asker) const;
  bool sets_flag(FunctionId f, const facts::Operation &op) const;
  Digest effect_of_calls(FunctionId f, facts::OpId op);
  void solve_body(FunctionId f);

  const Program &program_;
  const Library &library_;
  const CallGraph &calls_;
  Origins &origins_;
  Threads &threads_;
  std::vector<AccessPath> handles_;                                          // by OriginId
  std::vector<std::vector<OriginId>> created_;                               // by FunctionId
  std::vector<bool> concerned_;                                              // by FunctionId: it or what it calls
  std::vector<Digest> summaries_;                                            // by FunctionId
  std::map<std::pair<FunctionId, facts::OpId>, std::vector<Digest>> solved_; // by function and `fresh`: before each operation
  std::map<FunctionId, std::map<AccessPath, AccessPath>> stands_for_; // of what the function makes of an object: its future
  std::set<AccessPath> flags_;                                        // plain ones that condition variables wait for
  std::set<AccessPath> awaited_;                                      // by the same: what anybody waits for, or claims
  std::map<AccessPath, unsigned> sites_;                              // by the last field, global or local of an event's name
  Digest nothing_;
};

// Whether the atomic operation orders nothing but itself.
bool is_relaxed(const Program &program, const facts::Operation &op);
// What the names of one memory have in common wherever it is reached from: the last field (without a root), else the global.
// Neither a root nor a step if there is none of both.
AccessPath last_named(const AccessPath &path);
// A path without its index steps: elements of containers are waited for by their container.
AccessPath without_elements(AccessPath path);

} // namespace tenterhook::analysis

#endif
