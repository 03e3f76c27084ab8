// Readable names for the ids of a TUSummary, for its dumps.
//
// A label is unique where it can be: entities of one qualified name are told apart by their parameters, then by USR;
// shadowed locals by "#id". Total: an id out of range becomes "<bad N>", so that a summary that does not validate can
// still be looked at.
#ifndef TENTERHOOK_CHECKS_FACTS_LABELS_H
#define TENTERHOOK_CHECKS_FACTS_LABELS_H

#include "facts/tu_summary.h"
#include "llvm/ADT/StringRef.h"
#include <map>

namespace tenterhook::facts {

class Labels {
public:
  explicit Labels(const TUSummary &summary);
  std::string string(StringId id) const;
  // As qualified, "?" for none; members of several instances of a template with the class's arguments: "Box<int>::f".
  std::string entity(EntityId id) const;
  std::string signature(EntityId id) const; // a function, with its parameters: "read(int, const void *)"
  std::string unique_entity(EntityId id) const;
  // The shorter of the two that no other body of this summary has; of lambdas, whose places tell, the shortest.
  std::string body(EntityId id) const;
  std::string type(TypeId id) const;        // as spelled, "?" for none
  std::string unique_type(TypeId id) const; // with "#id" where two types are spelled alike
  std::string place(const Place &p) const;  // "12:5", "header.h:12:5" outside of the main file, "" for no place
  std::string extent(const Place &p) const; // as place, with the end: "12:5-14:2"
  const TUSummary &summary() const { return summary_; }
  // Null if the body is not in this summary.
  const Function *body_of(EntityId entity) const;

private:
  const TUSummary &summary_;
  std::map<llvm::StringRef, unsigned> spelled_;
  std::map<llvm::StringRef, TypeId> classes_; // qualified name → the class of all that have it, else `several`
  std::map<std::string, unsigned> named_, signed_, body_names_;
  std::map<EntityId, const Function *> bodies_;
};

// " == ", " < "; empty for none.
llvm::StringRef sign(Relation relation);

// The names inside one function. `function` may be null: then locals and captures are shown by number.
class FunctionLabels {
public:
  FunctionLabels(const Labels &labels, const Function *function) : labels_(labels), function_(function) {}
  std::string local(LocalId id) const;
  std::string path(const AccessPath &path) const; // "state->mutex", "%3.first", "*this"
  // "x", "&x", "move(x)", "42", "\"text\"", "null", "%3", "&f", "select(x, %3)", "(x == 3)"
  std::string operand(const Operand &operand) const;
  std::string result_use(const ResultUse &use) const; // "-> stored x", "" for UseKind::other
  const Labels &names() const { return labels_; }

private:
  std::string key(const PathStep &step) const; // of an index: "4", "i", "i+1", ""

  const Labels &labels_;
  const Function *function_;
};

} // namespace tenterhook::facts

#endif
