// .tenterhook.yaml and what a host adds to it: the command line its flags, the clang-tidy plugin .clang-tidy's options.
//
// Config is what a file says; Settings is what a run uses: defaults, then the file, then the overrides. Every
// mistake is an error with file, line and the nearest right name: a setting that is silently ignored is worse than none.
#ifndef TENTERHOOK_CHECKS_CONFIG_CONFIG_H
#define TENTERHOOK_CHECKS_CONFIG_CONFIG_H

#include "engine/engine.h"
#include "findings/finding.h"
#include "models/models.h"
#include "llvm/ADT/ArrayRef.h"
#include "llvm/Support/Error.h"
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tenterhook::config {

inline constexpr llvm::StringLiteral config_file_name = ".tenterhook.yaml";

struct ModelSource { // the text of a models file; inline descriptors keep their place in the configuration file
  std::string text, file;
};

struct Config {
  std::string path; // empty: no file
  std::string checks;
  std::map<std::string, std::string> options; // "check.option" → value
  std::vector<std::string> allow;
  std::vector<ModelSource> models;
  std::optional<std::vector<std::string>> third_party;
  std::optional<std::string> fail_on, min_confidence;
  std::vector<std::string> exclude;
};

// The configuration that serves files in `starts`: the first .tenterhook.yaml found in one of these folders or above.
// Empty: there is none.
std::string find_config(llvm::ArrayRef<std::string> starts);
llvm::Expected<Config> load_config(llvm::StringRef path);
llvm::Expected<Config> parse_config(llvm::StringRef text, llvm::StringRef path);

// What a command line says about the same things; empty strings: nothing.
struct Overrides {
  std::string checks, fail_on, min_confidence;
  std::vector<std::string> options; // "check.option=value"
};

struct Settings {
  std::vector<const rules::RuleInfo *> rules; // those that run, by name
  engine::Options engine;
  std::optional<findings::Confidence> fail_on; // absent: never
  findings::Confidence min_confidence = findings::Confidence::likely;
  std::vector<std::string> exclude;
};

llvm::Expected<Settings> resolve(const Config &config, const Overrides &overrides);
llvm::Expected<models::Models> load_models(const Config &config);

// `checks` as in "lock-*,-discarded-awaitable": globs add, globs after "-" remove, from left to right. A list that
// begins with "-" starts from the checks that are on by default. `place` begins the error.
llvm::Expected<std::vector<const rules::RuleInfo *>> select_checks(llvm::StringRef checks, llvm::StringRef place);

std::vector<std::string> check_names();

// What is wrong with the value of an option, or with a "check.option" and its values, as the rest of a message that
// begins with the place; empty: nothing.
std::string wrong_value(const rules::OptionInfo &option, llvm::StringRef value);
std::string wrong_option(llvm::StringRef name, llvm::ArrayRef<std::string> values);

} // namespace tenterhook::config

#endif
