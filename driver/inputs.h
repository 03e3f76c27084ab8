// What a run starts from: the commands to analyse and the settings to analyse them with.
#ifndef TENTERHOOK_DRIVER_INPUTS_H
#define TENTERHOOK_DRIVER_INPUTS_H

#include "config/config.h"
#include "driver/arguments.h"
#include "driver/compile_database.h"

namespace tenterhook::driver {

struct Inputs {
  std::vector<extract::Command> commands; // sorted by file
  Config config;
  Settings settings;
  models::Models models;
  std::string root;           // of the paths in reports
  std::vector<Trouble> notes; // what was left out of the database, and why
};

llvm::Expected<Inputs> load_inputs(const Arguments &arguments);

// The database that `arguments` ask for, by -p, by search or by flags after "--".
llvm::Expected<CompileDatabase> find_database(const Arguments &arguments);

// A TU's facts, stored: `tenterhook check` takes them in place of sources.
inline bool is_facts_file(llvm::StringRef name) { return name.ends_with(".facts"); }
llvm::Expected<facts::TUSummary> load_facts(const std::string &name);

// The configuration that serves `files`; --config wins.
llvm::Expected<Config> config_for(llvm::ArrayRef<std::string> files, const std::string &given);

} // namespace tenterhook::driver

#endif
