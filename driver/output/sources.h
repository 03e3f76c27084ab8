// The sources a report quotes: each file is read at most once, and looked at by line.
//
// Lines and columns count from 1, columns count bytes, as in findings::Place. A line's text has no line end ("\n" or
// "\r\n"). A file that cannot be read is absent for good: a report never shows half of one.
#ifndef TENTERHOOK_DRIVER_OUTPUT_SOURCES_H
#define TENTERHOOK_DRIVER_OUTPUT_SOURCES_H

#include "output/report.h"
#include "llvm/ADT/StringMap.h"
#include <cstddef>

namespace tenterhook::driver {

class SourceFile {
public:
  explicit SourceFile(std::string text);
  llvm::StringRef text() const { return text_; }
  std::uint32_t line_count() const { return static_cast<std::uint32_t>(starts_.size()); }
  // Empty for a line that the file does not have.
  llvm::StringRef line(std::uint32_t number) const;
  // Lines first..last with their line ends, as they stand in the file.
  llvm::StringRef lines(std::uint32_t first, std::uint32_t last) const;

private:
  std::string text_;
  std::vector<std::size_t> starts_; // a final line end opens no further line
};

class Sources {
public:
  explicit Sources(const SourceReader &reader) : reader_(reader) {}
  // Null if it cannot be read. The file lives as long as this object.
  const SourceFile *get(llvm::StringRef path);

private:
  const SourceReader &reader_;
  llvm::StringMap<std::optional<SourceFile>> files_;
};

// A place made whole for showing: the end is after the start and both are inside the file, where `file` is known
// (null: taken as given). A place without an end covers one character.
findings::Place normalised(const findings::Place &place, const SourceFile *file);

// UTF-16 code units in `text`; a byte that is not UTF-8 counts one.
std::uint32_t utf16_length(llvm::StringRef text);

// Bytes of the character that `text` starts with; 1 if it is not UTF-8.
std::size_t character_size(llvm::StringRef text);

} // namespace tenterhook::driver

#endif
