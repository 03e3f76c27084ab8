// Whether a file descriptor is non-blocking, by where it comes from: opened so, or switched by fcntl and the like.
//
// The mode belongs to a descriptor: followed through locals, parameters (from all callers that are seen), results, and
// fields by what is ever stored in them, in whichever object of the class. A switch counts for what it names, in a local
// only where it may have been made before. No fact about one descriptor says anything of others.
#ifndef TENTERHOOK_CHECKS_READINESS_DESCRIPTORS_H
#define TENTERHOOK_CHECKS_READINESS_DESCRIPTORS_H

#include "calls/call_graph.h"
#include <limits>

namespace tenterhook::analysis {

enum class DescriptorMode : std::uint8_t {
  unknown,
  blocking,
  nonblocking,
  either, // some that may be here are non-blocking, others are not or are not known
};

class Descriptors {
public:
  Descriptors(const Program &program, const Library &library, const CallGraph &calls);
  // The mode of a descriptor at operation `at` of `f`.
  DescriptorMode mode(FunctionId f, facts::OpId at, const facts::Operand &descriptor) const;
  // Whether only methods of its object switch this field, constructors aside: then each object has a mode of its own.
  bool switched_by_methods(facts::EntityId field) const;
  // Whether `f` is one of these methods, or calls one on its own object.
  bool switches(FunctionId f, facts::EntityId field) const;
  // Whether it is a socket without connections, wherever it comes from.
  bool datagram(FunctionId f, const facts::Operand &descriptor) const;
  // How many bytes it takes at once while it is new (an end of a pipe), by all that opened it; 0: that is not known.
  std::int64_t room(FunctionId f, const facts::Operand &descriptor) const;
  // What `made` of `f`, a constructor's call, stores in a field of its object, as a value of `f`; absent if not seen.
  std::optional<facts::Operand> given_to_field(FunctionId f, facts::OpId made, facts::EntityId field) const;

private:
  struct Key { // a field anywhere, a global, a local of one function, or a number
    FunctionId function = none;
    std::uint32_t id = none;
    auto operator<=>(const Key &) const = default;
  };
  static constexpr FunctionId any_function = none, a_number = none - 1;
  static constexpr std::uint32_t a_part = 1u << 31; // with an operation's number: what it gave was a part
  struct Seen {                                     // of all that a descriptor may be
    bool nonblocking = false, blocking = false, unknown = false, datagram = false, other = false;
    std::int64_t room = std::numeric_limits<std::int64_t>::max();
    void operator|=(const Seen &o);
  };
  std::optional<Key> key(FunctionId f, const facts::AccessPath &path) const;
  Seen opened(FunctionId f, const facts::Operation &op) const;
  bool is_descriptor(facts::TypeId type) const;
  bool holds_descriptors(FunctionId f, const facts::AccessPath &path) const;
  const facts::Operand *part_of(const Value &value) const;
  std::vector<Value> wholes(FunctionId f, const facts::Operand &operand) const;
  std::vector<std::uint32_t> descriptor_parameters(FunctionId f) const;
  void collect(FunctionId f, facts::OpId op);
  std::vector<std::pair<FunctionId, facts::OpId>> calls(FunctionId body) const; // that give a body its parameters
  void switch_parameters();
  void find_switching_methods();
  void note_switch(FunctionId f, facts::OpId op, const facts::Operand &operand);
  bool switched(const Key &key, FunctionId f, facts::OpId at) const;
  Seen look(FunctionId f, facts::OpId at, const facts::Operand &operand, std::set<Key> &seen) const;
  Seen look_at_value(const Value &value, facts::OpId at, std::set<Key> &seen) const;

  const Program &program_;
  const Library &library_;
  std::map<Key, std::vector<std::pair<FunctionId, facts::OpId>>> switches_; // by what is switched: where
  std::map<Key, std::vector<Value>> stores_;                                // fields, globals, parameters, arrays: what is kept
  const CallGraph &calls_;
  std::map<FunctionId, std::vector<std::pair<FunctionId, facts::OpId>>> created_;
  std::map<facts::EntityId, std::set<FunctionId>> methods_;                // by field: methods that switch it in their own object
  std::set<facts::EntityId> switched_otherwise_;                           // fields
  std::vector<std::pair<FunctionId, facts::LocalId>> switched_parameters_; // still to be told to the callers
};

} // namespace tenterhook::analysis

#endif
