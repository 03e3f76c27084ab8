// Reach totals by paths: a path keeps the entry of the trace's table, so that a call costs an addition. The first calls of a
// path are counted in the table at once, later ones in batches, and all of them before the totals are written.
#ifndef TENTERHOOK_RUNTIME_RECORDER_REACH_H
#define TENTERHOOK_RUNTIME_RECORDER_REACH_H

#include "recorder/thread.h"

namespace tenterhook::recorder {

// A call that was no slow one.
void count_reach(Path &, std::uint32_t function, bool nonblocking, std::uint64_t duration) noexcept;
void flush_reach(Path &) noexcept; // before the path is taken for another place, or its thread ends
void flush_reach_of_all_threads() noexcept;
// Whether a call was counted at a place of which more is known than an address. No report tells of the others.
bool counted_where_names_are_known() noexcept; // before totals are written

} // namespace tenterhook::recorder

#endif
