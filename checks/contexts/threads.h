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

#include "contexts/origins.h"
#include "naming/lock_paths.h"

namespace tenterhook::analysis {

class Threads {
public:
  Threads(const Program &program, const Library &library, const CallGraph &calls, const LockNames &names, Origins &origins);

  struct Count {
    unsigned threads = 0; // 0, 1, or 2 for several
    bool exact = true;    // all of them were seen, and that it is one object's
  };
  struct Object { // where it is made: a path of `in`; of no function if it is global, or a member of whatever object
    FunctionId in = none;
    AccessPath path;
    auto operator<=>(const Object &) const = default;
  };
  struct Tally {
    unsigned here = 0; // 1: the thread that has made the object runs it, too
    unsigned started = 0;
    bool exact = true;
    Count count() const;
    void join(const Tally &other, bool sure); // of another place that runs it
  };
  using Tallies = std::map<Object, Tally>;

  // The most that run `f` at a time for one object that `path`, a path of `f`, may be; without a path, for all objects together.
  Count running(FunctionId f, const AccessPath &path);
  // The objects that `path` may be, and who runs `f` for each of them.
  const Tallies &running_for(FunctionId f, const AccessPath &path) { return running_for(Key(f, path)); }
  // The same objects, whoever runs it.
  const Tallies &objects(FunctionId f, const AccessPath &path) { return runs_for(Key(f, path)); }
  // The path that an operand of `f` means.
  AccessPath path(FunctionId f, const facts::Operand &operand) { return names(f).of(operand); }
  // A path of `entry`, one of the origin's, in the function that creates it: what is bound to a parameter, to a capture, to
  // `this`; no root if nothing is seen to be.
  AccessPath bound(OriginId id, FunctionId entry, const AccessPath &path);
  // A path of `body` in the function that runs it by this operation; no root if that has no name for it.
  AccessPath outside(FunctionId caller, facts::OpId op, FunctionId body, const AccessPath &path);
  // The same where the operation may call a callable that it is given: the body's object is that argument, and what the
  // body is given nobody knows.
  AccessPath outside_as_given(FunctionId caller, facts::OpId op, FunctionId body, const AccessPath &path);
  // Whether the operation runs several times for one object: on a cycle that does not make the object anew each time.
  bool repeats_for(FunctionId f, facts::OpId op, const AccessPath &path);
  const LockPaths &names(FunctionId f);
  // What a capture of a closure is a copy of, where the object's function makes the closure; else its path.
  AccessPath captured_source(const Object &object);

private:
  using Key = std::pair<FunctionId, AccessPath>;

  const Tallies &running_for(const Key &key);
  Tallies started(const Origin &origin, const AccessPath &path);
  const Tallies &runs_for(const Key &key);
  Object outermost(FunctionId f, const AccessPath &path) const;
  bool is_made_here(FunctionId f, const AccessPath &path) const;
  // A name that is followed further out. Recursion and wrappers within wrappers lengthen names without end: one that is too
  // long, and all beyond the first few of one function, are any object, of which no answer is exact.
  AccessPath followed(FunctionId f, AccessPath path);

  const Program &program_;
  const Library &library_;
  const CallGraph &calls_;
  const LockNames &names_;
  Origins &origins_;
  std::map<FunctionId, LockPaths> paths_;
  std::map<FunctionId, std::set<AccessPath>> followed_;
  std::map<Key, Tallies> running_, runs_; // an empty answer while it is being looked for: a recursion adds nothing
};

} // namespace tenterhook::analysis

#endif
