// Paths as the tool compares them: absolute and lexically normalised, with symbolic links left as written.
#ifndef TENTERHOOK_CHECKS_CONFIG_PATHS_H
#define TENTERHOOK_CHECKS_CONFIG_PATHS_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include <string>
#include <vector>

namespace tenterhook::config {

std::string current_folder();
std::string absolute(llvm::StringRef path, llvm::StringRef folder);
bool is_below(llvm::StringRef path, llvm::StringRef folder);  // or equal to it
std::string common_folder(llvm::ArrayRef<std::string> files); // "/" at least; the folder of a single file
// `folder` and the folders above it, up to the root of its repository (a folder that holds the folder .git) or of the
// file system: what lies above belongs to someone else.
std::vector<std::string> upwards(llvm::StringRef folder);
std::string shown(llvm::StringRef path, llvm::StringRef root); // relative to `root` if below it

// Globs of .tenterhook.yaml for paths: a glob without "/" names a path component anywhere ("third_party"); one with
// "/" is matched against the path below `root`, where "*" also matches "/". A folder's glob covers all below it.
bool matches_path(llvm::StringRef glob, llvm::StringRef path, llvm::StringRef root);

// A C or C++ file that is compiled by itself; a header.
bool is_source(llvm::StringRef path);
bool is_header(llvm::StringRef path);

} // namespace tenterhook::config

#endif
