// Traces whose checksums hold whatever a fuzzer did to them: without that it would see nothing but the reader's errors.
#ifndef TENTERHOOK_TEST_FUZZ_MENDED_TRACE_H
#define TENTERHOOK_TEST_FUZZ_MENDED_TRACE_H

#include "trace/format.h"
#include "trace_builder.h"
#include "llvm/ADT/StringRef.h"
#include <algorithm>
#include <cstring>

namespace tenterhook::test {

// Puts magic, version, sizes of chunks and checksums right, in place. A chunk that says to be longer than the rest is
// cut there; what is left behind the last chunk is a torn one.
inline void mend_trace(char *bytes, std::size_t size) {
  using namespace tenterhook::trace;
  if (size < sizeof(FileHeader))
    return;
  FileHeader header;
  std::memcpy(&header, bytes, sizeof header);
  std::memcpy(header.magic, magic, sizeof magic);
  header.version = format_version;
  header.size = sizeof header;
  std::memcpy(bytes, &header, sizeof header);
  for (std::size_t at = sizeof header; at + sizeof(ChunkHeader) <= size;) {
    ChunkHeader chunk;
    std::memcpy(&chunk, bytes + at, sizeof chunk);
    std::size_t left = size - at - sizeof chunk;
    chunk.size = std::uint32_t(std::min<std::size_t>(chunk.size, left) / 8 * 8);
    chunk.checksum = TraceBuilder::crc(std::string_view(bytes + at + sizeof chunk, chunk.size));
    std::memcpy(bytes + at, &chunk, sizeof chunk);
    at += sizeof chunk + chunk.size;
  }
}

inline bool begins_as_trace(const unsigned char *bytes, std::size_t size) {
  return size >= sizeof(trace::FileHeader) && std::memcmp(bytes, trace::magic, sizeof trace::magic) == 0;
}

} // namespace tenterhook::test

extern "C" std::size_t LLVMFuzzerMutate(std::uint8_t *data, std::size_t size, std::size_t most);

// libFuzzer's own mutations; of what was a trace, mended, but for one in sixteen.
extern "C" inline std::size_t LLVMFuzzerCustomMutator(std::uint8_t *data, std::size_t size, std::size_t most, unsigned int seed) {
  bool trace = tenterhook::test::begins_as_trace(data, size);
  std::size_t now = LLVMFuzzerMutate(data, size, most);
  if (trace && seed % 16 != 0)
    tenterhook::test::mend_trace(reinterpret_cast<char *>(data), now);
  return now;
}

#endif
