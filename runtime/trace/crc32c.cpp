// CRC-32C: by the processor's instruction where it has one, else by a table made at compile time.
#include "trace/system.h"

#include <array>
#include <cstring>
#if defined(__x86_64__)
#include <cpuid.h>
#endif

namespace tenterhook::trace::detail {
namespace {

constexpr std::array<std::uint32_t, 256> make_table() {
  std::array<std::uint32_t, 256> table{};
  for (std::uint32_t i = 0; i < 256; ++i) {
    std::uint32_t value = i;
    for (int bit = 0; bit < 8; ++bit)
      value = (value >> 1) ^ (value & 1 ? 0x82f63b78u : 0);
    table[i] = value;
  }
  return table;
}
constexpr auto table = make_table();

std::uint32_t by_table(std::uint32_t crc, const unsigned char *at, std::size_t size) noexcept {
  for (; size; --size)
    crc = (crc >> 8) ^ table[(crc ^ *at++) & 0xff];
  return crc;
}

#if defined(__x86_64__)
__attribute__((target("sse4.2"))) std::uint32_t by_instruction(std::uint32_t crc, const unsigned char *at,
                                                               std::size_t size) noexcept {
  std::uint64_t wide = crc;
  for (; size >= 8; size -= 8, at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    wide = __builtin_ia32_crc32di(wide, word);
  }
  return by_table(std::uint32_t(wide), at, size);
}

// Asked at the first use: __builtin_cpu_supports asks some twenty things as the library is loaded, each of which a virtual
// machine has to answer.
bool has_instruction() noexcept {
  static constinit std::atomic<int> known{-1};
  int has = known.load(std::memory_order_relaxed);
  if (has < 0) {
    unsigned a = 0, b = 0, c = 0, d = 0;
    has = __get_cpuid(1, &a, &b, &c, &d) && (c & bit_SSE4_2);
    known.store(has, std::memory_order_relaxed);
  }
  return has;
}
#endif

} // namespace

std::uint32_t crc32c(const void *bytes, std::size_t size) noexcept {
  auto *at = static_cast<const unsigned char *>(bytes);
#if defined(__x86_64__)
  if (has_instruction())
    return ~by_instruction(~0u, at, size);
#endif
  return ~by_table(~0u, at, size);
}

} // namespace tenterhook::trace::detail
