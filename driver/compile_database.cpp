// compile_commands.json: finding it, reading it, choosing from it. See compile_database.h.
#include "driver/compile_database.h"
#include "config/paths.h"
#include "config/suggest.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Allocator.h"
#include "llvm/Support/CommandLine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/JSON.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <map>
#include <set>

namespace tenterhook::driver {
using namespace config;
namespace {
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

constexpr llvm::StringLiteral file_name = "compile_commands.json";

std::string below(llvm::StringRef folder, llvm::StringRef name) {
  llvm::SmallString<256> result(folder);
  path::append(result, name);
  return result.str().str();
}

std::vector<std::string> subfolders(llvm::StringRef folder) {
  std::vector<std::string> names;
  std::error_code error;
  for (fs::directory_iterator it(folder, error), end; it != end && !error; it.increment(error))
    if (fs::is_directory(it->path()))
      names.push_back(path::filename(it->path()).str());
  llvm::sort(names);
  return names;
}

bool is_build_folder(llvm::StringRef name) {
  return name.starts_with("build") || name.starts_with("out") || name.starts_with("cmake-build-");
}

// Every database that `folder` offers, best first.
std::vector<std::string> databases_in(llvm::StringRef folder) {
  std::vector<std::string> found, deeper;
  if (std::string here = below(folder, file_name); fs::exists(here))
    found.push_back(here);
  for (const std::string &name : subfolders(folder)) {
    if (!is_build_folder(name))
      continue;
    std::string build = below(folder, name);
    if (std::string here = below(build, file_name); fs::exists(here))
      found.push_back(here);
    else
      for (const std::string &inner : subfolders(build))
        if (std::string there = below(below(build, inner), file_name); fs::exists(there))
          deeper.push_back(there);
  }
  found.insert(found.end(), deeper.begin(), deeper.end());
  return found;
}

llvm::Expected<CompileDatabase> read_database(llvm::StringRef file) {
  llvm::ErrorOr<std::unique_ptr<llvm::MemoryBuffer>> buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
  if (!buffer)
    return usage_error(file + ": cannot read the compilation database: " + buffer.getError().message());
  return parse_database((*buffer)->getBuffer(), file);
}

// Response files named by the command ("@objects.rsp") are part of it.
std::vector<std::string> expand(std::vector<std::string> argv, llvm::StringRef directory) {
  if (llvm::none_of(argv, [](llvm::StringRef a) { return a.starts_with("@"); }))
    return argv;
  llvm::BumpPtrAllocator allocator;
  llvm::cl::ExpansionContext context(allocator, llvm::cl::TokenizeGNUCommandLine);
  context.setCurrentDir(directory);
  llvm::SmallVector<const char *, 64> arguments;
  for (const std::string &argument : argv)
    arguments.push_back(argument.c_str());
  if (llvm::Error error = context.expandResponseFiles(arguments)) {
    llvm::consumeError(std::move(error)); // a file that is not built yet: the command stands as written
    return argv;
  }
  return {arguments.begin(), arguments.end()};
}

bool names_language(llvm::ArrayRef<std::string> argv) {
  for (std::size_t i = 0; i < argv.size(); ++i) {
    llvm::StringRef argument = argv[i];
    if (argument == "-x" && i + 1 < argv.size())
      argument = argv[i + 1];
    else if (!argument.consume_front("-x"))
      continue;
    if (argument == "c" || argument == "c++" || argument == "c++-module")
      return true;
  }
  return false;
}

llvm::Expected<extract::Command> parse_entry(const llvm::json::Value &value, llvm::StringRef where, llvm::StringRef base) {
  const llvm::json::Object *object = value.getAsObject();
  if (!object)
    return usage_error(where + " is not an object; an entry has directory, file and command or arguments");
  std::optional<llvm::StringRef> file = object->getString("file");
  if (!file || file->empty())
    return usage_error(where + " has no \"file\"");
  extract::Command command;
  command.directory = absolute(object->getString("directory").value_or("."), base);
  command.file = absolute(*file, command.directory);
  if (const llvm::json::Array *arguments = object->getArray("arguments")) {
    for (const llvm::json::Value &argument : *arguments) {
      std::optional<llvm::StringRef> text = argument.getAsString();
      if (!text)
        return usage_error(where + " (" + *file + "): \"arguments\" holds something that is not a string");
      command.argv.push_back(text->str());
    }
  } else if (std::optional<llvm::StringRef> line = object->getString("command")) {
    llvm::BumpPtrAllocator allocator;
    llvm::StringSaver saver(allocator);
    llvm::SmallVector<const char *, 64> words;
    llvm::cl::TokenizeGNUCommandLine(*line, saver, words);
    command.argv.assign(words.begin(), words.end());
  }
  if (command.argv.empty())
    return usage_error(where + " (" + *file + ") has neither \"arguments\" nor \"command\"");
  command.argv = expand(std::move(command.argv), command.directory);
  return command;
}

std::string real(llvm::StringRef file) {
  llvm::SmallString<256> result;
  return fs::real_path(file, result) ? file.str() : result.str().str();
}

llvm::Error not_in_database(llvm::StringRef name, llvm::StringRef file, const CompileDatabase &database) {
  if (!fs::exists(file))
    return usage_error("no such file or folder: " + name);
  std::string where = database.path.empty() ? "the list of files" : database.path;
  if (fs::is_directory(file))
    return usage_error(name + ": " + where + " has no file below this folder; name another, or pass -p BUILD");
  if (is_header(file))
    return usage_error(name + " is a header, which is analysed with the files that include it; name one of these");
  std::vector<std::string> known;
  for (const extract::Command &command : database.commands)
    known.push_back(command.file);
  for (const std::string &other : known)
    if (path::filename(other) == path::filename(file))
      return usage_error(name + " is not in " + where + ", but " + other +
                         " is; name that, pass another database with -p, or give its flags after --");
  return usage_error(name + " is not in " + where +
                     "; configure the project again, pass another database with -p, or give its flags after --");
}

} // namespace

llvm::Expected<CompileDatabase> parse_database(llvm::StringRef text, llvm::StringRef file) {
  llvm::Expected<llvm::json::Value> value = llvm::json::parse(text);
  if (!value)
    return usage_error(file + " is not JSON: " + llvm::toString(value.takeError()) +
                       "; let the build write it again (cmake -DCMAKE_EXPORT_COMPILE_COMMANDS=ON)");
  const llvm::json::Array *entries = value->getAsArray();
  if (!entries)
    return usage_error(file + " is not a compilation database: a JSON array of commands is expected");
  if (entries->empty())
    return usage_error(file + " has no entries; configure the project so that it compiles something");

  CompileDatabase database;
  database.path = file.str();
  std::map<std::string, extract::Command> by_file;
  std::set<std::pair<std::string, std::vector<std::string>>> seen;
  for (std::size_t i = 0; i < entries->size(); ++i) {
    std::string where = (file + ": entry " + llvm::Twine(i + 1)).str();
    llvm::Expected<extract::Command> command = parse_entry((*entries)[i], where, path::parent_path(file));
    if (!command)
      return command.takeError();
    if (!is_source(command->file) && !names_language(command->argv)) {
      ++database.not_c;
    } else if (!seen.emplace(command->file, command->argv).second) {
      ++database.duplicates;
    } else if (!by_file.try_emplace(command->file, *command).second) {
      ++database.alternatives;
    }
  }
  for (auto &[name, command] : by_file)
    database.commands.push_back(std::move(command));
  if (database.commands.empty())
    return usage_error(file + " names no C or C++ file");
  return database;
}

llvm::Expected<CompileDatabase> load_database(llvm::StringRef given, llvm::ArrayRef<std::string> starts) {
  if (!given.empty()) {
    std::string file = absolute(given, current_folder());
    std::vector<std::string> others;
    if (!fs::exists(file))
      return usage_error("-p " + given + ": no such file or folder");
    if (fs::is_directory(file)) {
      std::vector<std::string> found = databases_in(file);
      if (found.empty())
        return usage_error("-p " + given + ": no compile_commands.json in this folder; " +
                           "let the build write one (cmake -DCMAKE_EXPORT_COMPILE_COMMANDS=ON)");
      file = found.front();
      others.assign(found.begin() + 1, found.end());
    }
    llvm::Expected<CompileDatabase> database = read_database(file);
    if (database)
      database->others = std::move(others);
    return database;
  }
  for (const std::string &start : starts)
    for (const std::string &folder : upwards(start)) {
      std::vector<std::string> found = databases_in(folder);
      if (found.empty())
        continue;
      llvm::Expected<CompileDatabase> database = read_database(found.front());
      if (database)
        database->others.assign(found.begin() + 1, found.end());
      return database;
    }
  return usage_error(
      "no compile_commands.json in " + (starts.empty() ? llvm::Twine("/") : llvm::Twine(starts.front())) +
      ", its build*/, out*/ and cmake-build-*/ folders, or the folders above up to the repository's "
      "root; let the build write one (cmake -DCMAKE_EXPORT_COMPILE_COMMANDS=ON, or bear -- make), name it with -p, or give the "
      "compiler's flags after --");
}

llvm::Expected<std::vector<extract::Command>> select(const CompileDatabase &database, llvm::ArrayRef<std::string> names,
                                                     llvm::StringRef folder, std::vector<std::string> *explicit_files) {
  if (names.empty())
    return database.commands;
  std::map<std::string, std::string> real_to_file; // filled when a name does not match as written
  std::set<std::string> chosen;
  for (const std::string &name : names) {
    std::string file = absolute(name, folder);
    std::vector<std::string> found;
    for (const extract::Command &command : database.commands)
      if (is_below(command.file, file))
        found.push_back(command.file);
    if (found.empty()) { // perhaps reached through a symbolic link
      if (real_to_file.empty())
        for (const extract::Command &command : database.commands)
          real_to_file.emplace(real(command.file), command.file);
      std::string target = real(file);
      for (const auto &[place, as_written] : real_to_file)
        if (is_below(place, target))
          found.push_back(as_written);
    }
    if (found.empty())
      return not_in_database(name, file, database);
    chosen.insert(found.begin(), found.end());
    if (explicit_files && !fs::is_directory(file))
      explicit_files->insert(explicit_files->end(), found.begin(), found.end());
  }
  std::vector<extract::Command> commands;
  for (const extract::Command &command : database.commands)
    if (chosen.count(command.file))
      commands.push_back(command);
  return commands;
}

llvm::Expected<CompileDatabase> database_from_flags(llvm::ArrayRef<std::string> names, llvm::ArrayRef<std::string> flags,
                                                    llvm::StringRef folder) {
  if (names.empty())
    return usage_error("compiler flags after -- need the files that they are for: FILES -- FLAGS");
  std::set<std::string> files;
  for (const std::string &name : names) {
    std::string file = absolute(name, folder);
    if (!fs::exists(file))
      return usage_error("no such file or folder: " + name);
    if (!fs::is_directory(file)) {
      files.insert(file);
      continue;
    }
    std::size_t before = files.size();
    std::error_code error;
    for (fs::recursive_directory_iterator it(file, error), end; it != end && !error; it.increment(error))
      if (is_source(it->path()) && !fs::is_directory(it->path()))
        files.insert(absolute(it->path(), folder));
    if (files.size() == before)
      return usage_error(name + ": no C or C++ file below this folder");
  }
  CompileDatabase database;
  for (const std::string &file : files) {
    extract::Command command{file, folder.str(), {}};
    if (flags.empty() || llvm::StringRef(flags.front()).starts_with("-")) // else the first word is the compiler
      command.argv.push_back(path::extension(file) == ".c" ? "clang" : "clang++");
    command.argv.insert(command.argv.end(), flags.begin(), flags.end());
    command.argv.insert(command.argv.end(), {"-c", file});
    database.commands.push_back(std::move(command));
  }
  return database;
}

} // namespace tenterhook::driver
