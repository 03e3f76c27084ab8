// Reads trace files. Total: whatever the bytes, the answer is a run or one clear line (file, offset, reason, remedy).
// A file that ends within a chunk is read up to there and says so in Run::notes; a chunk whose checksum is wrong, a
// file of a newer version, an empty and a foreign file are errors.
#ifndef TENTERHOOK_DRIVER_TRACE_READER_H
#define TENTERHOOK_DRIVER_TRACE_READER_H

#include "trace/event_stream.h"
#include "trace/model.h"
#include "llvm/Support/Error.h"

namespace tenterhook::runs {

// A trace of which everything is known but its events, which come in windows: memory holds the tables and one window.
class TraceFile {
public:
  TraceFile(Run tables, EventStream events) : run(std::move(tables)), events_(std::move(events)) {}

  Run run; // `events` and `details` are those of the window; `tasks` is empty

  std::uint64_t count() const { return events_.count(); } // of all events
  // The next window, `most` events at most. False if there is none.
  bool next(std::size_t most, Release release = nullptr);
  void rewind() { events_.rewind(); } // to before the first
  // Counts time from so much earlier, to put several runs side by side.
  void shift(std::int64_t nanoseconds);

private:
  EventStream events_;
};

// The bytes have to outlive the file that is opened.
llvm::Expected<TraceFile> open_trace(llvm::StringRef bytes, llvm::StringRef path, Release release = nullptr);

// All of it in memory, tasks too: a small multiple of the file's size.
llvm::Expected<Run> parse_trace(llvm::StringRef bytes, llvm::StringRef path);
llvm::Expected<Run> read_trace(llvm::StringRef path);

// Whether the bytes begin as a trace does, to tell evidence files apart.
bool looks_like_trace(llvm::StringRef bytes);

} // namespace tenterhook::runs

#endif
