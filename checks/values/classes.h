// Which class an object has behind a reference or a pointer to a base: what it was made as, through locals, members, smart
// pointers and returns. Parameters are left to who asks.
//
// Flow-insensitive. One thread at a time: answers are kept.
#ifndef TENTERHOOK_CHECKS_VALUES_CLASSES_H
#define TENTERHOOK_CHECKS_VALUES_CLASSES_H

#include "library/library.h"
#include "llvm/ADT/STLFunctionalExtras.h"

namespace tenterhook::analysis {

class Classes {
public:
  Classes(const Program &program, const Library &library);

  struct Seen {                          // of all that an object may be
    bool yes = false, other = false;     // of the class asked for, of another or not known
    std::set<facts::LocalId> parameters; // of the function asked for: it may be what that is
  };
  // Whether the object is of the class of this name, or of one derived from it.
  Seen is(FunctionId f, const facts::Operand &object, llvm::StringRef name) const;
  // Whether the object on which `call` is called may be of class `record`, or of one derived from it. Only what members
  // and globals lead to is told apart.
  bool may_be(FunctionId f, const facts::Operation &call, facts::TypeId record) const;

private:
  void give(FunctionId f, const facts::Operation &op,
            llvm::function_ref<void(FunctionId, const facts::AccessPath &, const facts::Operand &)> keep);
  using Given = std::pair<FunctionId, std::uint32_t>; // a parameter; or a field or global, of no function
  void look(FunctionId f, const facts::Operand &object, llvm::StringRef name, FunctionId asked, std::set<FunctionId> &returned,
            Seen &out) const;
  const Seen &given(const Given &what, llvm::StringRef name) const;
  bool derives(facts::TypeId type, llvm::StringRef name) const;
  bool is_base(facts::TypeId type, llvm::StringRef name) const;

  const Program &program_;
  const Library &library_;
  std::map<Given, std::vector<Value>> stores_;                   // of those that lead to objects: what they are given
  mutable std::map<std::string, std::set<facts::TypeId>> bases_; // by class: what it is derived from; filled on demand, as …
  mutable std::map<std::pair<Given, std::string>, Seen> known_;
};

} // namespace tenterhook::analysis

#endif
