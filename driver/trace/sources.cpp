// See sources.h. Only the headers of the line tables are read, one a compile unit: they list the files, and decoding
// the lines of a large program would take seconds.
#include "trace/sources.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/DebugInfo/DWARF/DWARFContext.h"
#include "llvm/DebugInfo/DWARF/DWARFDebugLine.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Object/ObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"

namespace tenterhook::runs {
namespace {

bool is_of_the_system(llvm::StringRef path) { return path.starts_with("/usr/") || path.starts_with("/lib"); }

void add_file(llvm::StringRef file, std::set<std::string> &files) {
  llvm::SmallString<256> path(file);
  llvm::sys::path::remove_dots(path, /*remove_dot_dot=*/true);
  if (!is_of_the_system(path))
    files.insert(path.str().str());
}

// Whether there was any debug information.
bool add_files(const llvm::object::ObjectFile &object, std::set<std::string> &files) {
  std::unique_ptr<llvm::DWARFContext> debug = llvm::DWARFContext::create(object);
  const auto &lines = debug->getDWARFObj().getLineSection();
  bool any = false;
  for (const auto &unit : debug->compile_units()) {
    llvm::DWARFDie die = unit->getUnitDIE(/*ExtractUnitDIEOnly=*/true);
    auto offset = llvm::dwarf::toSectionOffset(die.find(llvm::dwarf::DW_AT_stmt_list));
    if (!offset)
      continue;
    any = true;
    std::string folder = unit->getCompilationDir() ? unit->getCompilationDir() : "";
    llvm::DWARFDebugLine::Prologue prologue;
    llvm::DWARFDataExtractor data(debug->getDWARFObj(), lines, debug->isLittleEndian(), unit->getAddressByteSize());
    std::uint64_t at = *offset;
    if (llvm::Error damaged =
            prologue.parse(data, &at, [](llvm::Error warning) { llvm::consumeError(std::move(warning)); }, *debug, unit.get())) {
      llvm::consumeError(std::move(damaged));
      continue;
    }
    const std::uint64_t first = prologue.getVersion() >= 5 ? 0 : 1;
    for (std::uint64_t i = 0; i < prologue.FileNames.size(); ++i)
      if (std::string file;
          prologue.getFileNameByIndex(first + i, folder, llvm::DILineInfoSpecifier::FileLineInfoKind::AbsoluteFilePath, file))
        add_file(file, files);
  }
  return any;
}

} // namespace

Sources sources_of(const Run &run) {
  Sources sources;
  std::set<std::string> known; // a module may be listed again
  for (std::size_t i = 0; i < run.modules.size(); ++i) {
    const std::string &path = run.modules[i].path;
    if ((i && is_of_the_system(path)) || !known.insert(path).second || !llvm::sys::fs::is_regular_file(path))
      continue;
    auto binary = llvm::object::ObjectFile::createObjectFile(path);
    if (!binary) {
      llvm::consumeError(binary.takeError());
      continue;
    }
    bool any = add_files(*binary->getBinary(), sources.files);
    if (i == 0)
      sources.known = any; // the program itself is the first
  }
  for (const auto &[key, place] : run.sites)
    add_file(place.file, sources.files);
  return sources;
}

} // namespace tenterhook::runs
