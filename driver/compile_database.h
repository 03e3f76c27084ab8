// compile_commands.json: finding it, reading it, and choosing from it what is analysed.
//
// Own reader over llvm::json rather than clang::tooling's: the driver sees no Clang, and errors here name the entry.
// The commands are sorted by file, so the rest of the run does not depend on the order of the database.
#ifndef TENTERHOOK_DRIVER_COMPILE_DATABASE_H
#define TENTERHOOK_DRIVER_COMPILE_DATABASE_H

#include "extract/extract.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <string>
#include <vector>

namespace tenterhook::driver {

struct CompileDatabase {
  std::string path;                       // of the JSON file; empty if flags were given after "--"
  std::vector<extract::Command> commands; // sorted by file, one for each file
  unsigned duplicates = 0;                // the same file with the same command
  unsigned alternatives = 0;              // the same file with other commands: the first one counts
  unsigned not_c = 0;                     // assembler, Fortran, …
  std::vector<std::string> others;        // databases that were found beside this one and not used
};

// The database that serves `folder`: compile_commands.json there, in build*/, out*/ or cmake-build-*/ (and one folder
// further down), then the same in each folder above, up to the repository's root. `given` (-p) is a folder or the file
// itself. Without `given`, `starts` are tried in order.
llvm::Expected<CompileDatabase> load_database(llvm::StringRef given, llvm::ArrayRef<std::string> starts);

// Reads the text of a database. `path` is for messages.
llvm::Expected<CompileDatabase> parse_database(llvm::StringRef text, llvm::StringRef path);

// The commands of `names` (files or folders, relative to `folder`); all if there are none. A name that selects nothing
// is an error. `explicit_files` receives the files that were named themselves.
llvm::Expected<std::vector<extract::Command>> select(const CompileDatabase &database, llvm::ArrayRef<std::string> names,
                                                     llvm::StringRef folder, std::vector<std::string> *explicit_files = nullptr);

// Commands for `names` (folders: every source file below) with one set of flags.
llvm::Expected<CompileDatabase> database_from_flags(llvm::ArrayRef<std::string> names, llvm::ArrayRef<std::string> flags,
                                                    llvm::StringRef folder);

} // namespace tenterhook::driver

#endif
