// How threads come to an access: up from the function that does it, through its callers, over the creation of its thread, to
// main. On the way go along the name of the memory, of the locks that are held, and of the thread's handle; each is
// translated at each step, so that a lock of an object stays that object's lock, until the function that makes it is reached.
//
// A *level* is one thread of that way: the one that does the access, the one that created it, and so on; with what it had
// done (order.h) before it did the access, or created the next. States are kept: two accesses of one member by methods that
// are called from the same places share their ways. Ways beyond the limit are cut off and counted.
#ifndef TENTERHOOK_CHECKS_RACES_ARRIVALS_H
#define TENTERHOOK_CHECKS_RACES_ARRIVALS_H

#include "calls/dispatch.h"
#include "locks/held.h"
#include "races/accesses.h"
#include "races/order.h"

namespace tenterhook::analysis {

struct LockHeld {
  Handle lock;
  bool shared = false;
  bool once = false; // not a lock: the body of a call_once with this flag
  bool own = false;  // made by the thread that holds it
  auto operator<=>(const LockHeld &) const = default;
};

struct Frame { // `op` of `in`: the access, the call that runs the frame before, or the creation of its thread
  FunctionId in = none;
  facts::OpId op = none;
  facts::OpId fresh = none; // what makes the object anew each time
  bool first = false;       // the object is made here: of what was before nobody knows it
  bool making = false;      // the call constructs the object: nobody else knows it before the constructor tells
  auto operator<=>(const Frame &) const = default;
};

struct Level {
  OriginId origin = 0;
  FunctionId entry = none;
  bool again = false;            // started again for the same object
  OriginId serial = facts::none; // runs one after the other on this thread
  std::vector<Frame> frames;     // innermost first: the access, or the creation of the next inner level
  // Once the way is whole, in names that hold everywhere:
  Digest done = {};
  Handle child = {}; // by what the next inner level's thread is waited for
};

struct Arrival {
  Handle object; // the memory
  ElementKey key;
  FunctionId key_of = facts::none; // whose names `key.path` is of; none: nobody's
  std::vector<LockHeld> locks;     // of the innermost level
  std::vector<Level> levels;       // innermost first
  unsigned made = 0;               // the level that makes the memory; of globals: the outermost
  bool repeated = false;           // the calls above the last creation are made again for the same object
  bool presumed = false;           // by a signature alone, or by code that is not seen
  bool exact = true;               // every call on the way is sure to run what it is said to
  bool unseen() const { return levels.back().origin == Origins::unseen; }
};

class Arrivals {
public:
  Arrivals(const Program &program, const Library &library, const CallGraph &calls, Origins &origins, Threads &threads,
           Order &order, Accesses &accesses, HeldLocks &held);

  std::vector<Arrival> of(FunctionId f, const Access &access);
  // A name of the innermost thread's entry, in names that hold everywhere.
  Handle at_entry(const Arrival &arrival, const Handle &handle) const;

private:
  struct State { // at the entry of `f`
    FunctionId f = none;
    Handle data;
    bool content = false;
    ElementKey key;
    FunctionId key_of = facts::none; // none: nobody's
    std::vector<LockHeld> locks;
    std::vector<Handle> released; // locks of callers that the way has given up
    unsigned crossed = 0;         // threads' creations that have been passed
    unsigned made = 0;            // how many had been when the function was reached that makes the memory
    auto operator<=>(const State &) const = default;
  };
  const std::vector<Arrival> &from(const State &state);
  void settle(State &state) const;
  bool made_here(FunctionId f, const Handle &name, bool content) const;
  facts::OpId made_by(FunctionId f, const Handle &name, facts::OpId before) const;
  template <class Translate> State translated(const State &state, FunctionId to, const Translate &translate) const;
  void translate_key(State &next, const State &state, FunctionId caller, facts::OpId op, bool thread, unsigned shift) const;
  void through_call(const State &state, FunctionId caller, const Edge &edge, std::vector<Arrival> &out);
  void through_creation(const State &state, OriginId id, std::vector<Arrival> &out);
  bool is_copied(const State &state, FunctionId creator, const facts::Operation &made, unsigned callable, unsigned shift) const;
  void take_held(FunctionId f, facts::OpId op, State &state);
  bool is_dispatched(FunctionId f, const Edge &edge, FunctionId to) const;
  bool run_by(FunctionId f, Level &level);
  void finish(Arrival &arrival);
  Handle lifted(const Arrival &arrival, std::size_t level, std::size_t frame, Handle handle) const;
  Digest lifted(const Arrival &arrival, std::size_t level, std::size_t frame, const Digest &digest) const;

  const Program &program_;
  const CallGraph &calls_;
  Origins &origins_;
  Threads &threads_;
  Order &order_;
  Accesses &accesses_;
  HeldLocks &held_;
  std::set<std::pair<FunctionId, facts::OpId>> dispatchers_;
  std::map<State, std::vector<Arrival>> known_;
  std::map<FunctionId, unsigned> states_;
  unsigned depth_ = 0;
};

} // namespace tenterhook::analysis

#endif
