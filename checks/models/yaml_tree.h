// A YAML document as a tree of nodes that know their place.
//
// A thin layer over llvm::yaml::Stream, whose nodes can be walked once and only forward. It takes the YAML that models
// use: mappings, sequences, scalars. Anchors, aliases, tags, several documents and nesting deeper than max_depth are
// errors, so the tree is never larger than its text. Total: any bytes give a tree or an error "FILE:LINE:COL: REASON".
#ifndef TENTERHOOK_CHECKS_MODELS_YAML_TREE_H
#define TENTERHOOK_CHECKS_MODELS_YAML_TREE_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <functional>
#include <string>
#include <utility>
#include <vector>

namespace tenterhook::models {

struct YamlEntry;

struct YamlNode {
  enum Kind : std::uint8_t { null, scalar, mapping, sequence } kind = null;
  static constexpr unsigned max_depth = 24;
  unsigned line = 1, column = 1;  // count from 1; columns count bytes
  std::string text;               // scalar
  bool quoted = false;            // scalar: written in quotes, so never a number
  std::vector<YamlEntry> entries; // mapping: keys are scalars and differ
  std::vector<YamlNode> items;    // sequence
};

struct YamlEntry {
  YamlNode key, value;
};

// Makes errors, and reads nodes, of one file.
class YamlReader {
public:
  explicit YamlReader(llvm::StringRef file) : file_(file) {}

  llvm::Expected<YamlNode> parse(llvm::StringRef text) const;

  llvm::Error error(const YamlNode &at, const llvm::Twine &message) const;

  using Handler = std::function<llvm::Error(const YamlNode &value)>;
  // Reads the mapping `node`, calling the handler of each key. `what` names the mapping in errors ("a function"). A key
  // without handler is an error that gives the nearest key; a missing one of `required` too.
  llvm::Error fields(const YamlNode &node, llvm::StringRef what, llvm::ArrayRef<std::pair<llvm::StringRef, Handler>> handlers,
                     llvm::ArrayRef<llvm::StringRef> required = {}) const;
  // Calls `each` for every item of a sequence; any other node counts as a sequence of itself.
  llvm::Error items(const YamlNode &node, llvm::function_ref<llvm::Error(const YamlNode &)> each) const;

  llvm::Error read(const YamlNode &node, llvm::StringRef what, bool &out) const;
  llvm::Error read(const YamlNode &node, llvm::StringRef what, std::string &out) const; // non-empty, one line
  llvm::Error read(const YamlNode &node, llvm::StringRef what, int &out) const;         // an argument's index

  // "; did you mean 'x'?" or "; known: a, b, c".
  static std::string suggest(llvm::StringRef wrong, llvm::ArrayRef<llvm::StringRef> known);

private:
  std::string file_;
};

} // namespace tenterhook::models

#endif
