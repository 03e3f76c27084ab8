// Conditions on which it hangs whether a call waits, and which the callers decide: what they pass, which mode the object
// is in that they made.
#ifndef TENTERHOOK_CHECKS_READINESS_CONDITIONS_H
#define TENTERHOOK_CHECKS_READINESS_CONDITIONS_H

#include "readiness/descriptors.h"
#include "readiness/ready.h"
#include "values/classes.h"

namespace tenterhook::analysis {

enum class Certainty : std::uint8_t { possible, likely, certain };

// A parameter, or a field of the function's object, on which it depends whether a call waits.
struct Decisive {
  facts::LocalId parameter = facts::none;
  models::Condition condition; // on that parameter; where it holds, the call does not wait
  enum Kind : std::uint8_t {
    argument,
    ready,
    null,
    mode,
    descriptor,
    switched,
    fiber,
    type,
    number,
    keeps
  } kind = argument; // instead of the condition: …
  // ready: the call waits for `object`, but not if that is known to be ready;
  // null: the call is made only if the parameter is null;
  // descriptor: the parameter, or this field of the object, is a descriptor; if that is non-blocking, no call waits;
  // switched: this field of the object is a descriptor that methods make non-blocking; the call waits in objects on
  // which none of them was called, which only shows where the object is the caller's own;
  // type: the call waits if the parameter is of the class that the condition names, or of one derived from it;
  // fiber: in a fiber, the call does not stop its thread;
  // number: the call is made only if the parameter is the value (`equal`), or is not;
  // keeps: the call is made only in objects whose constructor put body `value` into this field;
  // mode: the call is made only if this field of the object is the value (`equal`), or is not. See modes.cpp.
  facts::EntityId field = facts::none;
  std::int64_t value = 0;
  bool equal = true;
  facts::AccessPath object{}; // from a parameter, a capture or the own object, without dereferences

  auto key() const {
    return std::tie(kind, parameter, field, value, equal, object, condition.kind, condition.arg, condition.value, condition.text);
  }
  friend bool operator<(const Decisive &a, const Decisive &b) { return a.key() < b.key(); }
  friend bool operator==(const Decisive &a, const Decisive &b) { return a.key() == b.key(); }
};
using Conditions = std::vector<Decisive>; // sorted, unique: all must speak for waiting

// Whether one of them is still open when no caller can decide it any more: then the wait is only possible.
bool leave_open(const Conditions &conditions);
// Whether one of them speaks against waiting if no caller can decide it.
bool against(const Conditions &conditions);
bool has(const Conditions &conditions, Decisive::Kind kind);

class Callers {
public:
  Callers(const Program &program, const Library &library, const CallGraph &calls, const GuardsOf &guards, const Readiness &ready,
          const Descriptors &descriptors, const Classes &classes)
      : program_(program), library_(library), calls_(calls), guards_(guards), ready_(ready), descriptors_(descriptors),
        classes_(classes) {}

  // Whether a coroutine never meets one of the conditions, whoever makes it.
  bool never(FunctionId coroutine, const Conditions &conditions) const;
  // What must hold of the object for `op`, which calls what it keeps in a field, to run `body`: where every object has what
  // its constructor was given.
  std::optional<Decisive> kept(FunctionId f, facts::OpId op, FunctionId body) const;
  // Whether it is `body` that this function itself has put where `op` looks for what it calls, or another callable, whatever
  // other objects of the class hold; nothing where that is not known.
  std::optional<bool> put_here(FunctionId f, facts::OpId op, FunctionId body) const;
  // What must hold of the parameters and of the object of `f` for `op` to be reached.
  Conditions required(FunctionId f, facts::OpId op) const;
  // The parameters on which it hangs whether a call to which `clause` applies waits.
  Conditions decisive(FunctionId f, const facts::Operation &op, const models::Blocks &clause) const;
  // The parameter whose value, and nothing else, an operand is.
  std::optional<facts::LocalId> parameter(FunctionId f, const facts::Operand &operand) const;
  // The same for what callers have in hand as well: (a part of) a parameter, of a capture or of the own object.
  std::optional<facts::AccessPath> of_callers(FunctionId f, const facts::Operand &operand) const;
  // From conditions of a function to those of a caller; absent if what the call passes makes it not wait. `certainty`
  // is lowered where the call leaves it open.
  std::optional<Conditions> passed(FunctionId caller, facts::OpId call, FunctionId callee, const Conditions &conditions,
                                   Certainty &certainty) const;
  // Whether what `lambda` waits for is ready where `caller`, in which it is written, has `call` run it.
  bool captured_ready(FunctionId caller, facts::OpId call, FunctionId lambda, const Conditions &conditions) const;

private:
  enum class Mode : std::uint8_t { any, other, untold, of_caller }; // of an object: the one asked for perhaps, never, …
  Mode mode_at(FunctionId caller, facts::OpId call, const Decisive &mode) const;
  std::optional<facts::OpId> maker(FunctionId caller, facts::OpId call, facts::EntityId field) const;
  std::optional<facts::Operand> outside(FunctionId caller, const facts::Operation &call, FunctionId callee,
                                        const facts::AccessPath &object) const;
  bool on_own_object(const facts::Operation &call) const;
  // What a call passes; absent if it decides against waiting, else what the caller's callers must still decide.
  bool of_class(FunctionId caller, const facts::Operation &call, const Decisive &d, Conditions &outer,
                Certainty &certainty) const;
  bool switched(FunctionId caller, facts::OpId call, const Decisive &d, Certainty &certainty) const;
  std::optional<Conditions> descriptor(FunctionId caller, facts::OpId call, const Decisive &d, Certainty &certainty) const;
  void require_null(FunctionId f, const Guards::Edge &edge, Conditions &out) const;
  void require_mode(FunctionId f, const Guards::Edge &edge, Conditions &out) const;
  void require_value(FunctionId f, const Guards::Edge &edge, Conditions &out) const;
  bool excludes(FunctionId caller, const facts::Operation &call, const Decisive &value) const;
  bool holds_other(FunctionId caller, facts::OpId call, const Decisive &kept) const;
  bool rewritten(FunctionId f, facts::LocalId parameter) const;
  bool may_be_rewritten(FunctionId f, facts::LocalId parameter) const;
  std::optional<std::int64_t> initial_value(FunctionId f, facts::OpId made, facts::EntityId field, unsigned depth) const;
  bool sets(FunctionId f, facts::EntityId field) const;
  void collect_writes() const;

  const Program &program_;
  const Library &library_;
  const CallGraph &calls_;
  const GuardsOf &guards_;
  const Readiness &ready_;
  const Descriptors &descriptors_;
  const Classes &classes_;
  mutable std::map<facts::EntityId, std::set<FunctionId>> field_writes_; // filled on demand, as the next ones
  mutable std::map<FunctionId, std::vector<Creation>> created_;          // by coroutine
  mutable std::map<facts::EntityId, std::vector<std::pair<FunctionId, facts::OpId>>> globals_; // where they are constructed
  mutable std::map<facts::EntityId, std::set<FunctionId>> setters_;
  mutable std::map<std::pair<FunctionId, facts::LocalId>, bool> rewritten_;
};

} // namespace tenterhook::analysis

#endif
