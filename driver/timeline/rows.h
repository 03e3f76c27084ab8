// Where spans stand below each other.
#ifndef TENTERHOOK_DRIVER_TIMELINE_ROWS_H
#define TENTERHOOK_DRIVER_TIMELINE_ROWS_H

#include "timeline/picture.h"

namespace tenterhook::timeline {

// Sorts, and gives rows by nesting. What sticks out of the span it began in is cut there: viewers demand it, and so little
// sticks out (a record is written after the call it tells of) that nothing is lost. `open` are spans that have not ended,
// by begin; their `end` is where they will be cut, which this may lower.
void nest(std::vector<Span> &spans, llvm::ArrayRef<Span *> open = {});

// Sorts, and gives rows so that nothing overlaps, as long as there are 16 at the most.
void pack(std::vector<Span> &spans);

} // namespace tenterhook::timeline

#endif
