// libFuzzer target: the decoder of facts against arbitrary bytes, with the checksum made right.
//
// The first byte chooses what the rest means: 0, a whole file; 1, a payload behind a valid header (which reaches the
// bitstream reader); else a generated summary (the next byte is its seed) with bytes of its payload changed (three bytes
// each: position, position, xor), which reaches deepest. What decodes must be valid, print, and survive another round.
#include "facts/codec.h"
#include "facts_generator.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"
#include <cstdlib>

using namespace tenterhook;

namespace {

constexpr std::size_t header_size = 24;

void fix_header(std::string &file) {
  using namespace llvm::support::endian;
  const llvm::StringRef payload = llvm::StringRef(file).drop_front(header_size);
  file.replace(0, 4, "TNTR");
  write32le(file.data() + 4, facts::format_version);
  write64le(file.data() + 8, payload.size());
  write64le(file.data() + 16, llvm::xxh3_64bits(payload));
}

void require(bool holds, const char *what) {
  if (holds)
    return;
  llvm::errs() << "facts_fuzz: " << what << "\n";
  std::abort();
}

void check(llvm::StringRef file) {
  llvm::Expected<facts::TUSummary> summary = facts::decode(file, "input");
  if (!summary) {
    const std::string message = llvm::toString(summary.takeError());
    return require(llvm::StringRef(message).starts_with("input: offset "), "an error without its offset");
  }
  require(!facts::validate(*summary), "decode gave an invalid summary");
  llvm::raw_null_ostream nowhere;
  facts::dump_text(*summary, nowhere);
  nowhere << facts::dump_json(*summary);
  llvm::Expected<facts::TUSummary> again = facts::decode(facts::encode(*summary), "again");
  require(bool(again) && *again == *summary, "a decoded summary does not survive a round trip");
}

} // namespace

extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size) {
  llvm::StringRef input(reinterpret_cast<const char *>(data), size);
  if (input.empty())
    return 0;
  const char mode = input.front();
  input = input.drop_front();
  if (mode == 0) {
    check(input);
    return 0;
  }
  std::string file(header_size, '\0');
  if (mode == 1) {
    file += input;
  } else {
    const std::uint32_t seed = input.empty() ? 0 : static_cast<std::uint8_t>(input.front());
    file = facts::encode(test::SummaryGenerator(seed)(6));
    for (input = input.drop_front(input.empty() ? 0 : 1); input.size() >= 3; input = input.drop_front(3)) {
      const std::size_t position = llvm::support::endian::read16le(input.data()) % (file.size() - header_size);
      file[header_size + position] = static_cast<char>(file[header_size + position] ^ input[2]);
    }
  }
  fix_header(file);
  check(file);
  return 0;
}
