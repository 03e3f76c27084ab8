// Abstract threads ("origins"): where what runs by itself is created, by whom, what it runs, one at a time or many, and
// which functions each of them reaches.
//
// Origin 0 is the program's main thread: main() and what runs before it. Origin 1 is whoever is not seen: it runs what
// nobody seen runs. Then, by function and operation, every operation that hands something over to run later: a thread's
// constructor, pthread_create, std::async, a pool's or a loop's post, co_spawn. What is `deferred` runs on a thread that is
// there already: it is passed through, as calls are. What is only `kept` runs where the program takes it out again; where it
// never does, code that is not seen runs it.
//
// Context-insensitive: one or many counts all objects together (threads.h counts for one object). Linear in the call graph;
// computed when it is asked for; the same in every run. One thread at a time.
#ifndef TENTERHOOK_CHECKS_CONTEXTS_ORIGINS_H
#define TENTERHOOK_CHECKS_CONTEXTS_ORIGINS_H

#include "calls/dispatch.h"
#include "llvm/ADT/SparseBitVector.h"

namespace tenterhook::analysis {

using OriginId = std::uint32_t; // index into Origins::all()
constexpr unsigned several = 2; // two or more, wherever what runs is counted

enum class OriginKind : std::uint8_t { main, unseen, thread, pool, loop, fiber, deferred, kept };
llvm::StringRef name(OriginKind kind);

struct Origin {
  OriginKind kind = OriginKind::main;
  FunctionId in = none; // the operation that creates it; none: main, unseen
  facts::OpId op = none;
  std::vector<FunctionId> entries; // what it may run first; sorted
  bool alone = false;              // kept in one variable: the next one there waits for its end
  bool sure = true;                // false: it runs one of several entries
  facts::OpId made = none;         // of a coroutine that is handed over: the call that makes it
};

// Whether the function begins on the program's main thread: main itself, and what runs before it.
inline bool begins_on_main(const Program &program, FunctionId f) {
  return program.functions[f].before_main || program.qualified(program.functions[f].entity) == "main";
}

class Origins {
public:
  static constexpr OriginId main = 0, unseen = 1;

  Origins(const Program &program, const Library &library, const CallGraph &calls);

  const std::vector<Origin> &all() const { return all_; }
  // Those that `f` is an entry of, main and unseen left out; sorted.
  llvm::ArrayRef<OriginId> starting(FunctionId f) const { return starting_[f]; }
  // Who creates instances of a coroutine that are not handed over as they are made.
  llvm::ArrayRef<std::pair<FunctionId, facts::OpId>> created(FunctionId coroutine) const;

  struct Often {
    unsigned times = 0; // 0, 1, or 2 for several
    bool exact = true;  // false: code that is not seen may have it run more often
  };
  // How often the function runs, in the whole program.
  Often runs(FunctionId f);
  // How many threads the origin is at a time.
  Often threads(OriginId id);
  // The origins that run the function; sorted.
  std::vector<OriginId> running(FunctionId f);
  // The origins that create it: those that run its creation.
  std::vector<OriginId> creators(OriginId id) { return all_[id].in == none ? std::vector<OriginId>() : running(all_[id].in); }

  // Whether the operation runs several times in one run of its function.
  bool on_cycle(FunctionId f, facts::OpId op) { return cycles_.on_cycle(f, op); }
  // What a library that nobody sees into does with a callable, it may do for each element of something.
  bool runs_again(FunctionId f, const Edge &edge) const;
  // std::call_once.
  bool runs_once(FunctionId f, const Edge &edge) const;

private:
  void collect();
  void solve();
  void count_objects();
  bool kept_alone(FunctionId f, facts::OpId op) const;
  OriginKind handed_on(FunctionId f, const facts::Operation &op, FunctionId callable, unsigned depth = 0) const;
  facts::AccessPath replaced(const facts::Operation &op) const;
  bool is_called_by_value(FunctionId f) const;

  const Program &program_;
  const Library &library_;
  const CallGraph &calls_;
  Cycles cycles_;
  std::vector<Origin> all_;
  std::vector<std::vector<OriginId>> starting_;                                   // by FunctionId
  std::map<FunctionId, std::vector<std::pair<FunctionId, facts::OpId>>> created_; // by coroutine
  bool solved_ = false;
  std::vector<Often> runs_;                      // by FunctionId
  std::vector<llvm::SparseBitVector<>> running_; // by FunctionId
  std::map<facts::TypeId, unsigned> objects_;    // by class: how many are made
};

} // namespace tenterhook::analysis

#endif
