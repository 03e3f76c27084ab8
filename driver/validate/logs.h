// Readers of what other tools write: sanitizers' logs and Valgrind's XML. Total: any bytes give evidence, what is
// torn or odd is told in Evidence::limits, nothing is an error but a file that is not of this kind at all.
#ifndef TENTERHOOK_DRIVER_VALIDATE_LOGS_H
#define TENTERHOOK_DRIVER_VALIDATE_LOGS_H

#include "findings/evidence.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace tenterhook::validate {

// Any text: whatever a program wrote with reports of ThreadSanitizer and RealtimeSanitizer in it. One Evidence for each
// sanitizer that speaks; none of a text without reports.
std::vector<findings::Evidence> read_sanitizer_log(llvm::StringRef file, llvm::StringRef text);

// A line "    #1 helper() /src/rt.cpp:5:17 (program+0x12)" of a sanitizer's stack; false if it is none.
bool read_frame(llvm::StringRef line, findings::Frame &frame);

// What `--xml=yes` of Helgrind and DRD writes. An error if it is another tool's, or no such XML.
llvm::Expected<findings::Evidence> read_valgrind_xml(llvm::StringRef file, llvm::StringRef text);

} // namespace tenterhook::validate

#endif
