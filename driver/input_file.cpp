// See input_file.h.
#include "driver/input_file.h"
#include "config/suggest.h"
#include "driver/arguments.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Process.h"
#include "llvm/Support/xxhash.h"
#include <sys/mman.h>

namespace tenterhook::driver {
namespace {

constexpr std::size_t step = 16u << 20; // hashed at once, so that a large file is never in memory as a whole

std::uint64_t hash(llvm::MemoryBuffer &bytes) {
  std::uint64_t all = bytes.getBufferSize();
  for (llvm::StringRef rest = bytes.getBuffer(); !rest.empty(); rest = rest.drop_front(std::min(step, rest.size()))) {
    all = (all ^ llvm::xxh3_64bits(rest.take_front(step))) * 0x9e37'79b9'7f4a'7c15u;
    release(bytes);
  }
  return all;
}

llvm::StringRef kind_of(llvm::sys::fs::file_type type) {
  switch (type) {
  case llvm::sys::fs::file_type::fifo_file: return "a pipe";
  case llvm::sys::fs::file_type::socket_file: return "a socket";
  case llvm::sys::fs::file_type::block_file:
  case llvm::sys::fs::file_type::character_file: return "a device";
  default: return "";
  }
}

} // namespace

void release(llvm::MemoryBuffer &bytes) {
  if (bytes.getBufferKind() != llvm::MemoryBuffer::MemoryBuffer_MMap)
    return;
  // posix_madvise, which MemoryBuffer has, does nothing of the kind in glibc.
  auto page = std::uintptr_t(llvm::sys::Process::getPageSizeEstimate());
  std::uintptr_t begin = (reinterpret_cast<std::uintptr_t>(bytes.getBufferStart()) + page - 1) / page * page;
  std::uintptr_t end = reinterpret_cast<std::uintptr_t>(bytes.getBufferEnd()) / page * page;
  if (begin < end)
    madvise(reinterpret_cast<void *>(begin), end - begin, MADV_DONTNEED);
}

llvm::Expected<std::unique_ptr<llvm::MemoryBuffer>> load_file(const std::string &path, const llvm::Twine &remedy) {
  llvm::sys::fs::file_status status;
  if (!llvm::sys::fs::status(path, status)) // what is wrong with it, opening it tells
    if (llvm::StringRef kind = kind_of(status.type()); !kind.empty())
      return usage_error(path + ": is " + kind +
                         ", which has no end that is known; write what comes out of it to a file "
                         "and name that");
  auto buffer = llvm::MemoryBuffer::getFile(path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return usage_error(path + ": cannot be read: " + buffer.getError().message() + "; " + remedy);
  return std::move(*buffer);
}

std::optional<std::string> GivenFiles::same_as(const std::string &path, llvm::MemoryBuffer &bytes) {
  Given file{path, {}, bytes.getBufferSize(), std::nullopt};
  bool has_id = !llvm::sys::fs::getUniqueID(path, file.id);
  for (Given &other : given_) {
    if (has_id && other.id == file.id)
      return other.path;
    if (!file.size || other.size != file.size)
      continue;
    if (!other.content) {
      auto again = llvm::MemoryBuffer::getFile(other.path, /*IsText=*/false, /*RequiresNullTerminator=*/false);
      if (!again)
        continue;
      other.content = hash(**again);
    }
    if (!file.content)
      file.content = hash(bytes);
    if (other.content == file.content)
      return other.path;
  }
  given_.push_back(std::move(file));
  return std::nullopt;
}

} // namespace tenterhook::driver
