// Entities, types and places: the nouns of a TUSummary.
//
// Everything here is plain data, indexed within one TUSummary. No Clang types and no opinions: an entity says what a
// thing is called and where it is, never what it does to a thread. Indices are dense u32 and only mean something
// together with their TUSummary (or, after linking, their Program).
#ifndef TENTERHOOK_CHECKS_FACTS_ENTITY_H
#define TENTERHOOK_CHECKS_FACTS_ENTITY_H

#include <compare>
#include <cstdint>
#include <string>
#include <vector>

namespace tenterhook::facts {

using StringId = std::uint32_t; // index into TUSummary::strings; 0 is the empty string
using EntityId = std::uint32_t; // index into TUSummary::entities
using TypeId = std::uint32_t;   // index into TUSummary::types
using LocalId = std::uint32_t;  // index into Function::locals; the parameters come first
using OpId = std::uint32_t;     // index into Function::ops
using BlockId = std::uint32_t;  // index into Function::blocks

inline constexpr std::uint32_t none = UINT32_MAX; // "no such index", for every id above but StringId

// A range in a source file, as a person sees it: macros resolve to the place where a person wrote the tokens.
// Lines and columns count from 1; columns count bytes; `end_*` is one past the last character. line 0: no place.
struct Place {
  StringId file = 0; // absolute path, lexically normalised
  std::uint32_t line = 0, column = 0, end_line = 0, end_column = 0;
  bool valid() const { return line != 0; }
  auto operator<=>(const Place &) const = default;
};

// The name of an entity across translation units. Clang's USR, and "@" with a hash of the closures in it, where there are
// any: lambdas of one function, and instances of templates over them, have one USR. Same-named entities with internal
// linkage differ in `build_namespace` (the file that defines them; empty for external linkage), what is still alike in
// `ordinal`, by order of mention.
struct EntityName {
  std::string usr;
  std::uint32_t ordinal = 0;
  std::string build_namespace;
  auto operator<=>(const EntityName &) const = default;
};

enum class EntityKind : std::uint8_t { function, variable, field, record };

// What a caller can know of a parameter without the body.
struct Parameter {
  TypeId type = none;         // as declared, references kept
  bool pointee_const = false; // a pointer or reference through which nothing is written: `const T *`, `const T &`
  bool has_default = false;   // a call need not give it
  auto operator<=>(const Parameter &) const = default;
};

struct Entity {
  EntityName name;
  EntityKind kind = EntityKind::function;
  // Qualified name without template arguments, inline namespaces and anonymous namespaces: "std::mutex::lock",
  // "asio::post". What models match. A lambda is "outer::function::(lambda)".
  StringId qualified = 0;
  StringId display = 0; // for people: "session(tcp::socket)", "lambda in main", "Cache::get"
  Place place;          // of the name in its declaration
  TypeId type = none;   // variable, field: its type. function: its return type
  TypeId record = none; // field, member function: the class it belongs to
  bool internal_linkage = false;
  bool system = false; // declared in a system header
  bool is_thread_local = false;
  bool is_const = false;   // variable or field that cannot change
  bool is_mutable = false; // field: changes in const objects too
  // Functions, whether or not they have a body here:
  std::vector<Parameter> parameters;
  bool const_method = false, variadic = false;
  bool c_linkage = false;     // extern "C", or a function or variable of a C source
  bool is_noexcept = false;   // calls cannot throw
  bool returns_twice = false; // setjmp, vfork: control comes back to after the call from later calls
  // Strings of attributes, sorted: "clang::blocking", "clang::nonblocking", and for [[clang::annotate("X")]] X itself.
  std::vector<StringId> annotations;
  auto operator<=>(const Entity &) const = default;
};

enum class TypeKind : std::uint8_t {
  other,
  record,
  pointer,
  lvalue_reference,
  rvalue_reference,
  integer,
  boolean,
  floating,
  enumeration,
  function,
  array,
  member_pointer,
};
enum class InitialSuspend : std::uint8_t { unknown, lazy, eager };

struct FieldInfo {
  EntityId entity = none;
  TypeId type = none;
  std::uint32_t bit_width = 0; // of a bit-field
  std::uint32_t unit = 0;      // bit-fields with one number (from 1) share one memory location ([intro.memory]/3)
  auto operator<=>(const FieldInfo &) const = default;
};

// A canonical type. Cv-qualifiers are dropped but for what `Entity::is_const` keeps.
struct Type {
  TypeKind kind = TypeKind::other;
  StringId spelling = 0;    // canonical, for people: "std::unique_lock<std::mutex>"
  StringId qualified = 0;   // records: as Entity::qualified, "std::unique_lock"; else empty
  StringId identity = 0;    // what the spelling leaves open, hashed: the closures and classes of functions in it; else empty
  TypeId pointee = none;    // pointers and references; arrays: an element
  TypeId result = none;     // functions: what they return; none: void
  std::uint64_t extent = 0; // arrays: how many elements; 0: not known
  bool atomic = false;      // C11's _Atomic; all else is that of the value it holds
  bool is_union = false;    // records
  StringId capability = 0;  // records: what the capability attribute calls it, "mutex"
  bool scoped_capability = false; // records: holds a capability while it lives
  std::vector<TypeId> args;       // records: type template arguments, packs flattened; functions: parameters
  std::vector<TypeId> bases;      // records: direct bases, in order
  std::vector<FieldInfo> fields;  // records of user code: direct fields, in order
  Place place;                    // records: the definition
  bool system = false;            // records: defined in a system header
  // Structure, not names:
  bool awaitable = false; // await_ready/await_suspend/await_resume, or a member or free operator co_await
  bool coroutine = false; // has a nested promise_type, or coroutine_traits specialised: a coroutine may return it
  InitialSuspend initial_suspend = InitialSuspend::unknown; // of that promise
  bool detached = false;                                    // eager, and final_suspend never suspends: the frame frees itself
  bool basic_lockable = false; // void lock() and void unlock(), both callable without arguments (no coroutine types)
  bool unlocks = false;        // void unlock(), callable without arguments: a lock, or a guard of one
  bool empty = false;          // no fields and no bases with fields
  bool closure = false;        // a lambda's type
  bool nontrivial_destructor = false;
  TypeId await_result = none;    // what co_await of it gives, where known and not void
  EntityId call_operator = none; // closures and function objects with exactly one operator()
  EntityId destructor = none;    // user-written or virtual
  auto operator<=>(const Type &) const = default;
};

} // namespace tenterhook::facts

#endif
