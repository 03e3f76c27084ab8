// What counts as a callable, and what functions do with those they are given. Helpers of the call graph.
#ifndef TENTERHOOK_CHECKS_ANALYSIS_CALLABLES_H
#define TENTERHOOK_CHECKS_ANALYSIS_CALLABLES_H

#include "analysis/library.h"

namespace tenterhook::analysis {

// `callee` is named operator().
bool is_call_operator(const Program &program, facts::EntityId callee);

// A closure, a function, or an object of a callable type.
bool may_be_callable(const Program &program, const Library &library, const facts::Operand &operand);

// The clause of `model` that speaks of argument `arg` of `op`; null if none applies.
const models::CallbackClause *callback_clause(const Library &library, const models::FunctionModel &model, FunctionId f,
                                              const facts::Operation &op, unsigned arg);
// The same for the object on which `op` is called.
const models::CallbackClause *receiver_clause(const Library &library, const models::FunctionModel &model, FunctionId f,
                                              const facts::Operation &op);

// Whether a function without body and model calls its callable arguments before it returns. Names that say "keep this"
// do not, nor do members of classes that hold callables (std::vector<std::function<…>>::push_back).
bool calls_in_place(const Program &program, const Library &library, const facts::Operation &op);

} // namespace tenterhook::analysis

#endif
