// Errors that a person can act on: one line, with the nearest right name where a name was wrong.
#ifndef TENTERHOOK_CHECKS_CONFIG_SUGGEST_H
#define TENTERHOOK_CHECKS_CONFIG_SUGGEST_H

#include "llvm/ADT/ArrayRef.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"
#include <string>

namespace tenterhook::config {

// An error of the command line, the configuration or the input: the program ends with exit code 2 and this line.
llvm::Error usage_error(const llvm::Twine &message);

// The known name that `wrong` most likely meant; empty if none is near.
std::string nearest(llvm::StringRef wrong, llvm::ArrayRef<std::string> known);

// "; did you mean 'X'?" or, if nothing is near, `otherwise` (which brings its own punctuation).
std::string did_you_mean(llvm::StringRef wrong, llvm::ArrayRef<std::string> known, llvm::StringRef otherwise = "");

} // namespace tenterhook::config

#endif
