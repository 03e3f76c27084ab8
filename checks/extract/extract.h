// The only door to Clang: one compile command in, one TUSummary out.
//
// Parses the command's file in this process, skipping function bodies of system headers, and walks what is left once.
// Nothing outside checks/extract (and the clang-tidy plugin) includes clang/*; this header includes none either.
#ifndef TENTERHOOK_CHECKS_EXTRACT_EXTRACT_H
#define TENTERHOOK_CHECKS_EXTRACT_EXTRACT_H

#include "facts/tu_summary.h"
#include "llvm/ADT/IntrusiveRefCntPtr.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/VirtualFileSystem.h"
#include <memory>
#include <mutex>
#include <set>
#include <string>
#include <vector>

namespace clang {
class ASTContext;
class Preprocessor;
} // namespace clang

namespace tenterhook::extract {

class ErrorPlaces;

// Bodies that some TU of this run has already given, so that another need not extract them again. A TU publishes what
// it extracted only when it finished, so a crash loses nothing; two TUs that run at once may both extract a body, and
// link merges them. Thread-safe.
class BodyRegistry {
public:
  bool has(const facts::EntityName &name, std::uint64_t hash) const;
  void publish(const facts::TUSummary &summary);

private:
  mutable std::mutex mutex_;
  std::set<std::pair<facts::EntityName, std::uint64_t>> bodies_;
};

struct Command {
  std::string file;              // absolute
  std::string directory;         // of the compile command
  std::vector<std::string> argv; // argv[0] is the compiler; as in the database, response files expanded
};

struct Options {
  BodyRegistry *registry = nullptr;      // null: every body is extracted
  std::uint32_t max_block_count = 12000; // CFG blocks in one body; larger ones are counted in capped_bodies
  bool time_phases = false;              // fill Times
};

struct Times { // CPU seconds of this thread
  double parse = 0, extract = 0;
};

struct Result {
  facts::TUSummary summary;
  std::vector<std::string> dropped_flags; // flags of the command that clang does not know
  bool parsed = true;                     // false: errors in the source (summary holds what could be read, and errors)
  Times times;
};

// Parses and extracts. An error means that nothing could be read (no such file, no such compiler option value, not a
// C or C++ command); source errors are in the Result. `vfs` must be private to the calling thread.
llvm::Expected<Result> extract(const Command &command, const Options &options,
                               llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> vfs);

// For a host that already has an AST (the clang-tidy plugin): extraction alone. `errors`: what the host heard while it
// parsed (broken.h); null if it did not listen.
facts::TUSummary extract(clang::ASTContext &context, const Options &options, const ErrorPlaces *errors);

} // namespace tenterhook::extract

#endif
