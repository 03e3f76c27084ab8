// `tenterhook facts`. See facts_command.h.
#include "driver/facts_command.h"
#include "config/paths.h"
#include "config/suggest.h"
#include "driver/gcc_includes.h"
#include "driver/inputs.h"
#include "driver/outputs.h"
#include "driver/schedule.h"
#include "facts/codec.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"

namespace tenterhook::driver {
namespace {

llvm::Error show(const facts::TUSummary &unit, const Arguments &arguments, std::optional<PendingFile> &file,
                 llvm::raw_ostream &out) {
  if (file)
    return file->write(facts::encode(unit));
  if (arguments.json)
    out << llvm::formatv("{0:2}", facts::dump_json(unit)) << '\n';
  else
    facts::dump_text(unit, out);
  return llvm::Error::success();
}

} // namespace

llvm::Expected<int> run_facts(const Arguments &arguments, llvm::raw_ostream &out, std::vector<Trouble> &problems) {
  std::optional<PendingFile> file;
  if (!arguments.facts_output.empty()) {
    llvm::Expected<PendingFile> opened = PendingFile::open(arguments.facts_output);
    if (!opened)
      return opened.takeError();
    file.emplace(std::move(*opened));
  }
  const std::string &name = arguments.files.front();
  if (is_facts_file(name)) {
    llvm::Expected<facts::TUSummary> unit = load_facts(name);
    if (!unit)
      return unit.takeError();
    if (llvm::Error error = show(*unit, arguments, file, out))
      return error;
    return 0;
  }
  llvm::Expected<CompileDatabase> database = find_database(arguments);
  if (!database)
    return database.takeError();
  auto commands = select(*database, arguments.files, current_folder());
  if (!commands)
    return commands.takeError();
  if (commands->size() != 1)
    return usage_error(name + ": facts are shown for one file, not for a folder");
  add_gcc_includes(*commands, database->path, problems);
  Extraction extraction = extract_all(*commands, 1, false, [](std::size_t, std::size_t, llvm::StringRef) {});
  for (const facts::TUSummary &unit : extraction.units)
    if (llvm::Error error = show(unit, arguments, file, out))
      return error;
  llvm::append_range(problems, std::move(extraction.troubles));
  return extraction.analysed == 1 ? 0 : 3;
}

} // namespace tenterhook::driver
