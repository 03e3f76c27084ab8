// Paths as the tool compares them. See paths.h.
#include "config/paths.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/Path.h"

namespace tenterhook::config {
namespace path = llvm::sys::path;

std::string current_folder() {
  llvm::SmallString<256> folder;
  if (llvm::sys::fs::current_path(folder))
    return "/";
  path::remove_dots(folder, true);
  return folder.str().str();
}

std::string absolute(llvm::StringRef file, llvm::StringRef folder) {
  llvm::SmallString<256> result(file);
  if (!path::is_absolute(file)) {
    result = folder;
    path::append(result, file);
  }
  path::remove_dots(result, true);
  while (result.size() > 1 && result.back() == '/')
    result.pop_back();
  return result.str().str();
}

bool is_below(llvm::StringRef file, llvm::StringRef folder) {
  if (folder == "/")
    return file.starts_with("/");
  return file.consume_front(folder) && (file.empty() || file.front() == '/');
}

std::string common_folder(llvm::ArrayRef<std::string> files) {
  if (files.empty())
    return "/";
  std::string common = path::parent_path(files.front()).str();
  for (const std::string &file : files)
    while (common.size() > 1 && !is_below(file, common))
      common = path::parent_path(common).str();
  return common.empty() ? "/" : common;
}

std::vector<std::string> upwards(llvm::StringRef folder) {
  std::vector<std::string> folders;
  for (; !folder.empty(); folder = path::parent_path(folder)) {
    folders.push_back(folder.str());
    llvm::SmallString<256> repository(folder);
    path::append(repository, ".git");
    if (llvm::sys::fs::is_directory(repository))
      break;
  }
  return folders;
}

std::string shown(llvm::StringRef file, llvm::StringRef root) {
  if (file == root || !is_below(file, root))
    return file.str();
  return file.drop_front(root == "/" ? 1 : root.size() + 1).str();
}

bool matches_path(llvm::StringRef glob, llvm::StringRef file, llvm::StringRef root) {
  llvm::Expected<llvm::GlobPattern> pattern = llvm::GlobPattern::create(glob.rtrim('/'));
  if (!pattern) {
    llvm::consumeError(pattern.takeError()); // config and arguments have already reported it
    return false;
  }
  std::string below = shown(file, root);
  if (glob.rtrim('/').contains('/')) {
    for (llvm::StringRef folder = below; !folder.empty() && folder != "/"; folder = path::parent_path(folder))
      if (pattern->match(folder))
        return true;
    return false;
  }
  for (llvm::StringRef component : llvm::make_range(path::begin(below), path::end(below)))
    if (pattern->match(component))
      return true;
  return false;
}

bool is_source(llvm::StringRef file) {
  return llvm::StringSwitch<bool>(path::extension(file))
      .Cases({".c", ".cc", ".cpp", ".cxx", ".c++", ".C", ".cppm", ".ixx", ".CPP"}, true)
      .Default(false);
}

bool is_header(llvm::StringRef file) {
  return llvm::StringSwitch<bool>(path::extension(file))
      .Cases({".h", ".hh", ".hpp", ".hxx", ".h++", ".H", ".inl", ".ipp", ".tcc", ".inc"}, true)
      .Default(false);
}

} // namespace tenterhook::config
