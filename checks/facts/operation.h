// Operations: what a function body does, in evaluation order, with no opinion on what it means.
//
// A body is a small control-flow graph of operations (Clang's CFG reduced to what concurrency rules can use).
// Invariants: an operand of kind `result` names an operation of the same function that precedes it on every path, and
// has the smaller OpId (blocks are numbered so that a dominator's operations come first: reverse post-order does);
// blocks[0] is the entry, blocks[1] the exit; a block's operations are contiguous in Function::ops and in order.
#ifndef TENTERHOOK_CHECKS_FACTS_OPERATION_H
#define TENTERHOOK_CHECKS_FACTS_OPERATION_H

#include "facts/access_path.h"
#include <algorithm>
#include <tuple>

namespace tenterhook::facts {

enum class OperandKind : std::uint8_t {
  unknown,
  path,     // a variable, field, element: `path`
  constant, // integer, enumerator or boolean known at compile time (also durations built from literals: `value` is the
            // count): `value`
  string,   // a string literal: `text`
  null,     // nullptr, NULL, {} for a pointer
  result,   // the value of an earlier call / construct / await of this function: `op`
  closure,  // a lambda expression written here: `entity` is its call operator
  function, // a function's name or address, pointers to members included: `entity`
  select,   // one of `choices`: `c ? a : b`. Their results need not precede on every path
  both,     // `choices[0] && choices[1]`
  either,   // `choices[0] || choices[1]`
  compare,  // `choices[0] relation choices[1]` of built-in comparisons; `!c` is `c == 0`
  bits_or,  // `choices[0] | choices[1]` of integers
  bits_and, // `choices[0] & choices[1]` of integers
};

enum class Relation : std::uint8_t { none, equal, unequal, less, less_equal, greater, greater_equal };

// Operands within operands: what is nested deeper is `unknown`.
inline constexpr unsigned max_choice_depth = 6;

struct Operand {
  OperandKind kind = OperandKind::unknown;
  AccessPath path;
  std::int64_t value = 0;
  StringId text = 0;
  OpId op = none;
  EntityId entity = none;
  TypeId type = none;                 // of the expression, references stripped
  bool moved = false;                 // std::move(x), or an xvalue cast
  bool defaulted = false;             // a default argument the caller did not write
  bool address = false;               // path: the address of that memory, `&x`, `this`, an array that became a pointer
  bool by_reference = false;          // path: std::ref(x), std::cref(x)
  Relation relation = Relation::none; // compare
  std::vector<Operand> choices{};     // select, both, either, compare, bits_or, bits_and
  bool operator==(const Operand &other) const { return (*this <=> other) == 0; }
  std::strong_ordering operator<=>(const Operand &other) const;
};
inline std::strong_ordering Operand::operator<=>(const Operand &other) const {
  const auto own = [](const Operand &x) {
    return std::tie(x.kind, x.path, x.value, x.text, x.op, x.entity, x.type, x.moved, x.defaulted, x.address, x.by_reference,
                    x.relation);
  };
  if (const auto order = own(*this) <=> own(other); order != 0)
    return order;
  return std::lexicographical_compare_three_way(choices.begin(), choices.end(), other.choices.begin(), other.choices.end());
}

// Whether `test` holds for the operand or for one that it is made of.
template <class Test> bool any_choice(const Operand &operand, const Test &test) {
  return test(operand) || std::any_of(operand.choices.begin(), operand.choices.end(),
                                      [&](const Operand &choice) { return any_choice(choice, test); });
}

enum class UseKind : std::uint8_t {
  other,     // part of a larger expression that is not listed here
  discarded, // an expression statement; the value is dropped
  voided,    // discarded behind an explicit cast to void, assigned to std::ignore
  awaited,   // the operand of co_await (through operator co_await and await_transform)
  stored,    // initialises or is assigned to `target`
  returned,  // return / co_return
  argument,  // an argument of operation `user`
  receiver,  // the object on which operation `user` is called
  condition, // decides a branch
  yielded,   // co_yield
};

struct ResultUse {
  UseKind kind = UseKind::other;
  AccessPath target;  // stored
  OpId user = none;   // argument, receiver: that operation; awaited: the await
  StringId macro = 0; // discarded: the outermost macro in whose argument the statement is written
  auto operator<=>(const ResultUse &) const = default;
};

enum class OpKind : std::uint8_t {
  call,      // callee (none if unknown: a call through a value, then `receiver` names the value), receiver, args, use
  construct, // constructor `callee`; `path` is the object if it has a name, else the result; args, use
  destroy,   // the object at `path` of type `type` goes out of scope (implicit), or is deleted (explicit_delete)
  access,    // the memory at `path` is read, written, has its address taken, or is named for nothing
  await,     // co_await args[0]
  yield,     // co_yield args[0]
  ret,       // return or co_return; args[0] if there is a value
  closure,   // a lambda expression: callee is its call operator, captures are in that function's facts
  throw_,    // throw
  asm_,      // an assembly statement: args are its inputs; what it writes are accesses behind it
};

// Where the object of a construct (or of a `new` of any type) lives.
enum class Allocation : std::uint8_t {
  unknown,
  automatic, // a local variable
  static_,   // static storage
  thread,    // thread storage
  temporary,
  part,      // a member, base or element of another object
  heap,      // a new-expression: each evaluation makes another object
  placement, // new (p) T: in the memory at `with[0]`
};

// How an access that reads and writes makes the new value of the old one.
enum class Step : std::uint8_t { none, add, subtract, other };

// Bits of Operation::access. None of them: the memory is named and nothing is done with it, `(void)x;`.
enum class AccessKind : std::uint8_t { read = 1, write = 2, address = 4 };

struct Operation {
  OpKind kind = OpKind::call;
  Place place;
  EntityId callee = none;
  // call: the result's type (references stripped if prvalue_result is false); construct, destroy: the object's.
  TypeId type = none;
  Operand receiver;          // call of a member function or through a callable value; its `type` is the static type of the object
  std::vector<Operand> args; // access write: args[0] is the value assigned, where known
  AccessPath path;           // construct, destroy, access
  ResultUse use;             // call, construct, await
  std::uint8_t access = 0;
  Step step = Step::none;                      // access: `x += with[0]`, `x++`
  Allocation allocation = Allocation::unknown; // construct
  // access with a step: what is added, subtracted …; construct by placement: the address; else empty.
  std::vector<Operand> with;
  // call: a class object that a library's function makes of its arguments (make_unique<T>(…), emplace_back(…)), and its
  // constructor, where the arguments leave one.
  TypeId makes = none;
  EntityId made_by = none;
  bool array = false; // construct, destroy: each element of an array (new T[n], delete[])
  // construct, call that makes or assigns: of a callable that gives a value, by a wrapper that drops it: W<void(A…)>
  bool result_dropped = false;
  bool virtual_call = false;         // dispatched at run time (final classes, qualified calls and by-value objects are not)
  bool prvalue_result = false;       // the call returns an object by value
  bool explicit_delete = false;      // destroy: by `delete`
  bool implicit = false;             // no one wrote it (range-for begin/end, conversion operators, default construction of bases)
  bool in_unevaluated_catch = false; // inside a catch handler
  // await: the awaiter protocol as the compiler resolved it; `none` where built in or unknown
  EntityId await_transform = none, operator_co_await = none;
  EntityId await_ready = none, await_suspend = none, await_resume = none;
  auto operator<=>(const Operation &) const = default;
};

// How a block ends. With two successors, succs[0] is taken if the condition holds and succs[1] if not.
// `negated`: the condition is `!operand` (or `operand == nullptr/0/false`). Of `a && b` it is `b` where the block behind `a`
// has two ends of its own, else the whole (both, either).
struct Branch {
  Operand condition;
  bool negated = false;
  bool present = false; // false: unconditional, or a condition that names nothing
  // For `operand OP value` with an integer constant; `equals` is set for == and !=, (with != negated).
  bool compares = false;
  std::int64_t value = 0;
  // Set if the condition is a comparison: `compared[0] relation compared[1]`, whatever they are. Nothing is negated in
  // it. Of a switch, `compared[0]` is what its cases are compared with.
  Relation relation = Relation::none;
  std::vector<Operand> compared{};
  Place place;
  auto operator<=>(const Branch &) const = default;
};

// What a switch compares with to take an edge; low == high but for GNU's ranges.
struct Case {
  std::uint32_t edge = 0; // index into Block::succs
  bool otherwise = false; // `default:`, or behind the switch if there is none
  std::int64_t low = 0, high = 0;
  auto operator<=>(const Case &) const = default;
};

struct Block {
  OpId first = 0;
  std::uint32_t count = 0;
  Branch branch;
  bool handler = false;       // the fork to a try block's handlers: entered when something threw
  std::vector<BlockId> succs; // `none` for an edge that is never taken: proved so, or behind a noreturn call
  std::vector<Case> cases{};  // of a switch
  BlockId unwind = none;      // where an exception thrown in this block goes; none: out of the function
  BlockId again = none;       // ends with setjmp or the like: where control comes back to, from calls behind it
  auto operator<=>(const Block &) const = default;
};

} // namespace tenterhook::facts

#endif
