// Files of a run's children. See children.h.
#include "record/children.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include <cstring>
#include <fcntl.h>
#include <unistd.h>

namespace tenterhook::record {
namespace {

constexpr char magic[] = "TNTRHOOK"; // a trace begins so

// How many of the magic's bytes the file has, 0 if it has none; -1 if it is something else.
int magic_bytes(const std::string &path) {
  char begin[8] = {};
  int file = open(path.c_str(), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
  if (file < 0)
    return -1;
  ssize_t size = read(file, begin, sizeof begin);
  close(file);
  if (size == 0)
    return 0;
  return size == sizeof begin && std::memcmp(begin, magic, sizeof begin) == 0 ? int(size) : -1;
}

} // namespace

bool is_trace(const std::string &path) { return magic_bytes(path) >= 0; }

std::string folder_of_children(const std::string &trace) { return trace + ".children"; }

std::vector<std::string> traces_of_children(const std::string &trace) {
  std::vector<std::pair<std::pair<std::uint64_t, std::string>, std::string>> found;
  std::error_code problem;
  for (llvm::sys::fs::directory_iterator entry(folder_of_children(trace), problem), end; !problem && entry != end;
       entry.increment(problem)) {
    llvm::StringRef name = llvm::sys::path::filename(entry->path());
    std::uint64_t process = 0;
    if (!name.ends_with(".trace") || name.consumeInteger(10, process) || magic_bytes(entry->path()) <= 0)
      continue;
    found.push_back({{process, name.str()}, entry->path()});
  }
  llvm::sort(found);
  std::vector<std::string> paths;
  for (auto &[key, path] : found)
    paths.push_back(std::move(path));
  return paths;
}

std::vector<std::string> with_children(llvm::ArrayRef<std::string> files) {
  llvm::StringSet<> named;
  auto real = [](llvm::StringRef path) {
    llvm::SmallString<256> whole;
    return llvm::sys::fs::real_path(path, whole) ? path.str() : whole.str().str();
  };
  for (const std::string &file : files)
    named.insert(real(file));
  std::vector<std::string> all;
  for (const std::string &file : files) {
    all.push_back(file);
    for (std::string &child : traces_of_children(file))
      if (named.insert(real(child)).second)
        all.push_back(std::move(child));
  }
  return all;
}

} // namespace tenterhook::record
