// timeline-sample DIR [EVENTS]: writes DIR/sample.trace, .json and .html; with EVENTS the trace has that many,
// with "crowd" many threads.
#include "sample.h"
#include "timeline/writers.h"
#include "trace/reader.h"
#include <cstdlib>
#include <fstream>
#include <iostream>

using namespace tenterhook;

int main(int argc, char **argv) {
  std::string stem = std::string(argc > 1 ? argv[1] : ".") + "/sample";
  bool crowd = argc > 2 && std::string_view(argv[2]) == "crowd";
  std::string bytes = crowd ? test::crowd_trace() : argc > 2 ? test::large_trace(std::strtoull(argv[2], nullptr, 10)) : test::sample_trace();
  std::ofstream(stem + ".trace", std::ios::binary) << bytes;
  llvm::Expected<runs::Run> run = runs::read_trace(stem + ".trace");
  if (!run) {
    std::cerr << llvm::toString(run.takeError()) << '\n';
    return 1;
  }
  run->path = "sample.trace";
  timeline::Picture picture = timeline::draw(*run);
  std::string json, page;
  llvm::raw_string_ostream json_out(json), page_out(page);
  timeline::write_chrome(picture, json_out);
  timeline::write_page(picture, 1'000'000, page_out);
  std::ofstream(stem + ".json", std::ios::binary) << json;
  std::ofstream(stem + ".html", std::ios::binary) << page;
  return 0;
}
