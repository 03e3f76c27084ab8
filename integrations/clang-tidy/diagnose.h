// A finding as clang-tidy shows it: a warning at the root cause, a note for each witness step and related place.
#ifndef TENTERHOOK_INTEGRATIONS_CLANG_TIDY_DIAGNOSE_H
#define TENTERHOOK_INTEGRATIONS_CLANG_TIDY_DIAGNOSE_H

#include "clang-tidy/ClangTidyCheck.h"
#include "findings/finding.h"

namespace tenterhook::tidy {

void diagnose(clang::tidy::ClangTidyCheck &check, const findings::Finding &finding, clang::SourceManager &sources);

} // namespace tenterhook::tidy

#endif
