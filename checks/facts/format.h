// The stored form, shared by codec.cpp and codec_read.cpp.
//
//   header   "TNTR", u32 format_version, u64 size of the payload, u64 xxh3 of the payload (little-endian)
//   payload  an LLVM bitstream: a block of strings, a block with one record for the summary's own fields, then one
//            block for each table of the summary in the order of schema.h, one record an element
//
// The version stands outside of the bitstream, so that any reader can tell it from damage; the checksum is tested
// before the bitstream is read.
//
// A struct in a record is a mask of the fields that are not zero (or false, empty, none) and then these fields, so the
// many fields of an operation that say nothing cost one bit each. Booleans are their bit of the mask, ids are stored
// plus one (none is 0), signed numbers zigzag. Places are differences from the place before. Numbers are the
// bitstream's VBR6. Measured on 25,000 random operations, a fifth of their fields set: 0.7 MB (JSON: 9.2 MB), written
// in 9 ms, read and validated in 14 ms. A real unit, a chat server of 100 operations: 30 KB (JSON: 141 KB), 24 KB of
// it strings, 0.2 ms each way.
#ifndef TENTERHOOK_CHECKS_FACTS_FORMAT_H
#define TENTERHOOK_CHECKS_FACTS_FORMAT_H

#include "facts/codec.h"

namespace tenterhook::facts::format {

inline constexpr llvm::StringLiteral magic = "TNTR";
inline constexpr std::size_t version_offset = 4, size_offset = 8, checksum_offset = 16, header_size = 24;

enum BlockIds : unsigned { strings_block = 8, summary_block, first_table_block };
enum RecordCodes : unsigned {
  string_lengths = 1, // [how many belong to TUSummary::strings, length of each string]; the rest are names
  string_blob,        // all strings, one after another
  fields,             // one struct
};
inline constexpr unsigned abbreviation_width = 3;

// Distances and signed numbers, small ones of either sign first.
constexpr std::uint64_t zigzag(std::int64_t x) {
  return (static_cast<std::uint64_t>(x) << 1) ^ static_cast<std::uint64_t>(x >> 63);
}
constexpr std::int64_t unzigzag(std::uint64_t x) { return static_cast<std::int64_t>((x >> 1) ^ (0 - (x & 1))); }

// b - a for u32, as the shortest way round.
constexpr std::uint64_t distance(std::uint32_t a, std::uint32_t b) { return zigzag(static_cast<std::int32_t>(b - a)); }

// The first number of a place is the distance to the last line, and these two bits.
inline constexpr std::uint64_t other_file = 1, several_lines = 2;
inline constexpr unsigned place_bits = 2;

} // namespace tenterhook::facts::format

#endif
