// Where the processes that a recorded run started leave their traces: in TRACE.children, a file each that had something to
// tell. Whoever is given TRACE reads them with it.
#ifndef TENTERHOOK_DRIVER_RECORD_CHILDREN_H
#define TENTERHOOK_DRIVER_RECORD_CHILDREN_H

#include "llvm/ADT/ArrayRef.h"
#include <string>
#include <vector>

namespace tenterhook::record {

std::string folder_of_children(const std::string &trace);

// By process number; what is no trace, or is empty, is not among them. None if there is no folder.
std::vector<std::string> traces_of_children(const std::string &trace);

// Each file followed by the traces of its children, less those that are named anyway.
std::vector<std::string> with_children(llvm::ArrayRef<std::string> files);

// The file begins as a trace does, or is empty.
bool is_trace(const std::string &path);

} // namespace tenterhook::record

#endif
