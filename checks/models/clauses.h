// Reads the clauses of a descriptor — conditions, blocking, locks, callbacks, executors — from YAML nodes.
//
// One overload a clause. Each leaves `out` complete (defaults filled in) or gives an error that names the place.
#ifndef TENTERHOOK_CHECKS_MODELS_CLAUSES_H
#define TENTERHOOK_CHECKS_MODELS_CLAUSES_H

#include "models/models.h"
#include "models/yaml_tree.h"

namespace tenterhook::models {

class ClauseReader : public YamlReader {
public:
  // `constants` are the names that flags may have; it may grow while this lives.
  ClauseReader(llvm::StringRef file, const llvm::StringMap<std::int64_t> &constants) : YamlReader(file), constants_(constants) {}

  using YamlReader::read;
  llvm::Error read(const YamlNode &node, std::vector<Condition> &out) const;
  llvm::Error read(const YamlNode &node, Blocks &out) const;
  llvm::Error read(const YamlNode &node, Subject &out) const;
  llvm::Error read(const YamlNode &node, LockClause &out) const;
  llvm::Error read_guard_of(const YamlNode &node, LockClause &out) const;
  llvm::Error read(const YamlNode &node, Executor &out) const;
  llvm::Error read(const YamlNode &node, ExecutorClause &out) const;
  llvm::Error read(const YamlNode &node, CallbackClause &out) const;
  llvm::Error read(const YamlNode &node, ConditionVariableClause &out) const;
  llvm::Error read(const YamlNode &node, LockType &out) const;
  llvm::Error read(const YamlNode &node, GuardType &out) const;
  llvm::Error read(const YamlNode &node, GuardTag &out) const;
  llvm::Error read(const YamlNode &node, Start &out) const;
  // A number, the name of a constant, several joined by `|`, or a list of them.
  llvm::Error read_constant(const YamlNode &node, std::int64_t &out) const;

  // One item or a list of them, appended to `out`.
  template <typename T> llvm::Error read_list(const YamlNode &node, std::vector<T> &out) const {
    return items(node, [&](const YamlNode &item) { return read(item, out.emplace_back()); });
  }
  template <typename T> llvm::Error read_optional(const YamlNode &node, std::optional<T> &out) const {
    return read(node, out.emplace());
  }

private:
  llvm::Error read(const YamlNode &node, Condition &out) const;
  llvm::Error read_argument(const YamlNode &node, llvm::StringRef what, int &out) const; // a number, last or receiver
  template <typename T>
  llvm::Error read_word(const YamlNode &node, llvm::StringRef what, T &out,
                        llvm::ArrayRef<std::pair<llvm::StringRef, T>> words) const;

  const llvm::StringMap<std::int64_t> &constants_;
};

// What `Blocks::what` says if a model says nothing else.
llvm::StringRef default_what(BlockClass c);

} // namespace tenterhook::models

#endif
