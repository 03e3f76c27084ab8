// What a person asks of a picture next, answered from the picture itself: what ran while a loop stood still, who held a
// lock that another thread waited for. The answers become notes of the spans. Needs the holds of locks in the trace
// (the runtime's own, or `record --every-event`); without them nothing is said.
#include "timeline/causes.h"
#include "llvm/ADT/STLExtras.h"
#include <map>
#include <unordered_map>

namespace tenterhook::timeline {
namespace {

constexpr std::ptrdiff_t looked_back = 64;
constexpr unsigned holders_looked_at = 64; // of one wait: a lock may have gone through thousands of hands meanwhile
constexpr std::size_t looks_a_span = 8;    // of a lane: its stalls hardly overlap, unless the trace is made up

class Causes {
public:
  Causes(Picture &picture, Captions &captions) : picture_(picture), captions_(captions) {}

  void tell() {
    for (Lane &lane : picture_.lanes) {
      std::size_t looks = looks_a_span * (lane.runs.size() + lane.stalls.size()) + looked_back * lane.stalls.size();
      for (Span &stall : lane.stalls)
        if (stall.category == Category::stall && !stall.told)
          say(stall, mostly(lane, stall, looks));
    }
    collect_holds();
    for (Lane &lane : picture_.lanes)
      for (Span &span : lane.runs)
        if (span.category == Category::lock_wait && !span.told)
          say(span, holder(lane, span));
  }

private:
  struct Hold {
    std::int64_t begin, end;
    const Lane *lane;
    std::uint32_t caption;
  };

  void say(Span &span, const std::string &what) {
    if (what.empty())
      return;
    Caption caption = picture_.captions[span.caption];
    std::string note = captions_.text(caption.note).str();
    caption.note = captions_.string(note + (note.empty() ? "" : "; ") + what);
    span.caption = captions_.make(caption);
  }

  // Of what ran on the thread within the span, that in which most time went: what nests in another counts for itself.
  std::string mostly(const Lane &lane, const Span &within, std::size_t &looks) const {
    std::map<std::uint32_t, std::pair<std::int64_t, unsigned>> times; // by name: time, how many
    std::vector<const Span *> open;
    auto first = llvm::partition_point(lane.runs, [&](const Span &span) { return span.begin < within.begin; });
    first -= std::min<std::ptrdiff_t>(first - lane.runs.begin(), looked_back); // what it lies within began before
    for (const Span &span : llvm::make_range(first, lane.runs.end())) {
      if (span.begin >= within.end)
        break;
      if (looks-- == 0) {
        looks = 0;
        return {};
      }
      if (span.end <= within.begin || span.category == Category::wait)
        continue;
      while (!open.empty() && open.back()->end <= span.begin)
        open.pop_back();
      std::int64_t time = std::min(span.end, within.end) - std::max(span.begin, within.begin);
      auto &[sum, count] = times[picture_.captions[span.caption].name];
      sum += time;
      ++count;
      if (!open.empty())
        times[picture_.captions[open.back()->caption].name].first -= time;
      open.push_back(&span);
    }
    auto most = llvm::max_element(times, [](const auto &a, const auto &b) { return a.second.first < b.second.first; });
    if (most == times.end() || most->second.first * 2 < within.end - within.begin)
      return {};
    std::string name = captions_.text(most->first).str();
    unsigned count = most->second.second;
    return "in it ran " + name + (count > 1 ? ", " + std::to_string(count) + " times" : "");
  }

  void collect_holds() {
    for (const Lane &lane : picture_.lanes)
      for (const Span &span : lane.held)
        holds_[span.object].push_back({span.begin, span.end, &lane, span.caption});
    for (auto &[lock, holds] : holds_)
      llvm::sort(holds, [](const Hold &a, const Hold &b) {
        return std::tuple(a.begin, a.end, a.lane->thread) < std::tuple(b.begin, b.end, b.lane->thread);
      });
  }

  // The thread that held the lock for most of the wait, among the last ones before its end.
  std::string holder(const Lane &lane, const Span &wait) const {
    auto found = holds_.find(wait.object);
    if (found == holds_.end())
      return {};
    const std::vector<Hold> &holds = found->second;
    auto at = llvm::partition_point(holds, [&](const Hold &hold) { return hold.begin < wait.end; });
    const Hold *best = nullptr;
    std::int64_t longest = 0;
    for (unsigned looked = 0; at != holds.begin() && looked < holders_looked_at; ++looked) {
      --at;
      std::int64_t overlap = std::min(at->end, wait.end) - std::max(at->begin, wait.begin);
      if (at->lane == &lane || overlap <= longest)
        continue;
      longest = overlap;
      best = &*at;
    }
    if (!best)
      return {};
    std::string name = best->lane->name.empty() ? "thread " + std::to_string(best->lane->thread) : best->lane->name;
    llvm::StringRef place = captions_.text(picture_.captions[best->caption].place);
    return "held by " + name + (place.empty() ? "" : ", which took it at " + place.str());
  }

  Picture &picture_;
  Captions &captions_;
  std::unordered_map<std::uint64_t, std::vector<Hold>> holds_;
};

} // namespace

void tell_causes(Picture &picture, Captions &captions) { Causes(picture, captions).tell(); }

} // namespace tenterhook::timeline
