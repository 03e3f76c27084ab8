// Finds NOLINT comments in a file's text. Like clang-tidy, it does not look whether the word stands in a comment: a
// string literal that says NOLINT is rare, and lexing every file is not free.
#include "extract/suppressions.h"

namespace tenterhook::extract {
namespace {

struct Open {
  std::uint32_t line;
  std::vector<facts::StringId> checks;
};

// "(a, b)" right behind the word; nothing if there is no list. `NOLINT()` suppresses nothing.
bool check_list(llvm::StringRef rest, StringPool &strings, std::vector<facts::StringId> &out) {
  if (!rest.starts_with("("))
    return true;
  const llvm::StringRef list = rest.drop_front().take_until([](char c) { return c == ')'; });
  llvm::SmallVector<llvm::StringRef, 4> names;
  list.split(names, ',');
  for (llvm::StringRef name : names)
    if (name = name.trim(); !name.empty() && name != "*")
      out.push_back(strings.id(name));
    else if (name == "*")
      return out.clear(), true;
  return !out.empty();
}

} // namespace

void add_suppressions(llvm::StringRef text, facts::StringId file, StringPool &strings, facts::TUSummary &summary) {
  std::vector<Open> open;
  std::uint32_t line = 1;
  std::size_t counted = 0;
  auto add = [&](std::uint32_t first, std::uint32_t last, std::uint32_t comment, std::vector<facts::StringId> checks) {
    facts::Suppression out;
    out.file = file;
    out.first_line = first;
    out.last_line = last;
    out.comment_line = comment;
    out.checks = std::move(checks);
    summary.suppressions.push_back(std::move(out));
  };
  for (std::size_t at = text.find("NOLINT"); at != llvm::StringRef::npos; at = text.find("NOLINT", at + 1)) {
    line += static_cast<std::uint32_t>(text.slice(counted, at).count('\n'));
    counted = at;
    if (at > 0 && (llvm::isAlnum(text[at - 1]) || text[at - 1] == '_'))
      continue;
    llvm::StringRef rest = text.substr(at + 6);
    std::vector<facts::StringId> checks;
    if (rest.consume_front("NEXTLINE")) {
      if (check_list(rest, strings, checks))
        add(line + 1, line + 1, line, std::move(checks));
    } else if (rest.consume_front("BEGIN")) {
      if (check_list(rest, strings, checks))
        open.push_back({line, std::move(checks)});
    } else if (rest.consume_front("END")) {
      // Closes the innermost block with the same list; an END without one is ignored.
      check_list(rest, strings, checks);
      for (std::size_t i = open.size(); i-- > 0;)
        if (open[i].checks == checks) {
          add(open[i].line, line, open[i].line, std::move(checks));
          open.erase(open.begin() + static_cast<std::ptrdiff_t>(i));
          break;
        }
    } else if (rest.empty() || !(llvm::isAlnum(rest.front()) || rest.front() == '_')) {
      if (check_list(rest, strings, checks))
        add(line, line, line, std::move(checks));
    }
  }
}

} // namespace tenterhook::extract
