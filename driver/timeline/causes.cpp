// What a person asks of a picture next, answered from the picture itself: what ran while a loop stood still, who held a
// lock that another thread waited for. The answers become notes of the spans. Needs the holds of locks in the trace
// (the runtime's own, or `record --every-event`); without them nothing is said.
#include "timeline/picture.h"
#include "llvm/ADT/STLExtras.h"
#include <unordered_map>

namespace tenterhook::timeline {
namespace {

constexpr std::ptrdiff_t looked_back = 64;
constexpr unsigned holders_looked_at = 64; // of one wait: a lock may have gone through thousands of hands meanwhile

class Causes {
public:
  explicit Causes(Picture &picture) : picture_(picture) {
    for (std::uint32_t i = 0; i < picture_.captions.size(); ++i) captions_.try_emplace(picture_.captions[i], i);
  }

  void tell() {
    for (Lane &lane : picture_.lanes)
      for (Span &stall : lane.stalls)
        if (stall.category == Category::stall) say(stall, mostly(lane, stall));
    collect_holds();
    for (Lane &lane : picture_.lanes)
      for (Span &span : lane.runs)
        if (span.category == Category::lock_wait) say(span, holder(lane, span));
  }

private:
  struct Hold {
    std::int64_t begin, end;
    const Lane *lane;
    std::uint32_t caption;
  };

  llvm::StringRef text(std::uint32_t string) const { return picture_.strings[string]; }

  void say(Span &span, const std::string &what) {
    if (what.empty()) return;
    Caption caption = picture_.captions[span.caption];
    std::string note = text(caption.note).str();
    note += (note.empty() ? "" : "; ") + what;
    auto [string, fresh] = strings_.try_emplace(note, std::uint32_t(picture_.strings.size()));
    if (fresh) picture_.strings.push_back(note);
    caption.note = string->second;
    auto [found, is_new] = captions_.try_emplace(caption, std::uint32_t(picture_.captions.size()));
    if (is_new) picture_.captions.push_back(caption);
    span.caption = found->second;
  }

  // Of what ran on the thread within the span, that in which most time went: what nests in another counts for itself.
  std::string mostly(const Lane &lane, const Span &within) const {
    std::map<std::uint32_t, std::pair<std::int64_t, unsigned>> times; // by name: time, how many
    std::vector<const Span *> open;
    auto first = llvm::partition_point(lane.runs, [&](const Span &span) { return span.begin < within.begin; });
    first -= std::min<std::ptrdiff_t>(first - lane.runs.begin(), looked_back); // what it lies within began before
    for (const Span &span : llvm::make_range(first, lane.runs.end())) {
      if (span.begin >= within.end) break;
      if (span.end <= within.begin || span.category == Category::wait) continue;
      while (!open.empty() && open.back()->end <= span.begin) open.pop_back();
      std::int64_t time = std::min(span.end, within.end) - std::max(span.begin, within.begin);
      auto &[sum, count] = times[picture_.captions[span.caption].name];
      sum += time;
      ++count;
      if (!open.empty()) times[picture_.captions[open.back()->caption].name].first -= time;
      open.push_back(&span);
    }
    auto most = llvm::max_element(times, [](const auto &a, const auto &b) { return a.second.first < b.second.first; });
    if (most == times.end() || most->second.first * 2 < within.end - within.begin) return {};
    std::string name = text(most->first).str();
    unsigned count = most->second.second;
    return "in it ran " + name + (count > 1 ? ", " + std::to_string(count) + " times" : "");
  }

  void collect_holds() {
    for (const Lane &lane : picture_.lanes)
      for (const Span &span : lane.held) holds_[span.object].push_back({span.begin, span.end, &lane, span.caption});
    for (auto &[lock, holds] : holds_)
      llvm::sort(holds, [](const Hold &a, const Hold &b) {
        return std::tuple(a.begin, a.end, a.lane->thread) < std::tuple(b.begin, b.end, b.lane->thread);
      });
  }

  // The thread that held the lock for most of the wait, among the last ones before its end.
  std::string holder(const Lane &lane, const Span &wait) const {
    auto found = holds_.find(wait.object);
    if (found == holds_.end()) return {};
    const std::vector<Hold> &holds = found->second;
    auto at = llvm::partition_point(holds, [&](const Hold &hold) { return hold.begin < wait.end; });
    const Hold *best = nullptr;
    std::int64_t longest = 0;
    for (unsigned looked = 0; at != holds.begin() && looked < holders_looked_at; ++looked) {
      --at;
      std::int64_t overlap = std::min(at->end, wait.end) - std::max(at->begin, wait.begin);
      if (at->lane == &lane || overlap <= longest) continue;
      longest = overlap;
      best = &*at;
    }
    if (!best) return {};
    std::string name =
        best->lane->name.empty() ? "thread " + std::to_string(best->lane->thread) : best->lane->name;
    llvm::StringRef place = text(picture_.captions[best->caption].place);
    return "held by " + name + (place.empty() ? "" : ", which took it at " + place.str());
  }

  Picture &picture_;
  std::map<Caption, std::uint32_t> captions_;
  std::map<std::string, std::uint32_t> strings_; // those made here
  std::unordered_map<std::uint64_t, std::vector<Hold>> holds_;
};

} // namespace

void tell_causes(Picture &picture) { Causes(picture).tell(); }

} // namespace tenterhook::timeline
