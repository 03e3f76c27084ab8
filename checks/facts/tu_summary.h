// TUSummary: all that one translation unit says. The unit of extraction, of caching and of linking.
//
// Model-free: it says "`read` was called with these arguments here, while these objects were alive", never "this
// blocks". Self-contained: every id resolves inside the summary. Deterministic: the same source, flags and tool version
// give the same bytes (codec.h), because entities, types and strings are numbered in order of first mention.
#ifndef TENTERHOOK_CHECKS_FACTS_TU_SUMMARY_H
#define TENTERHOOK_CHECKS_FACTS_TU_SUMMARY_H

#include "facts/operation.h"

namespace tenterhook::facts {

enum class CaptureKind : std::uint8_t { by_copy, by_reference, self, self_copy };

struct Capture {
  CaptureKind kind = CaptureKind::by_copy;
  StringId name = 0;
  TypeId type = none;
  Operand source; // in the function that holds the lambda expression: the captured path, or an init-capture's value
  auto operator<=>(const Capture &) const = default;
};

struct Local {
  StringId name = 0;
  TypeId type = none; // declared type, references kept
  Place place;
  bool parameter = false;
  bool is_static = false; // a function static; also a global entity
  Operand init;           // the initialiser, where it is one operand (kind unknown otherwise)
  auto operator<=>(const Local &) const = default;
};

struct Function {
  EntityId entity = none;
  std::uint64_t body_hash = 0; // of the body as resolved by the compiler, stable across TUs; 0 is never used
  Place extent;                // from the declarator to the closing brace
  TypeId return_type = none;
  EntityId enclosing = none; // lambdas and local classes' members: the function they are written in
  bool coroutine = false;
  bool generator = false; // a coroutine that yields and never awaits
  bool lambda = false;
  // constructor: or the default initialiser of a field, of a class that is made elsewhere.
  bool constructor = false, destructor = false, is_static = false, is_virtual = false, is_noexcept = false;
  bool before_main = false;         // the dynamic initialiser of a variable: runs before main, on main's thread
  bool constant_init = false;       // what a variable holds from the start, as writes: the compiler does it, nothing runs
  bool user_code = true;            // false: in a system header (only such bodies as the parser had to keep)
  bool has_constant_return = false; // the body is a single `return constant;`
  std::int64_t constant_return = 0;
  std::vector<EntityId> overrides; // directly overridden virtual functions
  std::vector<Capture> captures;
  std::vector<AccessPath> keys; // the values that index steps name (PathStep::path), each once
  std::uint32_t parameter_count = 0;
  std::vector<Local> locals; // parameters first
  std::vector<Operation> ops;
  std::vector<Block> blocks;
  auto operator<=>(const Function &) const = default;
};

// A NOLINT comment, resolved to the lines it covers. `checks` empty: every check.
struct Suppression {
  StringId file = 0;
  std::uint32_t first_line = 0, last_line = 0; // inclusive
  std::uint32_t comment_line = 0;              // where the comment stands
  std::vector<StringId> checks;                // globs as written, "tenterhook-" prefix kept
  auto operator<=>(const Suppression &) const = default;
};

// An argument of a thread-safety attribute. Its path starts at `self`, a global or a parameter (the local of its number).
struct CapabilityArgument {
  AccessPath path;       // none if it is not a path: then `text` is all there is
  StringId text = 0;     // as written
  bool negative = false; // `!mu`
  auto operator<=>(const CapabilityArgument &) const = default;
};

// One of Clang's thread-safety attributes: `GUARDED_BY(mu)` on a field, `REQUIRES(mu)` on a function.
struct Capability {
  EntityId entity = none;
  StringId attribute = 0;               // as Clang spells it: "guarded_by", "requires_capability", "acquire_shared_capability" …
  std::vector<CapabilityArgument> args; // try_acquire: without the value that stands for success, which is `value`
  std::int64_t value = 0;
  auto operator<=>(const Capability &) const = default;
};

struct Diagnostic { // what the compiler said while parsing: errors only
  Place place;
  StringId message = 0;
  auto operator<=>(const Diagnostic &) const = default;
};

struct TUSummary {
  std::string main_file; // absolute path
  std::string target;    // the build target it belongs to, where the database tells (CMake's <target>.dir); else empty
  std::vector<std::string> strings{std::string()};
  std::vector<Entity> entities;
  std::vector<Type> types;
  std::vector<Function> functions; // in order of first mention; lambdas and instantiations included
  // Bodies that another TU of this run has already given (same entity, same hash) and this one left out.
  std::vector<std::pair<EntityId, std::uint64_t>> shared_bodies;
  std::vector<Capability> capabilities;
  std::vector<Suppression> suppressions;
  std::vector<Diagnostic> errors;
  std::vector<StringId> files;     // every non-system file that was read, main file first
  std::uint32_t bodies_seen = 0;   // function bodies of user code that the TU contains
  std::uint32_t capped_bodies = 0; // bodies too large to analyse (see extract.h); counted, never silent

  const std::string &str(StringId id) const { return strings[id]; }
  bool operator==(const TUSummary &) const = default;
};

} // namespace tenterhook::facts

#endif
