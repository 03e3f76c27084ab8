// Fingerprints: what makes two runs' findings the same finding.
#ifndef TENTERHOOK_CHECKS_FINDINGS_FINGERPRINT_H
#define TENTERHOOK_CHECKS_FINDINGS_FINGERPRINT_H

#include "findings/finding.h"
#include "llvm/ADT/StringRef.h"

namespace tenterhook::findings {

// tenterhook/v1: a hash of rule, function, identity and the ordinal among equals. No line numbers, no paths, so it
// survives edits and moves.
std::string fingerprint(const Finding &finding);

// GitHub's primaryLocationLineHash of `line` (from 1) of `text`: a rolling hash over the 100 characters that follow the
// line's start, white space left out, with ":N" counting equal hashes in the file.
std::string primary_location_line_hash(llvm::StringRef text, std::uint32_t line);

} // namespace tenterhook::findings

#endif
