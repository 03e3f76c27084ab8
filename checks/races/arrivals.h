// With what threads come to an access: which creations led to the thread, what each of those threads had done before, which
// locks the last one holds; in names that hold everywhere.
//
// Goes down the ways (ways.h) from where memory is made, or from main for globals, so that every name can be followed at once
// to what it means. Two ways that agree in all of that are one, told by the shorter: what is kept grows with what threads may
// know, not with the paths of the call graph. Arrivals beyond the limit are cut off and counted, and those that stay are no
// longer exact.
//
// A *level* is one thread of a way: the one that does the access, the one that created it, and so on; with what it had done
// (order.h; what it had announced is read off the way of each access) before it did the access, or created the next.
#ifndef TENTERHOOK_CHECKS_RACES_ARRIVALS_H
#define TENTERHOOK_CHECKS_RACES_ARRIVALS_H

#include "locks/held.h"
#include "races/order.h"
#include "races/ways.h"
#include <deque>
#include <unordered_map>

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
  OriginId origin = facts::none; // of a creation, `deferred` ones included
  facts::OpId fresh = none;      // as in Way
  bool making = false;           // the call constructs the object: nobody else knows it yet
  bool settled = true;           // what is not seen further out is made at the outermost frame, or is the program's
  unsigned depth = 0;            // calls of this level
  const Frame *outer = nullptr;
};

struct Level {
  OriginId origin = 0;
  FunctionId entry = none;
  bool again = false;            // started again for the same object
  OriginId serial = facts::none; // runs one after the other on this thread
  const Digest *done = nullptr;
  FunctionId in = none; // of an outer level: where it creates the next inner one
  facts::OpId op = none;
  Handle child; // of an outer level: by what the next inner one is waited for
};

struct Arrival {
  Handle object; // the memory, without what `Ways::rest` says
  ElementKey key;
  FunctionId key_of = facts::none;             // whose names `key.path` is of; none: nobody's
  std::vector<LockHeld> locks;                 // of the innermost level
  std::vector<Level> levels;                   // innermost first
  const std::set<Handle> *announced = nullptr; // events that one of its threads had announced before, on the way that is told
  const Frame *last = nullptr;                 // innermost first
  const Frame *created = nullptr;              // the creation of the innermost level
  FunctionId program = none;                   // of one database's programs the one that the way is of, by main; none: any
  bool presumed = false;                       // by a signature alone, or by code that is not seen; or a lock's name was lost
  bool exact = true;                           // every call on the way is sure to run what it is said to
  bool plain = true;      // nothing on the way could keep others out but what was followed: no lock of any kind, no atomic
  std::uint64_t same = 0; // equal: the same in all that decides about races but key, object and flags
  bool unseen() const { return levels.back().origin == Origins::unseen; }
};

class Arrivals {
public:
  Arrivals(const Program &program, const Locks &locks, Origins &origins, Threads &threads, Order &order, Accesses &accesses,
           HeldLocks &held, Ways &ways);

  // Once Ways::find() has run. `wanted`: nodes whose arrivals are asked for though no thread is created above them.
  void find(const std::vector<bool> &wanted);
  std::vector<Arrival> of(NodeId node, const Access &access);
  // A name of the innermost thread's entry, in names that hold everywhere.
  Handle at_entry(const Arrival &arrival, const Handle &handle) const;

private:
  struct Concern;
  using Id = std::uint32_t;
  struct Outer { // the levels outside of the innermost
    Id outer = facts::none;
    OriginId origin = 0, serial = facts::none;
    FunctionId entry = none;
    bool again = false;
    Id done = 0;
    FunctionId in = none;
    facts::OpId op = none;
    Handle child;
    auto operator<=>(const Outer &) const = default;
  };
  struct Content { // what tells one arrival from another
    NodeId root = 0;
    Id outer = facts::none;
    OriginId origin = 0, serial = facts::none;
    FunctionId entry = none;
    bool again = false, repeated = false;
    Id done = 0, locks = 0;
    FunctionId program = none; // whose main's file the way passes
    auto operator<=>(const Content &) const = default;
  };
  struct Coming {
    Content content;
    bool presumed = false, exact = true, plain = true;
    unsigned creators = 0;
    const Frame *last = nullptr, *created = nullptr;
    unsigned sure() const { return presumed ? 0 : exact && plain ? 2 : 1; }
  };
  struct Place { // of one node
    std::vector<Coming> all;
    bool cut = false;
  };
  struct Hash {
    std::size_t operator()(const std::pair<NodeId, Content> &at) const;
    std::size_t operator()(const std::tuple<NodeId, NodeId, OriginId> &at) const;
  };
  template <class T> struct Pool {
    std::map<T, Id> known;
    std::deque<T> all;
    Id id(const T &value) {
      auto [it, added] = known.try_emplace(value, static_cast<Id>(all.size()));
      if (added)
        all.push_back(value);
      return it->second;
    }
  };
  std::set<Handle> announced(const Frame *last) const;
  bool is_plain(FunctionId f);
  bool is_on_the_way(const Coming &coming, OriginId origin) const;
  void find_concerns();
  void begin(NodeId root);
  bool arrive(NodeId node, const Coming &coming); // whether it is kept
  void go(const Coming &from, const Way &way);
  Coming stepped(const Coming &from, const Way &way);
  Handle lifted(FunctionId body, const Frame *by, Handle handle, bool settled, bool content, bool *crossed = nullptr) const;
  Digest lifted(FunctionId body, const Frame *by, const Digest &digest, bool settled) const;
  void keep_what_matters(const Concern &concern, Digest &digest) const;
  void take_held(FunctionId f, facts::OpId op, bool once, Coming &coming, bool settled);

  const Program &program_;
  const Locks &locks_;
  Origins &origins_;
  Threads &threads_;
  Order &order_;
  Accesses &accesses_;
  HeldLocks &held_;
  Ways &ways_;
  Pool<Digest> digests_;
  Pool<std::vector<LockHeld>> lock_sets_;
  Pool<Outer> outers_;
  Pool<std::set<Handle>> events_;
  Pool<std::tuple<Id, Id, OriginId, OriginId, FunctionId, bool, Id, Id>> same_;
  std::deque<Frame> frames_;
  // All that is made at the roots of one object; of globals, all of one program. By what they are asked about.
  struct Concern {
    bool shared = false; // a thread is created on some way down
    llvm::SparseBitVector<> origins;
    std::set<AccessPath> handles;                      // the last field, global or local of their names
    llvm::SparseBitVector<> written, crossed, globals; // that several threads may touch, and one of them may write
  };
  std::vector<Concern> concerns_;
  std::vector<Id> concern_of_;                                                     // by NodeId, of roots
  std::unordered_map<std::pair<NodeId, Content>, std::size_t, Hash> known_;        // index into its Place
  std::unordered_map<std::tuple<NodeId, NodeId, OriginId>, unsigned, Hash> count_; // by node, root and innermost thread
  std::vector<FunctionId> program_of_;                                             // by FunctionId: as Content::program
  std::vector<std::int8_t> plain_;                                                 // by FunctionId; -1: not asked yet
  std::vector<Place> places_;                                                      // by NodeId
  std::deque<std::pair<NodeId, std::size_t>> work_;
};

} // namespace tenterhook::analysis

#endif
