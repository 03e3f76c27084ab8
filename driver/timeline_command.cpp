// `tenterhook timeline`. See timeline_command.h.
#include "driver/timeline_command.h"
#include "config/suggest.h"
#include "driver/input_file.h"
#include "driver/outputs.h"
#include "record/children.h"
#include "timeline/writers.h"
#include "trace/reader.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <map>
#include <optional>

namespace tenterhook::driver {
namespace {

std::string duration(std::int64_t nanoseconds) {
  for (auto [unit, name] : {std::pair(1e9, "s"), std::pair(1e6, "ms"), std::pair(1e3, "us")})
    if (double(nanoseconds) >= unit) return llvm::formatv("{0:f2} {1}", double(nanoseconds) / unit, name).str();
  return llvm::formatv("{0} ns", nanoseconds).str();
}

// What a person wants to know before opening a picture.
void summarize(const timeline::Picture &picture, llvm::raw_ostream &out) {
  auto many = [](std::size_t count, llvm::StringRef what) {
    return llvm::formatv("{0} {1}{2}", count, what, count == 1 ? "" : "s").str();
  };
  out << picture.title << ": process " << picture.process << ", " << duration(picture.length) << ", "
      << many(picture.events, "event") << ", " << many(picture.tasks.size(), "task") << '\n';
  for (const timeline::Lane &lane : picture.lanes) {
    std::map<timeline::Category, std::int64_t> times, until; // until: what nests in a block is counted with it
    for (const timeline::Span &span : lane.runs) {
      bool waits = span.category == timeline::Category::block || span.category == timeline::Category::lock_wait;
      if (span.row != 0 && (!waits || span.begin < until[span.category])) continue;
      times[span.category] += span.end - span.begin;
      until[span.category] = span.end;
    }
    out << "  thread " << lane.thread << ' ' << lane.name << " (" << runs::label(lane.role) << ")";
    for (auto [category, time] : times) out << ", " << timeline::label(category) << ' ' << duration(time);
    if (times.empty() && lane.stalls.empty() && lane.held.empty()) out << ", nothing recorded";
    if (lane.dropped) out << ", " << lane.dropped << " events dropped";
    out << '\n';
  }
  struct Group {
    llvm::StringRef note;
    std::uint64_t count = 0;
    std::int64_t longest = 0, total = 0;
  };
  std::map<std::pair<std::string, std::string>, Group> troubles;
  for (const timeline::Lane &lane : picture.lanes)
    for (const auto *spans : {&lane.runs, &lane.stalls, &lane.held})
      for (const timeline::Span &span : *spans) {
        const timeline::Caption &caption = picture.captions[span.caption];
        if (!caption.trouble) continue;
        Group &group = troubles[{picture.strings[caption.name], picture.strings[caption.place]}];
        ++group.count;
        group.total += span.end - span.begin;
        if (span.end - span.begin >= group.longest) group.note = picture.strings[caption.note];
        group.longest = std::max(group.longest, span.end - span.begin);
      }
  std::vector<std::pair<std::pair<std::string, std::string>, Group>> sorted(troubles.begin(), troubles.end());
  llvm::sort(sorted, [](const auto &a, const auto &b) {
    return std::tuple(-a.second.total, a.first) < std::tuple(-b.second.total, b.first);
  });
  if (!sorted.empty()) out << "worth a look:\n";
  for (const auto &[key, group] : llvm::ArrayRef(sorted).take_front(20)) {
    out << "  " << group.count << " x " << key.first;
    if (group.longest) out << ", longest " << duration(group.longest) << ", in all " << duration(group.total);
    if (!key.second.empty()) out << ", at " << key.second;
    if (!group.note.empty()) out << " (" << group.note << ")";
    out << '\n';
  }
  if (sorted.size() > 20) out << "  and " << sorted.size() - 20 << " more kinds\n";
}

} // namespace

llvm::Error run_timeline(const Arguments &arguments, llvm::raw_ostream &out, llvm::raw_ostream &notes) {
  llvm::StringRef path = arguments.timeline_output;
  bool page = path.ends_with(".html");
  if (!path.empty() && !page && !path.ends_with(".json"))
    return usage_error("-o " + path + ": the name tells the form; end it with .html for a page, or .json for Perfetto");
  std::vector<runs::Run> all;
  GivenFiles given;
  for (const std::string &trace : record::with_children(arguments.files)) {
    auto bytes = load_file(trace, "name a trace that `tenterhook record` or a program with TENTERHOOK_TRACE wrote");
    if (!bytes) return bytes.takeError();
    if (std::optional<std::string> other = given.same_as(trace, **bytes)) {
      notes << "tenterhook: note: " << trace << ": the same run as " << *other << ", so it is drawn once\n";
      continue;
    }
    llvm::Expected<runs::Run> run = runs::parse_trace((*bytes)->getBuffer(), trace);
    if (!run) return run.takeError();
    all.push_back(std::move(*run));
  }
  auto begins = [](const runs::Run &a, const runs::Run &b) { return a.start_realtime < b.start_realtime; };
  std::uint64_t earliest = llvm::min_element(all, begins)->start_realtime;
  std::vector<timeline::Picture> pictures;
  for (runs::Run &run : all) {
    // A day apart are no processes of one run; a picture of both would show nothing of either.
    std::uint64_t later = run.start_realtime - earliest;
    if (!path.empty() && later && later < 86'400'000'000'000u) run.shift(std::int64_t(later));
    pictures.push_back(timeline::draw(run));
    run = {};
    for (const std::string &note : pictures.back().notes) notes << "tenterhook: note: " << note << '\n';
  }
  if (path.empty()) {
    for (const timeline::Picture &picture : pictures) summarize(picture, out);
    return llvm::Error::success();
  }
  llvm::Expected<PendingFile> file = PendingFile::open(path.str());
  if (!file) return file.takeError();
  std::string bytes;
  llvm::raw_string_ostream stream(bytes);
  if (page) timeline::write_page(pictures, arguments.timeline_limit, stream);
  else timeline::write_chrome(pictures, stream);
  return file->write(bytes);
}

} // namespace tenterhook::driver
