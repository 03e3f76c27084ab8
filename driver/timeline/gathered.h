// The parts of a trace as one picture that does not grow with the trace: of spans, tasks and their slices the shortest go
// as soon as there are more than twice `limit`, and flows end at the first `limit`. What is gone would not have been
// shown of the whole picture either, so what page.cpp shows is the same.
#ifndef TENTERHOOK_DRIVER_TIMELINE_GATHERED_H
#define TENTERHOOK_DRIVER_TIMELINE_GATHERED_H

#include "timeline/picture.h"
#include <unordered_map>

namespace tenterhook::timeline {

class Gathered {
public:
  explicit Gathered(std::size_t limit) : limit_(limit) {}
  void take(Picture &part);
  // All of it, cut to `limit`; what was left out is told in the picture's notes.
  Picture finish();

private:
  void cut_spans(bool last);
  void cut_tasks(bool last);
  void cut_slices(bool last);

  std::size_t limit_;
  Picture picture_;
  std::unordered_map<std::uint64_t, std::size_t> open_tasks_; // index by id, of those that go on
  std::size_t spans_ = 0, slices_ = 0;
  std::size_t spans_left_out_ = 0, troubles_left_out_ = 0, tasks_left_out_ = 0, slices_left_out_ = 0;
  std::int64_t least_ = 0;
};

} // namespace tenterhook::timeline

#endif
