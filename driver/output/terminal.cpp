// Width, colour and line breaks.
#include "output/terminal.h"
#include "output/sources.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ConvertUTF.h"
#include "llvm/Support/Format.h"
#include "llvm/Support/Unicode.h"
#include <algorithm>
#include <utility>

namespace tenterhook::driver {

namespace {

std::string hexadecimal(const char *format, unsigned value) {
  std::string text;
  llvm::raw_string_ostream(text) << llvm::format(format, value);
  return text;
}

// A character that no terminal shows as itself: <U+202E> (a code point), <FF> (a byte that is not UTF-8).
std::string spelled_out(llvm::StringRef character) {
  const auto *source = reinterpret_cast<const llvm::UTF8 *>(character.begin());
  llvm::UTF32 code_point = 0;
  if (llvm::convertUTF8Sequence(&source, reinterpret_cast<const llvm::UTF8 *>(character.end()), &code_point,
                                llvm::strictConversion) == llvm::conversionOK)
    return hexadecimal("<U+%04X>", code_point);
  return hexadecimal("<%02X>", static_cast<unsigned char>(character.front()));
}

Cell cell_of(llvm::StringRef character, std::size_t byte) {
  const int width = llvm::sys::unicode::columnWidthUTF8(character);
  if (width >= 0)
    return {byte, character.str(), static_cast<unsigned>(width)};
  std::string shown = spelled_out(character);
  const auto shown_width = static_cast<unsigned>(shown.size());
  return {byte, std::move(shown), shown_width};
}

} // namespace

std::vector<Cell> cells_of(llvm::StringRef line) {
  std::vector<Cell> cells;
  unsigned column = 0;
  for (std::size_t byte = 0; byte < line.size();) {
    if (line[byte] == '\t') {
      const unsigned width = tab_stop - column % tab_stop;
      cells.push_back({byte, std::string(width, ' '), width});
      ++byte;
    } else {
      const llvm::StringRef rest = line.drop_front(byte);
      const llvm::StringRef character = rest.take_front(character_size(rest));
      cells.push_back(cell_of(character, byte));
      byte += character.size();
    }
    column += cells.back().width;
  }
  return cells;
}

std::string printable(llvm::StringRef text) {
  std::string shown;
  while (!text.empty()) {
    const llvm::StringRef character = text.take_front(character_size(text));
    const bool blank = llvm::isSpace(character.front()); // a message is one line
    shown += blank ? " " : cell_of(character, 0).shown;
    text = text.drop_front(character.size());
  }
  return shown;
}

unsigned width_of(llvm::StringRef printable_text) {
  const int width = llvm::sys::unicode::columnWidthUTF8(printable_text);
  return width < 0 ? static_cast<unsigned>(printable_text.size()) : static_cast<unsigned>(width);
}

std::string Paint::operator()(Colour colour, llvm::StringRef text) const {
  if (!on_ || colour == Colour::plain || text.empty())
    return text.str();
  const char *code = "";
  switch (colour) {
  case Colour::plain: break;
  case Colour::bold: code = "1"; break;
  case Colour::dim: code = "2"; break;
  case Colour::red: code = "1;31"; break;
  case Colour::green: code = "32"; break;
  case Colour::yellow: code = "1;33"; break;
  case Colour::blue: code = "34"; break;
  case Colour::magenta: code = "35"; break;
  case Colour::cyan: code = "36"; break;
  }
  return ("\033[" + llvm::Twine(code) + "m" + text + "\033[0m").str();
}

Paragraph &Paragraph::add_whole(llvm::StringRef text, Colour colour) {
  out_ << paint_(colour, text);
  column_ += width_of(text);
  return *this;
}

Paragraph &Paragraph::add(llvm::StringRef text, Colour colour) {
  std::string pending; // written in one go per line, so that a colour is switched on once
  const auto flush = [&] {
    out_ << paint_(colour, pending);
    pending.clear();
  };
  while (!text.empty()) {
    const std::size_t blanks = std::min(text.find_first_not_of(' '), text.size());
    const llvm::StringRef gap = text.take_front(blanks);
    text = text.drop_front(blanks);
    const llvm::StringRef word = text.take_until([](char c) { return c == ' '; });
    text = text.drop_front(word.size());
    const unsigned width = width_of(word);
    const bool breaks = width_ != 0 && blanks > 0 && column_ + blanks + width > width_ && column_ > margin_.width;
    if (breaks) {
      flush();
      out_ << '\n' << margin_.text;
      column_ = margin_.width;
    } else {
      pending += gap;
      column_ += static_cast<unsigned>(blanks);
    }
    pending += word;
    column_ += width;
  }
  flush();
  return *this;
}

} // namespace tenterhook::driver
