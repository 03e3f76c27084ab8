// Fingerprints of findings: our own (an xxh3 of what a finding is about) and GitHub's line hash.
//
// GitHub computes the line hash itself where a report leaves it out, and matches alerts by it; so ours must agree with
// github/codeql-action to the bit, its handling of odd line ends included. The vectors in the unit test pin it.
#include "findings/fingerprint.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/xxhash.h"

namespace tenterhook::findings {

std::string fingerprint(const Finding &finding) {
  std::string key;
  for (const std::string *part : {&finding.rule, &finding.function, &finding.identity}) {
    key += *part;
    key += '\0'; // so that ("a", "bc") and ("ab", "c") differ
  }
  if (finding.ordinal)
    key += std::to_string(finding.ordinal);
  const llvm::XXH128_hash_t hash = llvm::xxh3_128bits(llvm::arrayRefFromStringRef(key));
  return llvm::utohexstr(hash.high64, /*LowerCase=*/true, 16) + llvm::utohexstr(hash.low64, /*LowerCase=*/true, 16);
}

namespace {

constexpr std::size_t window = 100;
constexpr std::uint64_t base = 37;
constexpr std::uint64_t end_of_file = 65535;

std::vector<llvm::UTF32> code_points(llvm::StringRef text) {
  std::vector<llvm::UTF32> points(text.size()); // at most one a byte
  const auto *from = reinterpret_cast<const llvm::UTF8 *>(text.begin());
  llvm::UTF32 *to = points.data();
  llvm::ConvertUTF8toUTF32(&from, reinterpret_cast<const llvm::UTF8 *>(text.end()), &to, points.data() + points.size(),
                           llvm::lenientConversion); // ill-formed bytes become U+FFFD, as in JavaScript
  points.resize(static_cast<std::size_t>(to - points.data()));
  return points;
}

// The characters that count, as UTF-16 units (the hash is defined by a JavaScript program), and where lines start.
struct Characters {
  std::vector<std::uint64_t> units;
  std::vector<std::size_t> line_starts;
  bool at_line_start = true;

  void add(std::uint64_t unit) {
    if (at_line_start)
      line_starts.push_back(units.size());
    at_line_start = unit == '\n';
    units.push_back(unit);
  }
};

Characters significant(llvm::StringRef text) {
  Characters out;
  bool after_return = false;
  for (const llvm::UTF32 point : code_points(text)) {
    const bool skip = point == ' ' || point == '\t' || (after_return && point == '\n');
    after_return = !skip && point == '\r';
    if (skip)
      continue;
    if (point == '\r')
      out.add('\n');
    else if (point < 0x10000)
      out.add(point);
    else {
      out.add(0xD800 + ((point - 0x10000) >> 10));
      out.add(0xDC00 + ((point - 0x10000) & 0x3FF));
    }
  }
  out.add(end_of_file);
  return out;
}

} // namespace

std::string primary_location_line_hash(llvm::StringRef text, std::uint32_t line) {
  Characters characters = significant(text);
  if (line == 0 || line > characters.line_starts.size())
    return {};
  characters.units.resize(characters.units.size() + window, 0); // a window at the end of the file is filled up with 0

  // prefix[i]: the polynomial of the first i characters; a window's hash is then a difference (all modulo 2^64).
  std::vector<std::uint64_t> prefix{0};
  prefix.reserve(characters.units.size() + 1);
  for (const std::uint64_t unit : characters.units)
    prefix.push_back(prefix.back() * base + unit);
  std::uint64_t shift = 1;
  for (std::size_t i = 0; i < window; ++i)
    shift *= base;

  const auto hash_at = [&](std::size_t start) { return prefix[start + window] - prefix[start] * shift; };
  const std::uint64_t hash = hash_at(characters.line_starts[line - 1]);
  std::size_t count = 0;
  for (std::size_t i = 0; i < line; ++i)
    count += hash_at(characters.line_starts[i]) == hash;
  return llvm::utohexstr(hash, /*LowerCase=*/true) + ":" + std::to_string(count);
}

} // namespace tenterhook::findings
