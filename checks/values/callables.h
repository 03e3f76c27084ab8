// What counts as a callable, and what functions do with those they are given.
#ifndef TENTERHOOK_CHECKS_VALUES_CALLABLES_H
#define TENTERHOOK_CHECKS_VALUES_CALLABLES_H

#include "library/library.h"

namespace tenterhook::analysis {

// `callee` is named operator().
bool is_call_operator(const Program &program, facts::EntityId callee);

// A closure, a function, or an object of a callable type.
bool may_be_callable(const Program &program, const Library &library, const facts::Operand &operand);

// std::coroutine_handle<…> ([coroutine.handle]).
bool is_coroutine_handle(const Program &program, facts::TypeId record);

// `handle.resume()` or `handle()` on a std::coroutine_handle: the coroutine runs here until it suspends.
bool resumes_coroutine(const Program &program, const facts::Operation &op);

// The clause of `model` that speaks of argument `arg` of `op`; null if none applies.
const models::CallbackClause *callback_clause(const Library &library, const models::FunctionModel &model, FunctionId f,
                                              const facts::Operation &op, unsigned arg);
// The same for the object on which `op` is called.
const models::CallbackClause *receiver_clause(const Library &library, const models::FunctionModel &model, FunctionId f,
                                              const facts::Operation &op);

// Whether a function without body and model calls its callable argument `arg` before it returns. It does if it cannot keep
// it: taken by reference to const. A std::function by value or rvalue reference, a function pointer may be kept, and so
// is what a container or a box that is given back has room for. A template of a system header is taken to call.
bool calls_in_place(const Program &program, const Library &library, const facts::Operation &op, unsigned arg);

// Whether a call through a value that gives so many arguments can run `body`, as the language lets callables be converted
// ([func.wrap.func.con]).
bool takes_arguments(const Program &program, const facts::Operation &call, FunctionId body);

} // namespace tenterhook::analysis

#endif
