// The one line that a file which cannot be used is refused with: the file first, then what is wrong and what to do.
#ifndef TENTERHOOK_DRIVER_VALIDATE_FILE_ERROR_H
#define TENTERHOOK_DRIVER_VALIDATE_FILE_ERROR_H

#include "llvm/ADT/Twine.h"
#include "llvm/Support/Error.h"

namespace tenterhook::validate {

inline llvm::Error wrong(const llvm::Twine &file, const llvm::Twine &message) {
  return llvm::createStringError(llvm::inconvertibleErrorCode(), file + ": " + message);
}

} // namespace tenterhook::validate

#endif
