// The two forms of a timeline. Both are written as a stream and are the same bytes for the same pictures.
#ifndef TENTERHOOK_DRIVER_TIMELINE_WRITERS_H
#define TENTERHOOK_DRIVER_TIMELINE_WRITERS_H

#include "timeline/picture.h"
#include "llvm/Support/raw_ostream.h"

namespace tenterhook::timeline {

// The Trace Event Format of chrome://tracing and Perfetto: a track for each thread, tasks, stalls and held locks as
// async slices (they overlap), flows from submitting to starting. Times are microseconds from the earliest trace's
// begin.
void write_chrome(llvm::ArrayRef<Picture>, llvm::raw_ostream &);

// One page, no network. Shows at most `limit` spans of a picture; what is left out is the shortest, and it says so.
void write_page(llvm::ArrayRef<Picture>, std::size_t limit, llvm::raw_ostream &);

} // namespace tenterhook::timeline

#endif
