// Files that somebody names as input. A pipe, a device or a socket is refused: nobody knows when it ends, and what is
// read of it cannot be read again.
#ifndef TENTERHOOK_DRIVER_INPUT_FILE_H
#define TENTERHOOK_DRIVER_INPUT_FILE_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace tenterhook::driver {

// The error is one line: file, reason, `remedy`.
llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> load_file(const std::string &path, const llvm::Twine &remedy);

// Gives the memory back in which a mapped file is; what is read of it again comes back from the file.
void release(llvm::MemoryBuffer &);

// Recognizes a file that was given before: under another name, by a link, or as a copy.
class GivenFiles {
public:
  // The path of the one that it is the same as; else it is remembered. Two empty files are two files.
  std::optional<std::string> same_as(const std::string &path, llvm::MemoryBuffer &bytes);

private:
  struct Given {
    std::string path;
    llvm::sys::fs::UniqueID id;
    std::size_t size = 0;
    std::optional<std::uint64_t> content; // a hash, once somebody asked
  };
  std::vector<Given> given_;
};

} // namespace tenterhook::driver

#endif
