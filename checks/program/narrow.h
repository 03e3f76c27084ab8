// What a reference, a pointer or a smart pointer to a library's base class is made of, where the whole program shows one
// class: a std::ostream & that is always a std::ofstream. A pass of linking.
#ifndef TENTERHOOK_CHECKS_PROGRAM_NARROW_H
#define TENTERHOOK_CHECKS_PROGRAM_NARROW_H

#include "program/program.h"
#include <map>
#include <optional>

namespace tenterhook::analysis {

class Narrow {
public:
  explicit Narrow(Program &program) : program_(program) {}
  void run(); // after all bodies have their place: asks body_for

private:
  // What may be of several classes: a field or a global, a local or parameter, what a function returns.
  struct Node {
    enum Kind : std::uint8_t { nothing, exact, entity, local, returned } kind = nothing;
    std::uint32_t a = 0, b = 0; // exact: TypeId. entity: EntityId. local: FunctionId, LocalId. returned: FunctionId
    auto operator<=>(const Node &) const = default;
  };
  facts::TypeId behind(facts::TypeId t) const; // smart pointers as well
  facts::TypeId specific(facts::TypeId t) const;
  bool open(facts::TypeId t) const;
  Node of(FunctionId f, const facts::Operand &operand, unsigned depth = 0) const;
  Node of_path(FunctionId f, const facts::AccessPath &path) const;
  void store(const Node &into, const Node &what);
  void collect(FunctionId f);
  void solve();
  facts::TypeId narrowed(FunctionId f, const facts::Operand &operand) const;

  Program &program_;
  std::vector<bool> open_; // by TypeId: a library's class, from which one of its classes derives
  std::map<Node, std::vector<Node>> sources_;
  std::map<Node, facts::TypeId> classes_; // none: several, or one that nobody sees
};

} // namespace tenterhook::analysis

#endif
