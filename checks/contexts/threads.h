// How many threads run a function at a time, for one object: one is an event loop's, several are a pool.
//
// A path of the function (the queue that it empties) is followed up through who calls it and who starts it as a thread, to
// where the object is made: a local, a global, or where nobody seen calls any more. On the way it is counted how often a
// thread is started for that object: on a cycle that does not make the object anew, at several places, in a function that
// runs several times for it. A thread kept in a variable of the object itself is one at a time, however often it is started.
//
// Two objects of a class do not add up: each has its own threads. Counts saturate at two. One thread at a time: answers
// are kept.
#ifndef TENTERHOOK_CHECKS_CONTEXTS_THREADS_H
#define TENTERHOOK_CHECKS_CONTEXTS_THREADS_H

#include "calls/dispatch.h"
#include "naming/lock_paths.h"

namespace tenterhook::analysis {

// Whether the function begins on the program's main thread: main itself, and what runs before it.
inline bool begins_on_main(const Program &program, FunctionId f) {
  return program.functions[f].before_main || program.qualified(program.functions[f].entity) == "main";
}

class Threads {
public:
  Threads(const Program &program, const Library &library, const CallGraph &calls, const LockNames &names);

  struct Count {
    unsigned threads = 0; // 0, 1, or 2 for several
    bool exact = true;    // all of them were seen, and that it is one object's
  };
  // The most that run `f` at a time for one object that `path`, a path of `f`, may be; without a path, for all objects together.
  Count running(FunctionId f, const facts::AccessPath &path);
  // The path that an operand of `f` means.
  AccessPath path(FunctionId f, const facts::Operand &operand) { return names(f).of(operand); }

private:
  struct Object { // where it is made: a path of `in`; of no function if it is global or nothing is known of it
    FunctionId in = none;
    AccessPath path;
    auto operator<=>(const Object &) const = default;
  };
  struct Tally {
    unsigned here = 0; // 1: the thread that has made the object runs it, too
    unsigned started = 0;
    bool exact = true;
  };
  using Tallies = std::map<Object, Tally>;
  using Key = std::pair<FunctionId, AccessPath>;
  struct Start {
    FunctionId in = none;
    facts::OpId op = none;
    models::Executor on = models::Executor::unknown;
  };

  Tallies running_for(const Key &key);
  Tallies started(const Start &start, const AccessPath &path);
  Tallies runs_for(const Key &key);
  bool is_made_here(FunctionId f, const AccessPath &path) const;
  bool repeats_for(FunctionId f, facts::OpId op, const AccessPath &path);
  bool kept_alone(const Start &start) const;
  AccessPath replaced(const facts::Operation &op) const;
  bool runs_again(FunctionId f, const Edge &edge) const;
  bool runs_once(FunctionId f, const Edge &edge) const;
  AccessPath outside(FunctionId caller, facts::OpId op, FunctionId body, const AccessPath &path);
  AccessPath outside(const Start &start, FunctionId body, const AccessPath &path);
  const LockPaths &names(FunctionId f);

  const Program &program_;
  const Library &library_;
  const CallGraph &calls_;
  const LockNames &names_;
  Cycles cycles_;
  std::vector<std::vector<Start>> starts_; // by FunctionId: where it is handed over to run later
  std::map<FunctionId, std::vector<std::pair<FunctionId, facts::OpId>>> created_; // by coroutine: where
  std::map<FunctionId, LockPaths> paths_;
  std::map<Key, Tallies> running_, runs_; // an empty answer while it is being looked for: a recursion adds nothing
};

} // namespace tenterhook::analysis

#endif
