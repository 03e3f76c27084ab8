// Lines of source files, and the arithmetic of places in them.
#include "output/sources.h"
#include "llvm/Support/ConvertUTF.h"
#include <algorithm>
#include <cassert>
#include <utility>

namespace tenterhook::driver {

SourceFile::SourceFile(std::string text) : text_(std::move(text)) {
  for (std::size_t start = 0; start < text_.size();) {
    starts_.push_back(start);
    const std::size_t end = text_.find('\n', start);
    start = end == std::string::npos ? text_.size() : end + 1;
  }
}

llvm::StringRef SourceFile::line(std::uint32_t number) const { return lines(number, number).rtrim("\r\n"); }

llvm::StringRef SourceFile::lines(std::uint32_t first, std::uint32_t last) const {
  last = std::min(last, line_count());
  if (first == 0 || first > last)
    return {};
  const std::size_t begin = starts_[first - 1];
  const std::size_t end = last == line_count() ? text_.size() : starts_[last];
  return llvm::StringRef(text_).slice(begin, end);
}

const SourceFile *Sources::get(llvm::StringRef path) {
  auto [entry, is_new] = files_.try_emplace(path);
  if (is_new)
    if (std::optional<std::string> text = reader_(path))
      entry->second.emplace(std::move(*text));
  return entry->second ? &*entry->second : nullptr;
}

findings::Place normalised(const findings::Place &place, const SourceFile *file) {
  findings::Place p = place;
  if (p.line == 0)
    return p;
  p.column = std::max(p.column, 1u);
  if (p.end_line == 0)
    p.end_line = p.line, p.end_column = 0;
  if (file && p.line <= file->line_count()) {
    const auto length = [&](std::uint32_t line) { return static_cast<std::uint32_t>(file->line(line).size()); };
    p.column = std::min(p.column, length(p.line) + 1);
    if (p.end_line > file->line_count())
      p.end_line = file->line_count(), p.end_column = length(p.end_line) + 1;
    p.end_column = std::min(p.end_column, length(p.end_line) + 1);
  }
  if (std::pair(p.end_line, p.end_column) <= std::pair(p.line, p.column)) {
    const llvm::StringRef rest =
        file ? file->line(p.line).drop_front(std::min<std::size_t>(p.column - 1, file->line(p.line).size()))
             : llvm::StringRef("?");
    p.end_line = p.line;
    p.end_column = p.column + static_cast<std::uint32_t>(rest.empty() ? 0 : character_size(rest));
  }
  return p;
}

std::size_t character_size(llvm::StringRef text) {
  assert(!text.empty());
  const auto *begin = reinterpret_cast<const llvm::UTF8 *>(text.begin());
  const unsigned size = llvm::getUTF8SequenceSize(begin, reinterpret_cast<const llvm::UTF8 *>(text.end()));
  return size == 0 ? 1 : size;
}

std::uint32_t utf16_length(llvm::StringRef text) {
  std::uint32_t units = 0;
  while (!text.empty()) {
    const std::size_t size = character_size(text);
    units += size == 4 ? 2 : 1;
    text = text.drop_front(size);
  }
  return units;
}

} // namespace tenterhook::driver
