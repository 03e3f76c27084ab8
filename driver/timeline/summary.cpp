// A few lines about a trace. See writers.h.
#include "timeline/writers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace tenterhook::timeline {
namespace {

constexpr std::size_t most_troubles = 20;

std::string duration(std::int64_t nanoseconds) {
  for (auto [unit, name] : {std::pair(1e9, "s"), std::pair(1e6, "ms"), std::pair(1e3, "us")})
    if (double(nanoseconds) >= unit)
      return llvm::formatv("{0:f2} {1}", double(nanoseconds) / unit, name).str();
  return llvm::formatv("{0} ns", nanoseconds).str();
}

} // namespace

void Summary::take(const Picture &part) {
  if (part.first) {
    title_ = part.title;
    process_ = part.process;
    length_ = part.length;
    events_ = part.events;
    for (const Lane &lane : part.lanes) {
      OfLane &of = lanes_.emplace_back();
      of.thread = lane.thread;
      of.name = lane.name;
      of.role = lane.role;
      of.dropped = lane.dropped;
    }
  }
  tasks_ += std::uint64_t(llvm::count_if(part.tasks, [](const TaskBar &task) { return task.begins; }));
  for (auto [lane, of] : llvm::zip(part.lanes, lanes_)) {
    for (const Span &span : lane.runs) {
      unsigned category = unsigned(span.category);
      bool waits = span.category == Category::block || span.category == Category::lock_wait;
      if (span.told || (span.row != 0 && (!waits || span.begin < of.until[category])))
        continue;
      of.times[category] += span.end - span.begin;
      of.until[category] = span.end;
      of.has[category] = true;
    }
    for (const auto *spans : {&lane.runs, &lane.stalls, &lane.held})
      for (const Span &span : *spans) {
        of.any = true;
        const Caption &caption = part.captions[span.caption];
        if (span.told || !caption.trouble)
          continue;
        Group &group = troubles_[{part.strings[caption.name], part.strings[caption.place]}];
        ++group.count;
        group.total += span.end - span.begin;
        if (span.end - span.begin >= group.longest)
          group.note = part.strings[caption.note];
        group.longest = std::max(group.longest, span.end - span.begin);
      }
  }
}

void Summary::print(llvm::raw_ostream &out) const {
  auto many = [](std::uint64_t count, llvm::StringRef what) {
    return llvm::formatv("{0} {1}{2}", count, what, count == 1 ? "" : "s").str();
  };
  out << title_ << ": process " << process_ << ", " << duration(length_) << ", " << many(events_, "event") << ", "
      << many(tasks_, "task") << '\n';
  for (const OfLane &lane : lanes_) {
    out << "  thread " << lane.thread << ' ' << lane.name << " (" << runs::label(lane.role) << ")";
    for (unsigned category = 0; category < categories; ++category)
      if (lane.has[category])
        out << ", " << label(Category(category)) << ' ' << duration(lane.times[category]);
    if (!lane.any)
      out << ", nothing recorded";
    if (lane.dropped)
      out << ", " << lane.dropped << " events dropped";
    out << '\n';
  }
  std::vector<const decltype(troubles_)::value_type *> groups;
  for (const auto &group : troubles_)
    groups.push_back(&group);
  llvm::sort(groups, [](const auto *a, const auto *b) {
    return std::tuple(-a->second.total, a->first) < std::tuple(-b->second.total, b->first);
  });
  if (!groups.empty())
    out << "worth a look:\n";
  for (const auto *each : llvm::ArrayRef(groups).take_front(most_troubles)) {
    const auto &[key, group] = *each;
    out << "  " << group.count << " x " << key.first;
    if (group.longest)
      out << ", longest " << duration(group.longest) << ", in all " << duration(group.total);
    if (!key.second.empty())
      out << ", at " << key.second;
    if (!group.note.empty())
      out << " (" << group.note << ")";
    out << '\n';
  }
  if (groups.size() > most_troubles)
    out << "  and " << groups.size() - most_troubles << " more kinds\n";
}

} // namespace tenterhook::timeline
