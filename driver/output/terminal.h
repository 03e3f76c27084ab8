// Text for a terminal: what is printable, how wide it is, where a line is broken, what colour it has.
//
// Everything that comes from the analysed code (paths, names, source lines) passes through `printable` or `cells_of`,
// so no file name and no source line can send escape sequences to the reader's terminal.
#ifndef TENTERHOOK_DRIVER_OUTPUT_TERMINAL_H
#define TENTERHOOK_DRIVER_OUTPUT_TERMINAL_H

#include "llvm/ADT/StringRef.h"
#include "llvm/Support/raw_ostream.h"
#include <cstddef>
#include <string>
#include <vector>

namespace tenterhook::driver {

// One character of a source line as a terminal shows it.
struct Cell {
  std::size_t byte;  // offset in the line
  std::string shown; // a tab is blanks up to the next stop; what cannot be printed is <U+0007> or <FF>
  unsigned width;    // columns
};

inline constexpr unsigned tab_stop = 4;

std::vector<Cell> cells_of(llvm::StringRef line);
std::string printable(llvm::StringRef text);
unsigned width_of(llvm::StringRef printable_text);

enum class Colour { plain, bold, dim, red, green, yellow, blue, magenta, cyan };

class Paint {
public:
  explicit Paint(bool on) : on_(on) {}
  std::string operator()(Colour colour, llvm::StringRef text) const;

private:
  bool on_;
};

// What opens each line of a paragraph after the first: coloured text, and its width without the colours.
struct Margin {
  std::string text;
  unsigned width = 0;
};

// Writes words and breaks the line before the one that would pass `width` columns (0: never).
class Paragraph {
public:
  // `column` is where the cursor stands.
  Paragraph(llvm::raw_ostream &out, const Paint &paint, unsigned width, unsigned column, Margin margin)
      : out_(out), paint_(paint), width_(width), column_(column), margin_(std::move(margin)) {}
  // Broken at blanks; `text` is printable. The first word follows what was written before without a blank, unless
  // `text` starts with one.
  Paragraph &add(llvm::StringRef text, Colour colour = Colour::plain);
  // Never broken: a path with blanks in it.
  Paragraph &add_whole(llvm::StringRef text, Colour colour = Colour::plain);
  void end() { out_ << '\n'; }

private:
  llvm::raw_ostream &out_;
  const Paint &paint_;
  unsigned width_, column_;
  Margin margin_;
};

} // namespace tenterhook::driver

#endif
