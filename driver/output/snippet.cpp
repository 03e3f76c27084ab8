// Underlined source lines.
#include "output/snippet.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>

namespace tenterhook::driver {

namespace {

constexpr llvm::StringLiteral ellipsis = "...";
constexpr unsigned least_width = 20; // below that a cut line says nothing

struct Range {
  std::size_t begin, end; // bytes from 0, end exclusive
};

// The part of `line` number `number` that `place` covers; the indentation of a continuation line is left out.
Range range_in_line(llvm::StringRef line, std::uint32_t number, const findings::Place &place) {
  const std::size_t indentation = std::min(line.find_first_not_of(" \t"), line.size());
  const std::size_t begin = number == place.line ? place.column - 1 : indentation;
  const std::size_t end = number == place.end_line ? place.end_column - 1 : line.rtrim().size();
  return {begin, std::max(begin, end)};
}

} // namespace

CutLine cut_line(llvm::StringRef line, std::size_t begin, std::size_t end, unsigned width) {
  const std::vector<Cell> cells = cells_of(line.rtrim());
  const auto cell_at = [&](std::size_t byte) {
    return static_cast<std::size_t>(
        std::lower_bound(cells.begin(), cells.end(), byte, [](const Cell &c, std::size_t b) { return c.byte < b; }) -
        cells.begin());
  };
  const std::size_t mark_first = cell_at(begin), mark_last = cell_at(end);
  std::size_t first = 0, last = cells.size();
  const auto width_between = [&](std::size_t from, std::size_t to) {
    unsigned sum = 0;
    for (std::size_t i = from; i < to; ++i)
      sum += cells[i].width;
    return sum;
  };
  if (width != 0 && width_between(0, last) > width) {
    width = std::max(width, least_width);
    const auto dots = static_cast<unsigned>(ellipsis.size());
    // Cut at the right if the mark stays in view; else start a quarter of the width before the mark.
    if (width_between(0, std::min(std::max(mark_last, mark_first + 1), last)) + dots > width) {
      unsigned before = 0;
      first = std::min(mark_first, cells.size());
      while (first > 0 && before + cells[first - 1].width <= width / 4)
        before += cells[--first].width;
    }
    const unsigned left = first > 0 ? dots : 0;
    unsigned used = left;
    last = first;
    while (last < cells.size() && used + cells[last].width + (last + 1 < cells.size() ? dots : 0) <= width)
      used += cells[last++].width;
  }
  CutLine cut;
  unsigned column = 0;
  const auto append = [&](llvm::StringRef text, unsigned columns) {
    cut.text += text;
    column += columns;
  };
  if (first > 0)
    append(ellipsis, ellipsis.size());
  cut.mark_begin = cut.mark_end = column;
  for (std::size_t i = first; i < last; ++i) {
    if (i == mark_first)
      cut.mark_begin = column;
    append(cells[i].shown, cells[i].width);
    if (i < mark_last)
      cut.mark_end = column;
  }
  if (mark_first >= last)
    cut.mark_begin = column;
  if (last < cells.size())
    append(ellipsis, ellipsis.size());
  cut.mark_end = std::max(cut.mark_end, cut.mark_begin);
  return cut;
}

void write_snippet(const SourceFile &file, const findings::Place &raw, const Paint &paint, unsigned width,
                   llvm::raw_ostream &out) {
  if (raw.line == 0 || raw.line > file.line_count())
    return;
  const findings::Place place = normalised(raw, &file);
  const unsigned digits = std::max<unsigned>(4, static_cast<unsigned>(llvm::utostr(place.end_line).size()));
  const unsigned room = width == 0 ? 0 : std::max(width, digits + 4 + least_width) - (digits + 4);
  const auto gutter = [&](llvm::StringRef number) {
    return paint(Colour::blue, std::string(digits - number.size(), ' ') + number.str() + " |");
  };
  bool gap = false;
  for (std::uint32_t number = place.line; number <= place.end_line; ++number) {
    if (number > place.line + 1 && number < place.end_line) {
      if (!gap)
        out << gutter("...") << '\n';
      gap = true;
      continue;
    }
    const llvm::StringRef line = file.line(number);
    const Range range = range_in_line(line, number, place);
    const CutLine cut = cut_line(line, range.begin, range.end, room);
    out << gutter(llvm::utostr(number)) << (cut.text.empty() ? "" : " ") << cut.text << '\n';
    std::string marks(std::max<unsigned>(cut.mark_end - cut.mark_begin, number == place.line ? 1 : 0), '~');
    if (marks.empty())
      continue;
    if (number == place.line)
      marks[0] = '^';
    out << gutter("") << ' ' << std::string(cut.mark_begin, ' ') << paint(Colour::green, marks) << '\n';
  }
}

std::string one_line(const SourceFile &file, const findings::Place &raw, const Paint &paint, unsigned width) {
  if (raw.line == 0 || raw.line > file.line_count())
    return {};
  const findings::Place place = normalised(raw, &file);
  const llvm::StringRef line = file.line(place.line);
  const std::size_t indentation = std::min(line.find_first_not_of(" \t"), line.size());
  const Range range = range_in_line(line, place.line, place);
  const auto shift = [&](std::size_t byte) { return byte > indentation ? byte - indentation : 0; };
  const std::size_t begin = shift(range.begin), end = shift(range.end);
  const CutLine cut = cut_line(line.drop_front(indentation), begin, end, width);
  // Columns to bytes again: the marked part is bold.
  std::string shown, marked;
  unsigned column = 0;
  for (const Cell &cell : cells_of(cut.text)) {
    const bool in_mark = column >= cut.mark_begin && column < cut.mark_end;
    if (!in_mark && !marked.empty()) {
      shown += paint(Colour::bold, marked);
      marked.clear();
    }
    (in_mark ? marked : shown) += cell.shown;
    column += cell.width;
  }
  return shown + paint(Colour::bold, marked);
}

} // namespace tenterhook::driver
