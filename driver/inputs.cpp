// What a run starts from. See inputs.h.
#include "driver/inputs.h"
#include "config/paths.h"
#include "config/suggest.h"
#include "driver/gcc_includes.h"
#include "facts/codec.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

namespace tenterhook::driver {
namespace {

void note(std::vector<Trouble> &notes, const CompileDatabase &database, unsigned count, const char *what) {
  if (count)
    notes.push_back({Trouble::note, database.path, (llvm::Twine(count) + " " + what).str()});
}

std::vector<Trouble> notes_of(const CompileDatabase &database) {
  std::vector<Trouble> notes;
  note(notes, database, database.duplicates, "repeated entries were merged");
  note(notes, database, database.alternatives,
       "entries compile a file again with other flags; the first command of each file was analysed");
  note(notes, database, database.not_c, "entries are not C or C++ and were left out");
  if (!database.others.empty())
    notes.push_back(
        {Trouble::note, database.path,
         "used as the compilation database; " + llvm::join(database.others, ", ") + " would serve too; choose with -p"});
  return notes;
}

} // namespace

llvm::Expected<CompileDatabase> find_database(const Arguments &arguments) {
  std::string here = current_folder();
  if (arguments.has_compiler_flags)
    return database_from_flags(arguments.files, arguments.compiler_flags, here);
  for (const std::string &name : arguments.files) // a misspelt name is the likelier mistake, so it is told first
    if (!llvm::sys::fs::exists(absolute(name, here)) && arguments.build.empty())
      return usage_error("no such file or folder: " + name);
  std::vector<std::string> starts; // the files' own project first: the caller may stand anywhere
  for (const std::string &name : arguments.files) {
    std::string file = absolute(name, here);
    starts.push_back(llvm::sys::fs::is_directory(file) ? file : llvm::sys::path::parent_path(file).str());
  }
  starts.push_back(here);
  return load_database(arguments.build, starts);
}

llvm::Expected<facts::TUSummary> load_facts(const std::string &name) {
  auto buffer = llvm::MemoryBuffer::getFile(name, /*IsText=*/false, /*RequiresNullTerminator=*/false);
  if (!buffer)
    return usage_error(name + ": cannot read: " + buffer.getError().message());
  return facts::decode((*buffer)->getBuffer(), name);
}

llvm::Expected<Config> config_for(llvm::ArrayRef<std::string> files, const std::string &given) {
  if (!given.empty())
    return load_config(absolute(given, current_folder()));
  std::string found = find_config({current_folder(), common_folder(files)});
  return found.empty() ? llvm::Expected<Config>(Config()) : load_config(found);
}

llvm::Expected<Inputs> load_inputs(const Arguments &arguments) {
  std::string here = current_folder();
  Inputs inputs;
  std::vector<std::string> named;
  std::size_t all = 0;       // TUs of the database
  std::string database_path; // empty: stored facts, or flags after "--"
  auto stored = [](const std::string &name) { return is_facts_file(name); };
  if (!arguments.files.empty() && llvm::all_of(arguments.files, stored)) { // what `tenterhook facts -o` wrote
    for (const std::string &name : arguments.files) {
      named.push_back(absolute(name, here));
      inputs.commands.push_back({named.back(), here, {}});
    }
    llvm::sort(inputs.commands, [](const auto &a, const auto &b) { return a.file < b.file; });
  } else {
    if (llvm::any_of(arguments.files, stored))
      return usage_error("sources and .facts files are not mixed in one run; store the facts of all, or of none");
    llvm::Expected<CompileDatabase> database = find_database(arguments);
    if (!database)
      return database.takeError();
    inputs.notes = notes_of(*database);
    database_path = database->path;
    auto commands = arguments.has_compiler_flags ? llvm::Expected<std::vector<extract::Command>>(database->commands)
                                                 : select(*database, arguments.files, here, &named);
    if (!commands)
      return commands.takeError();
    inputs.commands = std::move(*commands);
    all = database->commands.size();
  }

  std::vector<std::string> files;
  for (const extract::Command &command : inputs.commands)
    files.push_back(command.file);
  llvm::Expected<Config> config = config_for(files, arguments.config);
  if (!config)
    return config.takeError();
  inputs.config = std::move(*config);
  llvm::Expected<Settings> settings = resolve(inputs.config, arguments.overrides);
  if (!settings)
    return settings.takeError();
  inputs.settings = std::move(*settings);
  if (inputs.commands.size() < all) { // what the configuration excludes is no part of the program; what was not named is
    inputs.settings.engine.world = rules::World::open;
    inputs.notes.push_back({Trouble::note, database_path,
                            llvm::formatv("{0} of {1} translation units were looked at; what hangs on the others is 'possible' "
                                          "at most (--min-confidence possible shows it)",
                                          inputs.commands.size(), all)
                                .str()});
  }
  llvm::Expected<models::Models> models = load_models(inputs.config);
  if (!models)
    return models.takeError();
  inputs.models = std::move(*models);

  // A file that is named on the command line is analysed even if the configuration leaves its folder out.
  std::string config_root = inputs.config.path.empty() ? here : llvm::sys::path::parent_path(inputs.config.path).str();
  llvm::erase_if(inputs.commands, [&](const extract::Command &command) {
    return !llvm::is_contained(named, command.file) && llvm::any_of(inputs.settings.exclude, [&](const std::string &glob) {
      return matches_path(glob, command.file, config_root);
    });
  });
  if (inputs.commands.empty())
    return usage_error(inputs.config.path + ": 'exclude' leaves no file to analyse");

  add_gcc_includes(inputs.commands, database_path, inputs.notes);

  inputs.root = arguments.root.empty() ? here : absolute(arguments.root, here);
  bool any_below = llvm::any_of(files, [&](const std::string &file) { return is_below(file, inputs.root); });
  if (arguments.root.empty() && !any_below)
    inputs.root = common_folder(files);
  return inputs;
}

} // namespace tenterhook::driver
