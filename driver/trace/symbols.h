// Addresses of a run to places in the source, offline, by llvm::symbolize and the files on this disk (.gnu_debuglink is
// followed). A module is looked at once, its build-id first: of another build, places are told all the same but marked.
#ifndef TENTERHOOK_DRIVER_TRACE_SYMBOLS_H
#define TENTERHOOK_DRIVER_TRACE_SYMBOLS_H

#include "trace/model.h"
#include <memory>

namespace tenterhook::runs {

// How far a place may be believed. unchecked: the program has no build-id.
enum class Trust { exact, unchecked, other_build, no_debug_info, nothing };

struct Frame {
  std::string function; // demangled, as the symbol table or the debug information has it
  std::string file;     // empty if unknown
  unsigned line = 0, column = 0;
  unsigned function_line = 0; // where the function begins
  bool inlined = false;       // into the frame behind it
};

struct Resolved {
  std::vector<Frame> frames; // the innermost inlined one first; never empty
  Trust trust = Trust::nothing;
  std::uint64_t address = 0;
  int module = -1; // index into Run::modules
};

class Symbols {
public:
  explicit Symbols(const Run &);
  ~Symbols();

  const Resolved &at(std::uint64_t return_address); // the call before it
  const Resolved &at(SiteRef);                      // of a key: one frame, exact
  // Of a whole stack, innermost first, inlined frames in their places.
  std::vector<Frame> stack(std::uint32_t id);
  // One line a module of which something is amiss: other build, no debug information, not found. Grows with the
  // questions.
  llvm::ArrayRef<std::string> notes() const;

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

// The module that holds an address, as index into Run::modules; of several that were mapped there one after the other,
// the last. -1: none.
int module_at(const Run &, std::uint64_t address);
// The module's file is on this disk, and nothing tells that it is another build than ran.
bool is_build_that_ran(const LoadedModule &);

// "file:line function", or the function and module alone, for people.
std::string describe(const Frame &);

} // namespace tenterhook::runs

#endif
