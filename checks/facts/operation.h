// Operations: what a function body does, in evaluation order, with no opinion on what it means.
//
// A body is a small control-flow graph of operations (Clang's CFG reduced to what concurrency rules can use).
// Invariants: an operand of kind `result` names an operation of the same function that precedes it on every path, and
// has the smaller OpId (blocks are numbered so that a dominator's operations come first: reverse post-order does);
// blocks[0] is the entry, blocks[1] the exit; a block's operations are contiguous in Function::ops and in order.
#ifndef TENTERHOOK_CHECKS_FACTS_OPERATION_H
#define TENTERHOOK_CHECKS_FACTS_OPERATION_H

#include "facts/access_path.h"

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
};

struct Operand {
  OperandKind kind = OperandKind::unknown;
  AccessPath path;
  std::int64_t value = 0;
  StringId text = 0;
  OpId op = none;
  EntityId entity = none;
  TypeId type = none;    // of the expression, references stripped
  bool moved = false;    // std::move(x), or an xvalue cast
  bool defaulted = false; // a default argument the caller did not write
  auto operator<=>(const Operand &) const = default;
};

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
  AccessPath target; // stored
  OpId user = none;  // argument, receiver: that operation; awaited: the await
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
};

// Bits of Operation::access. None of them: the memory is named and nothing is done with it, `(void)x;`.
enum class AccessKind : std::uint8_t { read = 1, write = 2, address = 4 };

struct Operation {
  OpKind kind = OpKind::call;
  Place place;
  EntityId callee = none;
  TypeId type = none; // call: result type (references stripped if prvalue_result is false); construct, destroy: the object's type
  Operand receiver;   // call of a member function or through a callable value; its `type` is the static type of the object
  std::vector<Operand> args; // access write: args[0] is the value assigned, where known
  AccessPath path;    // construct, destroy, access
  ResultUse use;      // call, construct, await
  std::uint8_t access = 0;
  bool virtual_call = false;    // dispatched at run time (final classes, qualified calls and by-value objects are not)
  bool prvalue_result = false;  // the call returns an object by value
  bool explicit_delete = false; // destroy: by `delete`
  bool implicit = false;        // no one wrote it (range-for begin/end, conversion operators, default construction of bases)
  bool in_unevaluated_catch = false; // inside a catch handler
  // await: the awaiter protocol as the compiler resolved it; `none` where built in or unknown
  EntityId await_transform = none, operator_co_await = none, await_ready = none, await_suspend = none, await_resume = none;
  auto operator<=>(const Operation &) const = default;
};

// How a block ends. With two successors, succs[0] is taken if the condition holds and succs[1] if not.
// `negated`: the condition is `!operand` (or `operand == nullptr/0/false`).
struct Branch {
  Operand condition;
  bool negated = false;
  bool present = false; // false: unconditional, or a condition that names nothing
  // For `operand OP value` with an integer constant; `equals` is set for == and !=, (with != negated).
  bool compares = false;
  std::int64_t value = 0;
  Place place;
  auto operator<=>(const Branch &) const = default;
};

struct Block {
  OpId first = 0;
  std::uint32_t count = 0;
  Branch branch;
  bool handler = false;       // the fork to a try block's handlers: entered when something threw
  std::vector<BlockId> succs; // `none` for an edge that is never taken: proved so, or behind a noreturn call
  auto operator<=>(const Block &) const = default;
};

} // namespace tenterhook::facts

#endif
