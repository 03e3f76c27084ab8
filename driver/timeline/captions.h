// The texts of a picture: names, places, stacks, each once. What costs is asked once: a place by its address, a stack by
// its number.
#ifndef TENTERHOOK_DRIVER_TIMELINE_CAPTIONS_H
#define TENTERHOOK_DRIVER_TIMELINE_CAPTIONS_H

#include "timeline/picture.h"
#include "trace/symbols.h"
#include "llvm/ADT/StringMap.h"
#include <unordered_map>

namespace tenterhook::timeline {

class Captions {
public:
  // Both outlive it.
  Captions(const runs::Run &run, Picture &picture);

  std::uint32_t string(llvm::StringRef text); // 0 for an empty one
  llvm::StringRef text(std::uint32_t string) const { return picture_.strings[string]; }
  std::uint32_t make(const Caption &caption);
  std::uint32_t make(std::uint32_t name, std::uint32_t place, llvm::StringRef note = {}, std::uint32_t stack = 0,
                     bool trouble = false);

  std::uint32_t place(runs::SiteRef site);
  // The innermost frame of the stack that is the program's own, or else the site.
  std::uint32_t place(runs::SiteRef site, std::uint32_t stack);
  bool is_own_place(runs::SiteRef site) { return site && describe(site).own; }
  // "handle" where the site is in `task<void> server::handle(int)`; 0 if nobody knows.
  std::uint32_t short_name(runs::SiteRef site) { return site ? describe(site).name : 0; }
  // "lock 0x7f0010".
  std::uint32_t lock_name(std::uint64_t lock);
  // The outermost function of the program on the stack, with its file; 0 if there is none.
  std::uint32_t entry(std::uint32_t stack);
  llvm::ArrayRef<std::string> notes() const { return symbols_.notes(); }

private:
  struct Described {
    std::uint32_t name = 0, place = 0;
    bool own = false;
  };
  const Described &describe(runs::SiteRef site);
  std::uint32_t stack(std::uint32_t id);
  struct Hash {
    std::size_t operator()(const Caption &of) const;
  };

  const runs::Run &run_;
  runs::Symbols symbols_;
  Picture &picture_;
  llvm::StringMap<std::uint32_t> numbers_;
  std::unordered_map<Caption, std::uint32_t, Hash> captions_;
  std::unordered_map<std::uint64_t, Described> addresses_, keys_;
  std::unordered_map<std::uint64_t, std::uint32_t> locks_;
  std::unordered_map<std::uint32_t, std::uint32_t> stacks_, own_frames_, entries_; // by the trace's number of a stack
};

} // namespace tenterhook::timeline

#endif
