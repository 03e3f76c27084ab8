// NOLINT comments with clang-tidy's meaning: NOLINT (its line), NOLINTNEXTLINE, NOLINTBEGIN … NOLINTEND, each with an
// optional list of globs in parentheses.
#ifndef TENTERHOOK_CHECKS_EXTRACT_SUPPRESSIONS_H
#define TENTERHOOK_CHECKS_EXTRACT_SUPPRESSIONS_H

#include "extract/places.h"

namespace tenterhook::extract {

void add_suppressions(llvm::StringRef text, facts::StringId file, StringPool &strings, facts::TUSummary &summary);

} // namespace tenterhook::extract

#endif
