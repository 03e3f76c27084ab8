// LLVM's crash recovery, with a stack for its handlers. See guard.h.
#include "engine/guard.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/CrashRecoveryContext.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/thread.h"
#include <csignal>
#include <cstring>
#include <mutex>
#include <sys/mman.h>

namespace tenterhook::engine {
namespace {

constexpr std::size_t signal_stack_size = 64u << 10;
constexpr int fatal_error_code = 70; // EX_SOFTWARE, what clang itself exits with; not a signal's 128 + N

thread_local std::string fatal_message;

void on_fatal_error(void *, const char *message, bool) {
  fatal_message = message;
  if (llvm::CrashRecoveryContext *context = llvm::CrashRecoveryContext::GetCurrent())
    context->HandleExit(fatal_error_code);
}

std::string crash_reason(int code) {
  if (code <= 128)
    return "fatal error: " + fatal_message;
  const char *name = strsignal(code - 128);
  return ("signal " + llvm::Twine(code - 128) + " (" + (name ? name : "unknown") + ")").str();
}

std::mutex users_mutex;
unsigned users = 0;

} // namespace

CrashRecovery::CrashRecovery() {
  const std::lock_guard lock(users_mutex);
  if (users++)
    return;
  llvm::CrashRecoveryContext::Enable();
  llvm::install_fatal_error_handler(on_fatal_error);
  for (int signal : {SIGSEGV, SIGBUS}) {
    struct sigaction action;
    if (sigaction(signal, nullptr, &action))
      continue;
    action.sa_flags |= SA_ONSTACK;
    sigaction(signal, &action, nullptr);
  }
}

CrashRecovery::~CrashRecovery() {
  const std::lock_guard lock(users_mutex);
  if (--users)
    return;
  llvm::remove_fatal_error_handler();
  llvm::CrashRecoveryContext::Disable();
}

SignalStack::SignalStack()
    : memory_(mmap(nullptr, signal_stack_size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0)) {
  if (memory_ == MAP_FAILED)
    return;
  stack_t stack{};
  stack.ss_sp = memory_;
  stack.ss_size = signal_stack_size;
  sigaltstack(&stack, nullptr);
}

SignalStack::~SignalStack() {
  if (memory_ == MAP_FAILED)
    return;
  stack_t off{};
  off.ss_flags = SS_DISABLE;
  sigaltstack(&off, nullptr);
  munmap(memory_, signal_stack_size);
}

std::optional<std::string> recover(llvm::function_ref<void()> work) {
  llvm::CrashRecoveryContext context;
  if (context.RunSafely(work))
    return std::nullopt;
  return crash_reason(context.RetCode);
}

std::optional<std::string> run_guarded(llvm::function_ref<void()> work) {
  const CrashRecovery recovery;
  std::optional<std::string> crashed;
  llvm::thread(std::optional<unsigned>(deep_stack), [&] {
    const SignalStack signals;
    crashed = recover(work);
  }).join();
  return crashed;
}

} // namespace tenterhook::engine
