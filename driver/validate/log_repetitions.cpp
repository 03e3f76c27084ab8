// Reports that repeat. See logs.h.
#include "validate/logs.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/xxhash.h"

namespace tenterhook::validate {

bool Repetitions::is_new(std::uint64_t key) {
  ++evidence_.reports;
  auto found = known_.find(key);
  if (found == known_.end()) {
    bool room = known_.size() < most;
    left_out_ += !room;
    return room;
  }
  add_count(key, 1);
  return false;
}

void Repetitions::add_count(std::uint64_t key, std::uint64_t times) {
  auto [first, last] = known_.lookup(key);
  for (std::uint32_t i = first; i < last; ++i)
    evidence_.seen[i].count += times;
}

void Repetitions::keep(std::uint64_t key, std::size_t first) {
  known_.try_emplace(key, std::uint32_t(first), std::uint32_t(evidence_.seen.size()));
}

void Repetitions::finish() {
  if (left_out_)
    evidence_.limits.push_back(std::to_string(left_out_) + " reports were counted and not read: the log has more than " +
                               std::to_string(most) + " that differ");
  evidence_.events_lost |= left_out_ > 0;
}

std::uint64_t add_to_key(std::uint64_t key, llvm::StringRef text) {
  key = (llvm::xxh3_64bits(text) ^ key) * 0x9e37'79b9'7f4a'7c15u;
  return std::min(key ^ key >> 32, ~std::uint64_t(0) - 2); // a DenseMap keeps the last two for itself
}

std::uint64_t add_heading_to_key(std::uint64_t key, llvm::StringRef text) {
  llvm::SmallString<256> kept;
  for (std::size_t i = 0; i < text.size(); ++i) {
    kept.push_back(text[i]);
    bool hex = text[i] == 'x' && i && text[i - 1] == '0';
    bool number = text[i] == 'T' || text[i] == 'M' || text[i] == '=' || text[i] == '#'; // pid=1
    while (i + 1 < text.size() && ((hex && llvm::isHexDigit(text[i + 1])) || (number && llvm::isDigit(text[i + 1]))))
      ++i;
  }
  return add_to_key(key, kept.str());
}

} // namespace tenterhook::validate
