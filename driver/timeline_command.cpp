// `tenterhook timeline`. See timeline_command.h.
#include "driver/timeline_command.h"
#include "config/suggest.h"
#include "driver/input_file.h"
#include "driver/outputs.h"
#include "record/children.h"
#include "timeline/gathered.h"
#include "timeline/writers.h"
#include "llvm/ADT/STLExtras.h"
#include <optional>

namespace tenterhook::driver {
namespace {

constexpr std::uint64_t longest_apart = 86'400'000'000'000u; // nanoseconds

struct Trace {
  std::unique_ptr<llvm::MemoryBuffer> bytes;
  runs::TraceFile file;
};

// Those that the command line names, each once, as it names them.
llvm::Expected<std::vector<Trace>> open_all(const std::vector<std::string> &files, llvm::raw_ostream &notes) {
  std::vector<Trace> all;
  GivenFiles given;
  for (const std::string &path : record::with_children(files)) {
    auto bytes = load_file(path, "name a trace that `tenterhook record` or a program with TENTERHOOK_TRACE wrote");
    if (!bytes)
      return bytes.takeError();
    if (std::optional<std::string> other = given.same_as(path, **bytes)) {
      notes << "tenterhook: note: " << path << ": the same run as " << *other << ", so it is drawn once\n";
      continue;
    }
    auto file = runs::open_trace((*bytes)->getBuffer(), path, [&] { release(**bytes); });
    if (!file)
      return file.takeError();
    release(**bytes);
    all.push_back({std::move(*bytes), std::move(*file)});
  }
  return all;
}

using Take = llvm::function_ref<void(timeline::Picture &)>;

// Its parts, and its notes once it is over.
void draw(Trace &trace, llvm::raw_ostream &notes, Take take) {
  timeline::draw(
      trace.file, timeline::events_a_part,
      [&](timeline::Picture &part) {
        if (part.last)
          for (const std::string &note : part.notes)
            notes << "tenterhook: note: " << note << '\n';
        take(part);
      },
      [&] { release(*trace.bytes); });
  trace.file = runs::TraceFile({}, runs::EventStream());
}

} // namespace

llvm::Error run_timeline(const Arguments &arguments, llvm::raw_ostream &out, llvm::raw_ostream &notes) {
  llvm::StringRef path = arguments.timeline_output;
  bool page = path.ends_with(".html");
  if (!path.empty() && !page && !path.ends_with(".json"))
    return usage_error("-o " + path + ": the name tells the form; end it with .html for a page, or .json for Perfetto");
  llvm::Expected<std::vector<Trace>> opened = open_all(arguments.files, notes);
  if (!opened)
    return opened.takeError();
  std::vector<Trace> &all = *opened;
  if (path.empty()) {
    std::vector<timeline::Summary> summaries(all.size()); // behind all notes
    for (auto [trace, summary] : llvm::zip(all, summaries))
      draw(trace, notes, [&](const timeline::Picture &part) { summary.take(part); });
    for (const timeline::Summary &summary : summaries)
      summary.print(out);
    return llvm::Error::success();
  }
  std::uint64_t earliest = ~std::uint64_t(0), events = 0;
  for (const Trace &trace : all) {
    earliest = std::min(earliest, trace.file.run.start_realtime);
    events += trace.file.count();
  }
  for (Trace &trace : all) // a day apart are no processes of one run; a picture of both would show nothing of either
    if (std::uint64_t later = trace.file.run.start_realtime - earliest; later < longest_apart)
      trace.file.shift(std::int64_t(later));
  llvm::Expected<PendingFile> file = PendingFile::open(path.str());
  if (!file)
    return file.takeError();
  if (!page && events > timeline::events_a_part)
    return file->write([&](llvm::raw_ostream &to) {
      timeline::ChromeWriter writer(to);
      writer.begin();
      for (Trace &trace : all)
        draw(trace, notes, [&](const timeline::Picture &part) { writer.write(part); });
      writer.end();
    });
  std::vector<timeline::Picture> pictures;
  for (Trace &trace : all) {
    timeline::Gathered gathered(page ? arguments.timeline_limit : SIZE_MAX);
    draw(trace, notes, [&](timeline::Picture &part) { gathered.take(part); });
    pictures.push_back(gathered.finish());
  }
  return file->write([&](llvm::raw_ostream &to) {
    if (page)
      timeline::write_page(pictures, to);
    else
      timeline::write_chrome(pictures, to);
  });
}

} // namespace tenterhook::driver
