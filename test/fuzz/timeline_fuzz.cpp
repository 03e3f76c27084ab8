// The trace reader on any bytes: it returns a run or an error, and what it returns can be walked, drawn and written.
// Traces keep their checksums right while they are changed (mended_trace.h), or nothing behind them would be reached.
#include "mended_trace.h"
#include "timeline/gathered.h"
#include "timeline/writers.h"
#include <cstdlib>

using namespace tenterhook;

namespace {

void check(const timeline::Picture &picture) {
  for (const timeline::Lane &lane : picture.lanes)
    for (const auto *spans : {&lane.runs, &lane.stalls, &lane.held})
      for (std::int64_t begin = 0; const timeline::Span &span : *spans) {
        if (span.begin < begin || span.end < span.begin || span.end > picture.length)
          std::abort();
        if (span.caption >= picture.captions.size())
          std::abort();
        begin = span.begin;
      }
}

void walk(llvm::StringRef bytes) {
  llvm::Expected<runs::Run> run = runs::parse_trace(bytes, "fuzz.trace");
  if (!run) {
    llvm::StringRef line = "fuzz.trace: ";
    std::string said = llvm::toString(run.takeError());
    if (!llvm::StringRef(said).starts_with(line) || said.find('\n') != std::string::npos)
      std::abort();
    return;
  }
  std::int64_t last = INT64_MIN;
  for (const runs::Event &event : run->events) {
    if (event.time < last || runs::label(event.kind).empty())
      std::abort();
    last = event.time;
    if (event.detail > run->details.size())
      std::abort();
  }
  for (const runs::Task &task : run->tasks)
    for (const runs::Slice &slice : task.slices)
      if (slice.end < slice.begin)
        std::abort();
  // As one picture, and in parts of a few events.
  for (std::size_t events_a_part : {std::size_t(1) << 30, std::size_t(7)}) {
    llvm::Expected<runs::TraceFile> file = runs::open_trace(bytes, "fuzz.trace");
    if (!file || file->count() != run->events.size())
      std::abort();
    timeline::ChromeWriter chrome(llvm::nulls());
    timeline::Gathered gathered(20);
    timeline::Summary summary;
    chrome.begin();
    timeline::draw(*file, events_a_part, [&](timeline::Picture &part) {
      check(part);
      chrome.write(part);
      summary.take(part);
      gathered.take(part);
    });
    chrome.end();
    summary.print(llvm::nulls());
    timeline::Picture page = gathered.finish();
    check(page);
    timeline::write_page(page, llvm::nulls());
  }
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  walk(llvm::StringRef(reinterpret_cast<const char *>(data), size));
  return 0;
}
