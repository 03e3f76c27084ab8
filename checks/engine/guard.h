// Runs work so that its crash is an answer, not the end of the process: a signal, an overflow of the stack, a fatal
// error of LLVM. What the crash interrupted leaks and is not to be used.
//
// Two parts, since a pool of threads sets up once and recovers often:
//   CrashRecovery  while one is alive, crashes inside recover() are caught. The process's handlers are as before when the
//                  last one is gone, so a host (clang-tidy) keeps its own.
//   SignalStack    each thread that calls recover() has one: a stack that overflowed cannot run a handler.
#ifndef TENTERHOOK_CHECKS_ENGINE_GUARD_H
#define TENTERHOOK_CHECKS_ENGINE_GUARD_H

#include "llvm/ADT/STLFunctionalExtras.h"
#include <optional>
#include <string>

namespace tenterhook::engine {

// Clang recurses over the nesting of expressions and templates. Pages of the stack that are never touched cost nothing.
inline constexpr unsigned deep_stack = 64u << 20;

class CrashRecovery {
public:
  CrashRecovery();
  ~CrashRecovery();
  CrashRecovery(const CrashRecovery &) = delete;
  CrashRecovery &operator=(const CrashRecovery &) = delete;
};

class SignalStack {
public:
  SignalStack();
  ~SignalStack();
  SignalStack(const SignalStack &) = delete;
  SignalStack &operator=(const SignalStack &) = delete;

private:
  void *memory_;
};

// Within this call a crash comes back as how it was: "signal 11 (Segmentation fault)".
std::optional<std::string> recover(llvm::function_ref<void()> work);

// The three at once, on a thread with a deep stack, for a caller that works alone.
std::optional<std::string> run_guarded(llvm::function_ref<void()> work);

} // namespace tenterhook::engine

#endif
