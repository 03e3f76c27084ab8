// What all formats call the same thing: files relative to the report's root, URIs, troubles, lanes.
#ifndef TENTERHOOK_DRIVER_OUTPUT_NAMES_H
#define TENTERHOOK_DRIVER_OUTPUT_NAMES_H

#include "output/report.h"

namespace tenterhook::driver {

// The part of `path` below `root`, or nothing if it is elsewhere. Lexical: nothing is looked up on disk.
std::optional<llvm::StringRef> below_root(llvm::StringRef path, llvm::StringRef root);
// For people and for JSON: relative if below the root, else `path` itself.
llvm::StringRef shown_path(llvm::StringRef path, const Report &report);

// `path` with everything but RFC 3986's unreserved characters and "/" percent-encoded.
std::string uri_path(llvm::StringRef path);
// "file:///…" of an absolute path.
std::string file_uri(llvm::StringRef absolute);

// "tenterhook-lock-across-await" of "lock-across-await".
std::string check_name(llvm::StringRef rule);

// "parse-error": stable, for programs.
llvm::StringRef identifier(Trouble::Kind kind);
// "does not parse": for people.
llvm::StringRef label(Trouble::Kind kind);
// Whether the unit counts as not (wholly) analysed because of it.
bool is_failure(Trouble::Kind kind);

// One thread or coroutine of a witness.
struct Lane {
  std::uint32_t number; // Step::nesting
  llvm::StringRef label;
  bool operator==(const Lane &) const = default;
};

// By number, then by first step. Steps with equal numbers and other labels are other lanes. Points into `steps`.
std::vector<Lane> lanes_of(const std::vector<findings::Step> &steps);
std::size_t lane_index(const std::vector<Lane> &lanes, const findings::Step &step);

// "1 finding", "3 findings".
std::string count_of(std::uint64_t count, llvm::StringRef noun);

} // namespace tenterhook::driver

#endif
