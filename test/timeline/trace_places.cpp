// trace-places TRACE: each block's place and stack and each task's place, one a line, with how far they are to be
// trusted.
#include "trace/reader.h"
#include "trace/symbols.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/raw_ostream.h"

using namespace tenterhook;

namespace {
void print(const runs::Frame &frame) {
  llvm::outs() << "  " << llvm::sys::path::filename(frame.file) << ':' << frame.line << ' ' << frame.function
               << (frame.inlined ? " (inlined)" : "") << '\n';
}
} // namespace

int main(int, char **argv) {
  llvm::Expected<runs::Run> run = runs::read_trace(argv[1]);
  if (!run) {
    llvm::errs() << llvm::toString(run.takeError()) << '\n';
    return 2;
  }
  runs::Symbols symbols(*run);
  constexpr const char *trust[] = {"exact", "unchecked", "other-build", "no-debug-info", "nothing"};
  for (const runs::Event &event : run->events) {
    const runs::Resolved &at = symbols.at(event.site);
    llvm::outs() << runs::label(event.kind) << ' ' << trust[unsigned(at.trust)] << '\n';
    for (const runs::Frame &frame : at.frames) print(frame);
    auto detail = run->detail<runs::BlockDetail>(event);
    if (event.kind != runs::Kind::block || !detail) continue;
    llvm::outs() << "stack\n";
    for (const runs::Frame &frame : symbols.stack(detail->stack)) print(frame);
  }
  for (const std::string &note : symbols.notes()) llvm::outs() << "note " << note << '\n';
  return 0;
}
