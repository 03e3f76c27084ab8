// timeline-sample DIR [EVENTS [PART]]: writes DIR/sample.trace, .json and .html; with EVENTS the trace has that many,
// with "crowd" many threads, with "small" it is the one that it is without. With PART, the trace is drawn in parts of so
// many events; with "trace" for PART only the trace is written.
#include "sample.h"
#include "timeline/gathered.h"
#include "timeline/writers.h"
#include <cstdlib>
#include <fstream>
#include <iostream>

using namespace tenterhook;

int main(int argc, char **argv) {
  std::string stem = std::string(argc > 1 ? argv[1] : ".") + "/sample";
  std::string_view which = argc > 2 ? argv[2] : "small";
  std::string bytes = which == "crowd"   ? test::crowd_trace()
                      : which == "small" ? test::sample_trace()
                                         : test::large_trace(std::strtoull(argv[2], nullptr, 10));
  std::ofstream(stem + ".trace", std::ios::binary) << bytes;
  if (argc > 3 && std::string_view(argv[3]) == "trace")
    return 0;
  llvm::Expected<runs::TraceFile> file = runs::open_trace(bytes, "sample.trace");
  if (!file) {
    std::cerr << llvm::toString(file.takeError()) << '\n';
    return 1;
  }
  std::size_t events_a_part = argc > 3 ? std::strtoull(argv[3], nullptr, 10) : SIZE_MAX;
  std::string json, page;
  llvm::raw_string_ostream json_out(json), page_out(page);
  timeline::ChromeWriter writer(json_out);
  timeline::Gathered gathered(1'000'000);
  if (file->count() > events_a_part)
    writer.begin();
  timeline::draw(*file, events_a_part, [&](timeline::Picture &part) {
    if (part.is_whole())
      writer.begin(part.notes);
    writer.write(part);
    gathered.take(part);
  });
  writer.end();
  timeline::write_page(gathered.finish(), page_out);
  std::ofstream(stem + ".json", std::ios::binary) << json;
  std::ofstream(stem + ".html", std::ios::binary) << page;
  return 0;
}
