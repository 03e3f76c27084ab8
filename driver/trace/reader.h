// Reads trace files. Total: whatever the bytes, the answer is a Run or one clear line (file, offset, reason, remedy).
// A file that ends within a chunk is read up to there and says so in Run::notes; a chunk whose checksum is wrong, a
// file of a newer version, an empty and a foreign file are errors. Memory is bounded by a small multiple of the file's
// size.
#ifndef TENTERHOOK_DRIVER_TRACE_READER_H
#define TENTERHOOK_DRIVER_TRACE_READER_H

#include "trace/model.h"
#include "llvm/Support/Error.h"

namespace tenterhook::runs {

llvm::Expected<Run> read_trace(llvm::StringRef path);
llvm::Expected<Run> parse_trace(llvm::StringRef bytes, llvm::StringRef path);

// Whether the bytes begin as a trace does, to tell evidence files apart.
bool looks_like_trace(llvm::StringRef bytes);

} // namespace tenterhook::runs

#endif
