// See loop_calls.h.
#include "validate/loop_calls.h"
#include "llvm/ADT/STLExtras.h"

namespace tenterhook::validate {

using runs::Answer;

namespace {

// Functions of libraries that run callbacks at several places, of which one is in a function with a loop of its own that
// waits: as seen from the others that one looks like a job that polls.
constexpr llvm::StringLiteral known_loops[] = {"uv_run", "QEventLoop::exec"};

} // namespace

LoopCalls::LoopCalls(const runs::Run &run, runs::Symbols &symbols, runs::MachineCode &code)
    : run_(run), symbols_(symbols), code_(code) {}

void LoopCalls::learn(const runs::Event &event) {
  if (event.kind != runs::Kind::loop_place)
    return;
  auto detail = run_.detail<runs::StackDetail>(event);
  if (detail && learned_.insert({event.thread, detail->stack}).second)
    waits_[event.thread].push_back(detail->stack);
}

bool LoopCalls::made(std::uint32_t thread, std::uint32_t stack) {
  auto waits = waits_.find(thread);
  if (!stack || waits == waits_.end())
    return false;
  auto [it, fresh] = known_.try_emplace({thread, stack}, false);
  if (fresh)
    it->second = llvm::any_of(
        waits->second, [&](std::uint32_t wait) { return is_callback_of(run_.stack(wait), run_.stack(stack), waits->second); });
  return it->second;
}

bool LoopCalls::is_callback_of(Addresses wait, Addresses call, llvm::ArrayRef<std::uint32_t> waits) {
  std::size_t common = 0;
  while (common < wait.size() && common < call.size() && wait.rbegin()[common] == call.rbegin()[common])
    ++common;
  if (common == wait.size() || common == call.size())
    return false;
  // Where they part; what is behind is common.
  const std::size_t w = wait.size() - common - 1, c = call.size() - common - 1;
  const std::uint64_t waits_at = wait[w], calls_at = call[c];
  const std::uint64_t function = code_.function_of(waits_at);
  if (!function)
    return false;
  bool parts_here = code_.function_of(calls_at) == function || code_.reaches(waits_at, calls_at) == Answer::yes;
  for (std::size_t i = w + 1; i < wait.size(); ++i)
    if (is_known_loop(wait[i]))
      return true;
  if (parts_here && is_known_loop(waits_at))
    return true;
  if (!parts_here) { // the function that waits may have ended with a jump to the callback
    if (common == 0)
      return false;
    runs::MachineCode::Call caller = code_.call_at(wait[w + 1]);
    if (caller.direct != Answer::yes || !caller.callee ||
        (caller.callee != function && !code_.jumps_to(caller.callee + 1, function)))
      return false;
  }
  for (std::size_t i = 0; i < w; ++i)
    if (repeats(wait[i]))
      return false; // a loop within, which the call is not part of
  if (parts_here && !repeats(waits_at) && code_.reaches(waits_at, calls_at) != Answer::no &&
      comes_to_another_wait(wait.drop_front(w), calls_at, waits))
    return true; // turns that the compiler took out of the loop
  if (parts_here && repeats(waits_at)) {
    if (code_.shares_loop(waits_at, calls_at) != Answer::no)
      return true;
    // It calls and returns: a function that makes one turn of a loop, if it is a callback that it calls.
    if (code_.reaches(waits_at, calls_at) == Answer::no || code_.reaches(calls_at, waits_at) != Answer::no ||
        !is_called_by_dispatch(call, c))
      return false;
  }
  for (std::size_t i = w + 1; i < wait.size(); ++i) {
    if (code_.call_at(wait[i]).direct != Answer::yes)
      return false;
    if (repeats(wait[i]))
      return true;
  }
  return false;
}

// The same invocation waits at another place, to which control comes from `place`.
bool LoopCalls::comes_to_another_wait(Addresses from, std::uint64_t place, llvm::ArrayRef<std::uint32_t> waits) {
  return llvm::any_of(waits, [&](std::uint32_t id) {
    Addresses other = run_.stack(id);
    if (other.size() < from.size())
      return false;
    other = other.take_back(from.size());
    return other.drop_front() == from.drop_front() && other.front() != from.front() &&
           code_.function_of(other.front()) == code_.function_of(from.front()) &&
           code_.reaches(place, other.front()) == Answer::yes;
  });
}

// The first function outside of the system's headers that frame `frame` leads to was in a variable.
bool LoopCalls::is_called_by_dispatch(Addresses call, std::size_t frame) {
  for (std::size_t i = frame;; --i) {
    if (code_.call_at(call[i]).direct == Answer::no)
      return true;
    if (i == 0 || !llvm::StringRef(symbols_.at(call[i - 1]).frames.back().file).starts_with("/usr/"))
      return false;
  }
}

bool LoopCalls::is_known_loop(std::uint64_t place) {
  llvm::StringRef function = symbols_.at(place).frames.back().function;
  return llvm::any_of(known_loops, [&](llvm::StringRef known) {
    return function == known || (function.starts_with(known) && function.drop_front(known.size()).starts_with("("));
  });
}

} // namespace tenterhook::validate
