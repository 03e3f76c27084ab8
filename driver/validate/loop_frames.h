// Which frames of a stack are those of an event loop, so that what it called can be told from what its thread did
// before and after it.
//
// A trace names the place where a thread waits for events, not who called it. The function of that place is a loop's
// own, and so are those that it was inlined into; of the last of these that holds only if somebody called it in turn,
// since main() and a thread's function do other things as well. Of libraries whose wait is in a function that returns
// before handlers are called, the function that calls them is known by its name.
#ifndef TENTERHOOK_DRIVER_VALIDATE_LOOP_FRAMES_H
#define TENTERHOOK_DRIVER_VALIDATE_LOOP_FRAMES_H

#include "findings/evidence.h"
#include <map>
#include <tuple>

namespace tenterhook::validate {

class LoopFrames {
public:
  // A place where a thread waits for events: one frame with those that it was inlined into.
  void add_wait(const findings::Stack &place);
  // Whether a function of the program was called, in whatever way, by a loop.
  bool called(const findings::Stack &stack) const;

private:
  enum class Own { no, if_called, yes };
  Own own(const findings::Frame &frame) const;
  std::map<std::tuple<std::string, std::string>, Own> functions_; // by file and name
};

} // namespace tenterhook::validate

#endif
