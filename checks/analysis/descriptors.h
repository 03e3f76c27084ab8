// Which file descriptors the program has made non-blocking. Flow-insensitive and by name: a local, a global or a field
// (of any object) that was ever opened with O_NONBLOCK or switched by fcntl is taken to be non-blocking from the start.
#ifndef TENTERHOOK_CHECKS_ANALYSIS_DESCRIPTORS_H
#define TENTERHOOK_CHECKS_ANALYSIS_DESCRIPTORS_H

#include "analysis/library.h"

namespace tenterhook::analysis {

// presumed_blocking: a library's object that starts so, and that nobody is seen to switch.
enum class DescriptorMode : std::uint8_t { unknown, blocking, presumed_blocking, nonblocking };

class Descriptors {
public:
  Descriptors(const Program &program, const Library &library);
  DescriptorMode mode(FunctionId f, const facts::Operand &descriptor) const { return mode(f, descriptor, 0); }
  // Whether any code of the program makes a descriptor non-blocking.
  bool any_nonblocking() const { return any_nonblocking_; }

private:
  struct Key { // a field anywhere, a global, or a local of one function
    FunctionId function = none;
    std::uint32_t id = none;
    auto operator<=>(const Key &) const = default;
  };
  std::optional<Key> key(FunctionId f, const facts::AccessPath &path) const;
  DescriptorMode opened(FunctionId f, const facts::Operation &op) const;
  DescriptorMode returned(FunctionId f, const facts::Operation &call, unsigned depth) const;
  DescriptorMode mode(FunctionId f, const facts::Operand &descriptor, unsigned depth) const;
  bool wraps_one(facts::TypeId t) const; // an object that starts with a blocking descriptor
  bool note(FunctionId f, const facts::Operand &operand, DescriptorMode mode);

  const Program &program_;
  const Library &library_;
  bool pass_on(FunctionId f, const facts::Operation &op);
  std::set<Key> nonblocking_, blocking_;
  std::set<Key> given_; // parameters that some caller gives a non-blocking descriptor
  bool any_nonblocking_ = false;
};

} // namespace tenterhook::analysis

#endif
