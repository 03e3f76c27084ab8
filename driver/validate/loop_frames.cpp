// See loop_frames.h.
#include "validate/loop_frames.h"
#include "validate/judge.h"
#include "llvm/ADT/STLExtras.h"

namespace tenterhook::validate {

using namespace findings;

namespace {

// Also of boost::asio; the runtime's functions are listed because its wait may be built without debug information.
constexpr llvm::StringLiteral callers_of_handlers[] = {
    "asio::detail::scheduler::do_run_one", "asio::detail::scheduler::do_wait_one",
    "asio::detail::scheduler::do_poll_one", "tenterhook::event_loop::run"};

bool calls_handlers(llvm::StringRef function) {
  return llvm::any_of(callers_of_handlers, [&](llvm::StringRef known) { return function.contains(known); });
}

} // namespace

void LoopFrames::add_wait(const Stack &place) {
  for (const Frame &frame : place) {
    bool last = place.size() > 1 && &frame == &place.back();
    Own &own = functions_[{frame.file, frame.function}];
    own = std::max(own, last ? Own::if_called : Own::yes);
  }
}

LoopFrames::Own LoopFrames::own(const Frame &frame) const {
  if (calls_handlers(frame.function))
    return Own::yes;
  auto found = functions_.find({frame.file, frame.function});
  return found == functions_.end() ? Own::no : found->second;
}

bool LoopFrames::called(const Stack &stack) const {
  bool by_program = false; // some frame so far is the program's and no loop's
  for (std::size_t i = 0; i < stack.size(); ++i) {
    Own owned = own(stack[i]);
    bool of_program = !is_system(stack[i]);
    bool outermost = std::all_of(stack.begin() + i + 1, stack.end(), is_system);
    // A function of the program that does nothing but run its loop may have called itself, or what ended with the call
    // and left no frame; main() and a thread's function do other things as well.
    if (outermost ? by_program && owned == Own::yes : owned != Own::no && (by_program || of_program))
      return true;
    by_program |= owned == Own::no && of_program;
  }
  return false;
}

} // namespace tenterhook::validate
