// Readers of what other tools write: sanitizers' logs and Valgrind's XML. Total: any bytes give evidence, what is
// torn or odd is told in Evidence::limits, nothing is an error but a file that is not of this kind at all.
#ifndef TENTERHOOK_DRIVER_VALIDATE_LOGS_H
#define TENTERHOOK_DRIVER_VALIDATE_LOGS_H

#include "validate/evidence_files.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <vector>

namespace tenterhook::validate {

// Any text: whatever a program wrote with reports of ThreadSanitizer and RealtimeSanitizer in it. One Evidence for each
// sanitizer that speaks; none of a text without reports.
std::vector<findings::Evidence> read_sanitizer_log(llvm::StringRef file, llvm::StringRef text, Release release = {});

// A line "    #1 helper() /src/rt.cpp:5:17 (program+0x12)" of a sanitizer's stack; false if it is none.
bool read_frame(llvm::StringRef line, findings::Frame &frame);

// What `--xml=yes` of Helgrind and DRD writes. An error if it is another tool's, or no such XML.
llvm::Expected<findings::Evidence> read_valgrind_xml(llvm::StringRef file, llvm::StringRef text, Release release = {});

// Reports that say the same, but for addresses and numbers of threads, are kept once, with their number: a server's log
// repeats the same few for days. Beyond `most` that differ the rest is counted alone.
class Repetitions {
public:
  static constexpr std::size_t most = 20'000;
  explicit Repetitions(findings::Evidence &evidence) : evidence_(evidence) {}
  // Whether the report is to be read; else it was counted here.
  bool is_new(std::uint64_t key);
  // What the report that is_new() said yes to came to: the observations from `first` on.
  void keep(std::uint64_t key, std::size_t first);
  // The report that has this key happened so many times more.
  void add_count(std::uint64_t key, std::uint64_t times);
  void finish(); // says what was left out

private:
  findings::Evidence &evidence_;
  llvm::DenseMap<std::uint64_t, std::pair<std::uint32_t, std::uint32_t>> known_; // observations, from and to
  std::uint64_t left_out_ = 0;
};

// A key from the one of what comes before. Of a heading with what differs from run to run left out: addresses, numbers
// of threads, mutexes and processes.
std::uint64_t add_to_key(std::uint64_t key, llvm::StringRef text);
std::uint64_t add_heading_to_key(std::uint64_t key, llvm::StringRef text);

} // namespace tenterhook::validate

#endif
