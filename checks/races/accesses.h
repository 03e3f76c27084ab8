// What a function does to memory that others may see: reads and writes of its own, of library functions that it calls, and
// of what a pointer that it follows is kept in.
//
// A location is named as locks are (naming/lock_paths.h: without derefs, aliases followed), plus whether it is what the last
// pointer of the name points to. What only this run of the function can see (a local whose address nobody takes, a parameter
// given by value) is left out. Linear in the operations of the function; kept by function. One thread at a time.
#ifndef TENTERHOOK_CHECKS_RACES_ACCESSES_H
#define TENTERHOOK_CHECKS_RACES_ACCESSES_H

#include "contexts/threads.h"

namespace tenterhook::analysis {

// Which element of an array or container: any, the one of a constant number, or the one that a value of the function says.
struct ElementKey {
  enum Kind : std::uint8_t { any, constant, value } kind = any;
  std::int64_t offset = 0; // the constant, or what is added to the value
  AccessPath path;         // value: where it is
  auto operator<=>(const ElementKey &) const = default;
};

struct Location {
  AccessPath path;
  bool content = false; // what the pointer at `path` points to
  ElementKey key;       // of the last index step
  auto operator<=>(const Location &) const = default;
};

struct Access {
  facts::OpId op = none;
  Location at;
  bool write = false;
  bool atomic = false;
  auto operator<=>(const Access &) const = default;
};

// The type of what a path of `f` (none: of no function's own names) leads to; none if it is not known.
facts::TypeId type_at(const Program &program, const LockNames &names, FunctionId f, const AccessPath &path);
// Whether the path begins at what the function itself makes: a local that is no parameter, or a temporary. Not what it returns.
bool is_own(const facts::Function &function, const facts::AccessPath &path);
// A pointer, a reference or a smart pointer.
bool leads_on(const Program &program, const Library &library, facts::TypeId type);

class Accesses {
public:
  Accesses(const Program &program, const Library &library, const LockNames &names, Threads &threads);

  const std::vector<Access> &of(FunctionId f);
  bool leads_on(facts::TypeId type) const { return analysis::leads_on(program_, library_, type); }
  // Whether an operation of the function is done on something that threads use to keep each other out.
  bool uses_atomics(FunctionId f) const;
  // Whether the location is only a copy that this run of `f` has: a parameter or capture by value, or a part of one.
  bool is_private(FunctionId f, const Location &at) const;

private:
  Location location(FunctionId f, const AccessPath &raw);
  Location location(FunctionId f, const facts::Operand &operand);
  ElementKey key(FunctionId f, const AccessPath &raw);
  ElementKey element_key(FunctionId f, const facts::Operand &index);
  void add(FunctionId f, facts::OpId op, Location at, bool write, bool atomic, std::vector<Access> &out) const;
  void add_pointers(FunctionId f, facts::OpId op, const AccessPath &raw, std::vector<Access> &out);
  void add_call(FunctionId f, facts::OpId op, std::vector<Access> &out);
  void add_argument(FunctionId f, facts::OpId op, const facts::Operand &arg, const facts::Parameter *parameter,
                    std::vector<Access> &out);
  bool synchronises(facts::TypeId type) const;
  bool is_shared_root(FunctionId f, const AccessPath &path) const;
  void find_escaping(FunctionId f);

  const Program &program_;
  const Library &library_;
  const LockNames &names_;
  Threads &threads_;
  std::map<FunctionId, std::vector<Access>> known_;
  std::vector<bool> escaping_; // by local, of the function that is looked at
};

} // namespace tenterhook::analysis

#endif
