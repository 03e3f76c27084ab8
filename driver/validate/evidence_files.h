// Evidence files: what kind each is, by its content, and what it says.
#ifndef TENTERHOOK_DRIVER_VALIDATE_EVIDENCE_FILES_H
#define TENTERHOOK_DRIVER_VALIDATE_EVIDENCE_FILES_H

#include "findings/evidence.h"
#include "trace/event_stream.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace tenterhook::validate {

using runs::Release, runs::bytes_between_releases;

// A trace, a sanitizer's log or Valgrind's XML. A file that is none of these, empty, newer or damaged beyond use is
// an error of one line: file, place, reason, remedy.
llvm::Expected<std::vector<findings::Evidence>> read_evidence(llvm::StringRef file, llvm::StringRef bytes, Release release = {});

// The log of a sanitizer that somebody names, so that one without reports, empty or with the program's output alone, is
// evidence of a run without reports. An error if it is no text.
llvm::Expected<std::vector<findings::Evidence>> read_log_of(findings::SourceKind sanitizer, llvm::StringRef file,
                                                            llvm::StringRef bytes, Release release = {});
// A run of that sanitizer that wrote no log, which it does if there is nothing to report.
findings::Evidence no_log_of(findings::SourceKind sanitizer, llvm::StringRef file);

// A trace of the runtime or the recorder, resolved to places with the programs on this disk.
llvm::Expected<findings::Evidence> read_trace_evidence(llvm::StringRef file, llvm::StringRef bytes, Release release = nullptr);

} // namespace tenterhook::validate

#endif
