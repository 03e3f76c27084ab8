// What is known in a case of the lock domain: which values are zero, equal to or less than what, and which body a call
// through an object ran. And which of it is worth knowing: only what a branch, a return or a call behind it asks again.
//
// `n > 3` is kept as "not less than 4", so every way to write one comparison is one Truth; of numbers, all that is known
// of one value is looked at together: who passed `n == 5` does not pass `n > 7`.
#ifndef TENTERHOOK_CHECKS_LOCKSTATE_LOCK_CONDITIONS_H
#define TENTERHOOK_CHECKS_LOCKSTATE_LOCK_CONDITIONS_H

#include "facts/tu_summary.h"
#include <map>
#include <optional>
#include <set>
#include <vector>

namespace tenterhook::analysis {

// A value that a condition is about.
struct Term {
  facts::OperandKind kind = facts::OperandKind::unknown; // path; result; null: the value that the function returns
  facts::AccessPath path;
  facts::OpId op = facts::none;
  bool valid() const { return kind != facts::OperandKind::unknown; }
  auto operator<=>(const Term &) const = default;
};
Term term(const facts::Operand &operand); // not valid if it names no value
inline Term term(facts::AccessPath path) { return {facts::OperandKind::path, std::move(path), facts::none}; }
inline Term result_term(facts::OpId op) { return {facts::OperandKind::result, {}, op}; }
inline Term returned_term() { return {facts::OperandKind::null, {}, facts::none}; }

enum class Test : std::uint8_t {
  equal, // of == value, but for value 0: `of` is true (not 0). Or of == than
  less,  // of < value. Or of < than
  first, // an iterator stands at the first element
  runs,  // a call of method `op` (none: of the callable itself) through the object at `of.path` runs body `value`
};

struct Truth {
  Term of;
  Test test = Test::equal;
  std::int64_t value = 0;
  Term than; // valid: compared with another value instead of `value`
  auto operator<=>(const Truth &) const = default;
};
using Known = std::map<Truth, bool>;

inline Truth is_true(Term of) { return {std::move(of), Test::equal, 0, {}}; }
inline std::optional<bool> look_up(const Known &known, const Truth &truth) {
  auto it = known.find(truth);
  return it == known.end() ? std::nullopt : std::optional(it->second);
}

// Whether the truth cannot be `holds`, given what is known.
bool contradicts(const Known &known, const Truth &truth, bool holds);
// Keeps in `known` what `other` agrees on.
void agree(Known &known, const Known &other);
// Everything known of `from` is known of `to`, too.
void copy_known(Known &known, const Term &from, const Term &to);
// Nothing is known of memory that starts with `written` any more.
void forget_path(Known &known, const facts::AccessPath &written);
void forget_result(Known &known, facts::OpId op);

struct EdgeTruth { // what an edge says
  Truth truth;
  bool holds = true;
};
// What taking successor `succ` of the block says; empty if nothing is known.
std::vector<EdgeTruth> conditions(const facts::Block &block, unsigned succ, const std::vector<facts::Type> &types);

// Which values are asked, and until where.
class Asked {
public:
  explicit Asked(const facts::Function &function);
  bool ever(const Term &of) const { return last_.count(of) != 0; }
  // At or behind the end of this block, loops considered.
  bool after(const Term &of, facts::BlockId block) const;

private:
  void ask(const facts::Operand &operand, facts::BlockId at);
  std::map<Term, facts::BlockId> last_;
  std::vector<facts::BlockId> loop_; // by block: the first block of the outermost loop that it is in, else itself + 1
};

} // namespace tenterhook::analysis

#endif
