// Which addresses of an ELF file are the bodies of coroutines, or functions that library_names.h knows, by the names
// of functions. Of a coroutine compilers make several: clang's f.resume, f.destroy and f.cleanup, gcc's
// f(…Frame*).actor and .destroy, and the ramp f of each, which runs the first slice (clang always, gcc where it inlines
// the actor). The ramp also runs what comes before the body (the frame's allocation, the promise): the reader of the
// trace tells that apart by source extents.
#ifndef TENTERHOOK_RUNTIME_RECORDER_SYMBOLS_H
#define TENTERHOOK_RUNTIME_RECORDER_SYMBOLS_H

#include <cstddef>
#include <cstdint>

namespace tenterhook::recorder {

enum class CodeKind : std::uint8_t { none, coroutine, library, loop, worker }; // the last three: library_names.h

struct CodeRange {
  std::uint64_t begin, end; // addresses as in the file
  std::uint64_t coroutine;  // the same for all parts of one coroutine; 0 if it is none
  CodeKind kind;
};

struct CodeSymbols {
  const CodeRange *ranges = nullptr; // sorted, do not overlap
  std::size_t count = 0;
  bool coroutines = false; // one of them at least is a coroutine's
  bool known = false;      // there was a symbol table, here or where .gnu_debuglink or the build-id lead to
};

// Reads the file. Allocates with mmap only and for good; nothing of the file stays mapped.
CodeSymbols read_symbols(const char *path) noexcept;

} // namespace tenterhook::recorder

#endif
