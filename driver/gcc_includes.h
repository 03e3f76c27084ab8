// Where a GCC that the database names looks for headers.
//
// Clang finds the headers of the system's own GCC by itself. Another one (a cross compiler, one in /opt, another
// version) knows its folders, so it is asked: `-E -v` on an empty input, once for each compiler, language and set of
// flags that matter. Only a program whose name is GCC's is ever started, with a time limit, and what answers is used
// only if it says that it is GCC.
#ifndef TENTERHOOK_DRIVER_GCC_INCLUDES_H
#define TENTERHOOK_DRIVER_GCC_INCLUDES_H

#include "extract/extract.h"
#include "output/report.h"
#include "llvm/ADT/StringRef.h"
#include <optional>
#include <string>
#include <vector>

namespace tenterhook::driver {

struct GccSearch {
  std::string target;              // "aarch64-linux-gnu"
  std::vector<std::string> before; // in the order of the search: what precedes the compiler's own headers (stddef.h),
  std::vector<std::string> after;  // which are left to Clang, and what follows them
};

// Reads what `g++ -E -v` writes to standard error; nothing if that was not GCC.
std::optional<GccSearch> parse_gcc_search(llvm::StringRef text);

// gcc, g++-12, aarch64-linux-gnu-c++; no clang, no wrapper.
bool is_gcc_name(llvm::StringRef program);

// Gives the commands of such compilers their folders. A compiler that is missing or does not answer is noted once, and
// its commands stand as they are. `place` is the file that the notes are about: the database.
void add_gcc_includes(std::vector<extract::Command> &commands, llvm::StringRef place, std::vector<Trouble> &notes);

} // namespace tenterhook::driver

#endif
