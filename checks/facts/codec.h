// The stored form of a TUSummary: a versioned LLVM bitstream with one string table.
//
// Deterministic: equal summaries give equal bytes. The decoder is total: any bytes give a summary whose ids are all in
// range, or an error with offset and reason; it never crashes and never loops. Thread-safe: no shared state.
#ifndef TENTERHOOK_CHECKS_FACTS_CODEC_H
#define TENTERHOOK_CHECKS_FACTS_CODEC_H

#include "facts/tu_summary.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/JSON.h"

namespace tenterhook::facts {

inline constexpr unsigned format_version = 6;

// Bytes of `summary` (magic "TNTR", version, blocks).
std::string encode(const TUSummary &summary);

// The inverse. `name` is the file's name, for the error: "NAME: offset N: REASON".
llvm::Expected<TUSummary> decode(llvm::StringRef bytes, llvm::StringRef name);

// Every id is in range, and the invariants of operation.h hold. decode() guarantees it; extract asserts it.
llvm::Error validate(const TUSummary &summary);

// For people and for lit tests. `dump_json`: complete, stable key order, names instead of ids.
// `dump_text`: one line an operation, blocks indented under functions.
llvm::json::Value dump_json(const TUSummary &summary);
void dump_text(const TUSummary &summary, llvm::raw_ostream &out);

} // namespace tenterhook::facts

#endif
