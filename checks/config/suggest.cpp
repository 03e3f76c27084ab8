// Errors that a person can act on. See suggest.h.
#include "config/suggest.h"
#include "llvm/ADT/StringExtras.h"

namespace tenterhook::config {

llvm::Error usage_error(const llvm::Twine &message) { return llvm::createStringError(llvm::inconvertibleErrorCode(), message); }

std::string nearest(llvm::StringRef wrong, llvm::ArrayRef<std::string> known) {
  // A third of the letters may be wrong; a longer name one of whose words begins as what was typed is near too
  // ("discarded", but not "lock" for "blocking").
  unsigned best = std::max<unsigned>(2, wrong.size() / 3) + 1;
  std::string found;
  for (const std::string &name : known) {
    unsigned distance = wrong.edit_distance(name, true, best);
    if (distance < best) {
      best = distance;
      found = name;
    }
  }
  if (found.empty() && wrong.size() >= 4)
    for (const std::string &name : known)
      for (std::size_t at = name.find(wrong.str()); at != std::string::npos; at = name.find(wrong.str(), at + 1))
        if (at == 0 || !llvm::isAlnum(name[at - 1]))
          return name;
  return found;
}

std::string did_you_mean(llvm::StringRef wrong, llvm::ArrayRef<std::string> known, llvm::StringRef otherwise) {
  std::string name = nearest(wrong, known);
  return name.empty() ? otherwise.str() : "; did you mean '" + name + "'?";
}

} // namespace tenterhook::config
