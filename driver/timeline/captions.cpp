// See captions.h.
#include "timeline/captions.h"
#include "llvm/ADT/Hashing.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace tenterhook::timeline {
namespace {

// Code that a person wrote: where the standard library waits for it tells nothing.
bool is_own(const runs::Frame &frame) {
  return frame.line != 0 && !frame.file.empty() && !llvm::StringRef(frame.file).starts_with("/usr/");
}

// "handle" for "tenterhook::task<void> server::handle(int)": what fits on a bar.
std::string short_name_of(llvm::StringRef function) {
  constexpr llvm::StringLiteral unnamed = "(anonymous namespace)::";
  std::string named = function.str();
  for (std::size_t at; (at = named.find(unnamed)) != std::string::npos;)
    named.erase(at, unnamed.size());
  llvm::StringRef head = named;
  int angle = 0;
  for (std::size_t i = 0; i < head.size(); ++i) { // up to the parameters
    angle += (head[i] == '<') - (head[i] == '>');
    if (head[i] == '(' && angle == 0 && i && !head.substr(0, i).ends_with("operator")) {
      head = head.take_front(i);
      break;
    }
  }
  angle = 0;
  for (std::size_t i = head.size(); i--;) { // the last word outside of <…>
    angle += (head[i] == '>') - (head[i] == '<');
    if (head[i] == ' ' && angle == 0)
      return head.substr(i + 1).str();
  }
  return head.str();
}

} // namespace

Captions::Captions(const runs::Run &run, Picture &picture) : run_(run), symbols_(run), picture_(picture) {
  picture_.strings.emplace_back();
}

std::uint32_t Captions::string(llvm::StringRef text) {
  if (text.empty())
    return 0;
  auto [found, fresh] = numbers_.try_emplace(text, std::uint32_t(picture_.strings.size()));
  if (fresh)
    picture_.strings.push_back(text.str());
  return found->second;
}

std::size_t Captions::Hash::operator()(const Caption &of) const {
  return llvm::hash_combine(of.name, of.place, of.note, of.stack, of.trouble);
}

std::uint32_t Captions::make(const Caption &caption) {
  auto [found, fresh] = captions_.try_emplace(caption, std::uint32_t(picture_.captions.size()));
  if (fresh)
    picture_.captions.push_back(caption);
  return found->second;
}

std::uint32_t Captions::make(std::uint32_t name, std::uint32_t place, llvm::StringRef note, std::uint32_t stack_id,
                             bool trouble) {
  return make({name, place, string(note), stack(stack_id), trouble});
}

std::uint32_t Captions::stack(std::uint32_t id) {
  if (id == 0 || run_.stack(id).empty())
    return 0;
  auto [found, fresh] = stacks_.try_emplace(id, 0);
  if (fresh) {
    std::vector<std::uint32_t> frames;
    for (const runs::Frame &frame : symbols_.stack(id))
      frames.push_back(string(runs::describe(frame)));
    picture_.stacks.push_back(std::move(frames));
    found->second = std::uint32_t(picture_.stacks.size());
  }
  return found->second;
}

const Captions::Described &Captions::describe(runs::SiteRef site) {
  auto [found, fresh] = (site.is_key ? keys_ : addresses_).try_emplace(site.value);
  Described &described = found->second;
  if (!fresh)
    return described;
  const std::vector<runs::Frame> &frames = symbols_.at(site).frames;
  auto own = llvm::find_if(frames, is_own);
  described.own = own != frames.end();
  const runs::Frame &frame = described.own ? *own : frames.front();
  if (!frame.function.empty() && frame.function != "?")
    described.name = string(short_name_of(frame.function));
  described.place = string(runs::describe(frame));
  return described;
}

std::uint32_t Captions::place(runs::SiteRef site) { return site ? describe(site).place : 0; }

std::uint32_t Captions::place(runs::SiteRef site, std::uint32_t stack_id) {
  if (stack_id == 0)
    return place(site);
  auto [found, fresh] = own_frames_.try_emplace(stack_id, 0);
  if (fresh) {
    std::vector<runs::Frame> frames = symbols_.stack(stack_id);
    if (auto own = llvm::find_if(frames, is_own); own != frames.end())
      found->second = string(runs::describe(*own));
  }
  return found->second ? found->second : place(site);
}

std::uint32_t Captions::lock_name(std::uint64_t lock) {
  auto [found, fresh] = locks_.try_emplace(lock, 0);
  if (fresh)
    found->second = string(llvm::formatv("lock {0:x}", lock).str());
  return found->second;
}

std::uint32_t Captions::entry(std::uint32_t stack_id) {
  auto [found, fresh] = entries_.try_emplace(stack_id, 0);
  if (!fresh)
    return found->second;
  std::vector<runs::Frame> frames = symbols_.stack(stack_id);
  for (const runs::Frame &frame : llvm::reverse(frames))
    if (is_own(frame)) {
      found->second = string(frame.file + " " + frame.function); // a function, whatever line it is at
      break;
    }
  return found->second;
}

} // namespace tenterhook::timeline
