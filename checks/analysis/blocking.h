// What blocks a thread, and which coroutines and loop callbacks reach it.
//
// A blocking site is an operation whose model says that it waits, for arguments under which it does. From each site the
// call graph is walked backwards, breadth first, to every root that runs on an event loop: a coroutine, an awaiter's
// method, or a callback posted to a loop. The walk gives the shortest chain from each root (ties by FunctionId), ignores
// calls made after the coroutine moved to a pool, and stops at functions declared non-blocking.
#ifndef TENTERHOOK_CHECKS_ANALYSIS_BLOCKING_H
#define TENTERHOOK_CHECKS_ANALYSIS_BLOCKING_H

#include "analysis/contexts.h"
#include "analysis/descriptors.h"

namespace tenterhook::analysis {

enum class Certainty : std::uint8_t { possible, likely, certain };

// A parameter on which it depends whether a call waits: what callers pass decides.
struct Decisive {
  facts::LocalId parameter = facts::none;
  models::Condition condition; // on that parameter; where it holds, the call does not wait
  enum Kind : std::uint8_t { argument, ready, null, mode } kind = argument; // instead of the condition: …
  // ready: the call waits for the parameter, but not if that is known to be ready;
  // null: the call is made only if the parameter is null;
  // mode: the call is made only if this field of the object is the value (`equal`), or is not. See modes.cpp.
  facts::EntityId field = facts::none;
  std::int64_t value = 0;
  bool equal = true;
};

struct BlockSite {
  FunctionId in = none;
  facts::OpId op = none;
  models::BlockClass cls = models::BlockClass::wait;
  std::string callee;  // "std::this_thread::sleep_for"; for destructors "~std::jthread"
  std::string what;    // completes "the thread …"
  std::string instead; // advice; may be empty
  Certainty certainty = Certainty::certain;
  facts::AccessPath object; // what it works on: a stream, a descriptor, a future; invalid if it has no name
  std::vector<Decisive> unless;
};

struct Hop { // operation `op` of `in` leads to the next hop's function
  FunctionId in = none;
  facts::OpId op = none;
  Link link = Link::direct;
};

enum class RootKindOnLoop : std::uint8_t { coroutine, awaiter, callback };

struct Reach { // a root and its chain to the site; chain.back() is the site's own operation
  FunctionId root = none;
  RootKindOnLoop kind = RootKindOnLoop::coroutine;
  std::vector<Hop> chain;
  Certainty certainty = Certainty::certain;
};

struct BlockingOptions {
  std::set<models::BlockClass> classes;    // those that count
  std::vector<std::string> allowed;        // globs of qualified names that count as not blocking
  bool closed_world = true;
};

class Blocking {
public:
  Blocking(const Program &program, const Library &library, const CallGraph &calls, const Contexts &contexts,
           const Descriptors &descriptors, BlockingOptions options);

  // Every blocking site, by function and operation.
  const std::vector<BlockSite> &sites() const { return sites_; }
  // Roots that reach the site, shortest chain first; empty if none does.
  std::vector<Reach> reached_from(const BlockSite &site) const;

private:
  void add_site(FunctionId f, facts::OpId op);
  void add_destructor(FunctionId f, facts::OpId op, facts::TypeId type, unsigned depth);
  bool is_stopped(FunctionId f) const; // declared or configured not to block
  bool known_ready(FunctionId f, facts::OpId op) const;
  bool opens_without_waiting(FunctionId f, const facts::Operation &op) const;
  bool awaited_done(FunctionId f, const facts::Operand &object) const;
  bool asserted_done(FunctionId f, facts::OpId op) const;
  bool without_executor(FunctionId f, facts::OpId op) const;
  bool maybe_fulfilled(FunctionId f, facts::OpId op) const;
  bool own_thread(const Origin &origin) const;
  bool awaited_before(FunctionId f, facts::OpId destroy) const;
  std::vector<Decisive> decisive(FunctionId f, const facts::Operation &op, const models::Blocks &clause) const;
  bool pass_on(FunctionId caller, const facts::Operation &call, std::vector<Decisive> &unless, Certainty &certainty) const;
  void require_null(FunctionId f, facts::OpId op, std::vector<Decisive> &unless) const;
  std::optional<facts::LocalId> parameter(FunctionId f, const facts::Operand &operand) const;
  enum class Mode : std::uint8_t { any, other, untold, of_caller }; // of an object: the one asked for perhaps, never, …
  void require_mode(FunctionId f, facts::OpId op, std::vector<Decisive> &unless) const;
  Mode mode_at(FunctionId caller, const facts::Operation &call, const Decisive &mode) const;
  std::optional<std::int64_t> initial_value(FunctionId f, facts::OpId made, facts::EntityId field, unsigned depth) const;
  const std::vector<bool> &setters(facts::EntityId field) const;
  bool locks(const facts::Operation &op) const;
  facts::AccessPath object(FunctionId f, const facts::Operation &op, const models::Blocks &clause) const;
  bool given_up(FunctionId f, const facts::AccessPath &object) const; // moved from or detached somewhere
  std::optional<RootKindOnLoop> root(FunctionId f, facts::OpId op, Certainty &certainty) const;
  const models::Blocks *clause(FunctionId f, const facts::Operation &op, const std::vector<models::Blocks> &clauses,
                               Certainty &certainty) const;

  const Program &program_;
  const Library &library_;
  const CallGraph &calls_;
  const Contexts &contexts_;
  const Descriptors &descriptors_;
  BlockingOptions options_;
  std::vector<BlockSite> sites_;
  std::set<std::pair<FunctionId, facts::OpId>> site_ops_; // of the sites, and of calls known not to wait
  std::set<std::string> executables_; // build targets with a main of their own, or that no other target calls
  mutable std::map<facts::EntityId, std::set<FunctionId>> field_writes_; // filled on demand, as the next
  mutable std::map<facts::EntityId, std::vector<bool>> setters_;
  std::vector<bool> stopped_; // by EntityId: declared, modelled or configured not to block
};

// Whether every path to `block` takes the edge (plain reachability without it). `succ` none: any edge out of `from`.
bool behind_edge(const facts::Function &function, facts::BlockId block, facts::BlockId from, unsigned succ);
facts::BlockId block_of(const facts::Function &function, facts::OpId op);

} // namespace tenterhook::analysis

#endif
