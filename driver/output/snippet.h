// Source lines for a terminal: numbered and underlined, or one line alone; tabs expanded, long lines cut.
#ifndef TENTERHOOK_DRIVER_OUTPUT_SNIPPET_H
#define TENTERHOOK_DRIVER_OUTPUT_SNIPPET_H

#include "output/sources.h"
#include "output/terminal.h"

namespace tenterhook::driver {

// A part of a source line that fits a width, and where the marked range stands in it (columns, end exclusive).
struct CutLine {
  std::string text;
  unsigned mark_begin = 0, mark_end = 0;
};

// The bytes begin..end of `line` are marked (from 0, end exclusive) and stay in view; what is cut off is "...".
// `width` 0: the whole line.
CutLine cut_line(llvm::StringRef line, std::size_t begin, std::size_t end, unsigned width);

// The lines of `place` with numbers and underlines:
//
//     12 |   auto n = co_await read(socket);
//        |            ^~~~~~~~~~~~~~~~~~~~~
//
// Nothing if the file has no such line. Ranges of many lines show the first two and the last.
void write_snippet(const SourceFile &file, const findings::Place &place, const Paint &paint, unsigned width,
                   llvm::raw_ostream &out);

// The one line at `place`, without its indentation; the range at `place` is bold. Empty if there is none.
std::string one_line(const SourceFile &file, const findings::Place &place, const Paint &paint, unsigned width);

} // namespace tenterhook::driver

#endif
