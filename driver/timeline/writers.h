// The forms of a timeline. All take the parts of a picture as they are drawn, and write the same bytes for the same parts.
#ifndef TENTERHOOK_DRIVER_TIMELINE_WRITERS_H
#define TENTERHOOK_DRIVER_TIMELINE_WRITERS_H

#include "timeline/picture.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <memory>
#include <optional>

namespace tenterhook::timeline {

// The Trace Event Format of chrome://tracing and Perfetto: a track for each thread, tasks, stalls and held locks as
// async slices (they overlap), flows from submitting to starting. Times are microseconds from the earliest trace's
// begin. Written part by part; of a trace, all parts before those of the next.
class ChromeWriter {
public:
  explicit ChromeWriter(llvm::raw_ostream &out);
  ~ChromeWriter();
  // The notes of all traces, where they are known before the first part; else they come at the end.
  void begin(std::optional<std::vector<std::string>> notes = std::nullopt);
  void write(const Picture &part);
  void end();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};
void write_chrome(llvm::ArrayRef<Picture> whole, llvm::raw_ostream &out);

// One page, no network, with all that is in the pictures; gathered.h makes them small enough.
void write_page(llvm::ArrayRef<Picture> whole, llvm::raw_ostream &out);

// What a person wants to know before opening a picture, of one trace.
class Summary {
public:
  void take(const Picture &part);
  void print(llvm::raw_ostream &out) const;

private:
  struct OfLane {
    std::uint32_t thread = 0;
    std::string name;
    runs::Role role = runs::Role::unknown;
    std::uint64_t dropped = 0;
    bool any = false;                                            // span
    std::int64_t times[categories] = {}, until[categories] = {}; // until: what nests in a block is counted with it
    bool has[categories] = {};
  };
  struct Group { // of what is worth a look
    std::string note;
    std::uint64_t count = 0;
    std::int64_t longest = 0, total = 0;
  };
  std::string title_;
  std::uint32_t process_ = 0;
  std::int64_t length_ = 0;
  std::uint64_t events_ = 0, tasks_ = 0;
  std::vector<OfLane> lanes_;
  std::map<std::pair<std::string, std::string>, Group> troubles_; // by name and place
};

} // namespace tenterhook::timeline

#endif
