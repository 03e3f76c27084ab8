// The trace reader on any bytes: it returns a run or an error, and what it returns can be walked, drawn and written.
// Input is mended: magic, version and checksums are put right, or the fuzzer would see nothing but their errors. The
// same bytes are also taken as changes to a good trace, which serves as the seed of every run.
#include "trace/format.h"
#include "timeline/writers.h"
#include "trace/reader.h"
#include "../timeline/sample.h"
#include <cstdlib>

using namespace tenterhook;

namespace {

std::string mended(llvm::StringRef given) {
  using namespace tenterhook::trace;
  std::string bytes = given.str();
  if (bytes.size() < sizeof(FileHeader)) return bytes;
  FileHeader header;
  std::memcpy(&header, bytes.data(), sizeof header);
  std::memcpy(header.magic, magic, sizeof magic);
  header.version = format_version;
  header.size = sizeof header;
  std::memcpy(bytes.data(), &header, sizeof header);
  for (std::size_t at = sizeof header; at + sizeof(ChunkHeader) <= bytes.size();) {
    ChunkHeader chunk;
    std::memcpy(&chunk, &bytes[at], sizeof chunk);
    std::size_t left = bytes.size() - at - sizeof chunk;
    chunk.size = chunk.size % 4096 / 8 * 8;
    if (chunk.size > left) chunk.size = std::uint32_t(left / 8 * 8);
    chunk.checksum = test::TraceBuilder::crc(std::string_view(bytes).substr(at + sizeof chunk, chunk.size));
    std::memcpy(&bytes[at], &chunk, sizeof chunk);
    at += sizeof chunk + chunk.size;
  }
  return bytes;
}

// Three bytes a change: where (of 16 bits), what.
std::string changed(llvm::StringRef changes) {
  static const std::string good = test::sample_trace();
  std::string bytes = good;
  for (; changes.size() >= 3; changes = changes.drop_front(3)) {
    std::size_t at =
        (std::size_t(static_cast<unsigned char>(changes[0])) << 8 | static_cast<unsigned char>(changes[1])) %
        bytes.size();
    bytes[at] = char(bytes[at] ^ changes[2]);
  }
  return bytes;
}

void walk(llvm::StringRef bytes) {
  llvm::Expected<runs::Run> run = runs::parse_trace(bytes, "fuzz.trace");
  if (!run) {
    llvm::StringRef line = "fuzz.trace: ";
    std::string said = llvm::toString(run.takeError());
    if (!llvm::StringRef(said).starts_with(line) || said.find('\n') != std::string::npos) std::abort();
    return;
  }
  std::int64_t last = INT64_MIN;
  for (const runs::Event &event : run->events) {
    if (event.time < last || runs::label(event.kind).empty()) std::abort();
    last = event.time;
    if (event.detail > run->details.size()) std::abort();
  }
  for (const runs::Task &task : run->tasks)
    for (const runs::Slice &slice : task.slices)
      if (slice.end < slice.begin) std::abort();
  timeline::Picture picture = timeline::draw(*run);
  for (const timeline::Lane &lane : picture.lanes)
    for (const auto *spans : {&lane.runs, &lane.stalls, &lane.held})
      for (std::int64_t begin = 0; const timeline::Span &span : *spans) {
        if (span.begin < begin || span.end < span.begin || span.end > picture.length) std::abort();
        begin = span.begin;
      }
  timeline::write_chrome(picture, llvm::nulls());
  timeline::write_page(picture, 20, llvm::nulls());
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const unsigned char *data, std::size_t size) {
  llvm::StringRef bytes(reinterpret_cast<const char *>(data), size);
  walk(bytes);
  walk(mended(bytes));
  walk(mended(changed(bytes)));
  return 0;
}
