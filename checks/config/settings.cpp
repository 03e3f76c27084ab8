// What a run uses: defaults, then the configuration file, then the command line. See config.h.
#include "config/config.h"
#include "config/suggest.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/GlobPattern.h"
#include <set>

namespace tenterhook::config {
namespace {

llvm::Expected<std::optional<findings::Confidence>> confidence(llvm::StringRef word, llvm::StringRef option, bool never_allowed) {
  std::vector<std::string> names;
  for (auto level : {findings::Confidence::certain, findings::Confidence::likely, findings::Confidence::possible}) {
    names.push_back(findings::to_string(level));
    if (word == names.back())
      return level;
  }
  if (never_allowed) {
    if (word == "never")
      return std::nullopt;
    names.push_back("never");
  }
  return usage_error(option + ": '" + word + "' is not one of " + llvm::join(names, ", ") + did_you_mean(word, names));
}

llvm::Error add_option(llvm::StringRef assignment, std::map<std::string, std::string> &options) {
  auto [name, value] = assignment.split('=');
  if (name.size() == assignment.size())
    return usage_error("--option " + assignment + ": write it as check.option=value");
  std::string wrong = wrong_option(name, {value.str()});
  if (!wrong.empty())
    return usage_error("--option " + assignment + ": " + wrong);
  options[name.str()] = value.str();
  return llvm::Error::success();
}

} // namespace

std::string wrong_value(const rules::OptionInfo &option, llvm::StringRef value) {
  if (option.values.empty())
    return "";
  llvm::SmallVector<llvm::StringRef, 12> words;
  value.split(words, ',', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef word : words)
    if (word = word.trim(); !word.empty() && !llvm::is_contained(option.values, word))
      return ("'" + word + "' is not one of " + llvm::join(option.values, ", ") + did_you_mean(word, option.values)).str();
  return "";
}

std::string wrong_option(llvm::StringRef name, llvm::ArrayRef<std::string> values) {
  std::vector<std::string> known;
  for (const rules::OptionInfo &option : engine::all_options()) {
    known.push_back(option.name);
    if (name != option.name)
      continue;
    for (const std::string &value : values)
      if (std::string wrong = wrong_value(option, value); !wrong.empty())
        return wrong;
    return "";
  }
  return ("unknown option '" + name + "'" + did_you_mean(name, known, "; `tenterhook list` names the options")).str();
}

std::vector<std::string> check_names() {
  std::vector<std::string> names;
  for (const rules::RuleInfo *rule : engine::all_rules())
    names.push_back(rule->name);
  return names;
}

llvm::Expected<std::vector<const rules::RuleInfo *>> select_checks(llvm::StringRef checks, llvm::StringRef place) {
  std::set<std::string> chosen;
  if (checks.trim().empty() || checks.trim().starts_with("-"))
    for (const rules::RuleInfo *rule : engine::all_rules())
      if (rule->default_on)
        chosen.insert(rule->name);
  llvm::SmallVector<llvm::StringRef, 8> globs;
  checks.split(globs, ',', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef glob : globs) {
    llvm::StringRef written = glob = glob.trim();
    if (glob.empty())
      continue;
    bool remove = glob.consume_front("-");
    glob.consume_front("tenterhook-");
    llvm::Expected<llvm::GlobPattern> pattern = llvm::GlobPattern::create(glob);
    if (!pattern)
      return usage_error(place + ": bad glob '" + written + "': " + llvm::toString(pattern.takeError()));
    bool matched = false;
    for (const std::string &name : check_names()) {
      if (!pattern->match(name))
        continue;
      matched = true;
      if (remove)
        chosen.erase(name);
      else
        chosen.insert(name);
    }
    if (!matched)
      return usage_error(place + ": no check matches '" + written + "'" +
                         did_you_mean(glob, check_names(), "; `tenterhook list` names the checks"));
  }
  std::vector<const rules::RuleInfo *> rules;
  for (const rules::RuleInfo *rule : engine::all_rules())
    if (chosen.count(rule->name))
      rules.push_back(rule);
  if (rules.empty())
    return usage_error(place + ": '" + checks + "' leaves no check to run");
  return rules;
}

llvm::Expected<Settings> resolve(const Config &config, const Overrides &overrides) {
  Settings settings;
  bool from_config = overrides.checks.empty() && !config.checks.empty();
  auto rules = select_checks(from_config ? config.checks : overrides.checks, from_config ? config.path : "--checks");
  if (!rules)
    return rules.takeError();
  settings.rules = *rules;
  for (const rules::RuleInfo *rule : settings.rules)
    settings.engine.rules.push_back(rule->name);

  settings.engine.check_options = config.options;
  for (const std::string &assignment : overrides.options)
    if (llvm::Error error = add_option(assignment, settings.engine.check_options))
      return error;
  settings.engine.allowed = config.allow;
  settings.engine.third_party = config.third_party.value_or(engine::default_third_party());
  settings.exclude = config.exclude;

  std::string least = overrides.min_confidence.empty() ? config.min_confidence.value_or("likely") : overrides.min_confidence;
  auto min_confidence = confidence(least, "--min-confidence", false);
  if (!min_confidence)
    return min_confidence.takeError();
  settings.min_confidence = **min_confidence;
  std::string fail = overrides.fail_on.empty() ? config.fail_on.value_or("likely") : overrides.fail_on;
  auto fail_on = confidence(fail, "--fail-on", true);
  if (!fail_on)
    return fail_on.takeError();
  settings.fail_on = *fail_on;
  // What makes the run fail is shown, unless the command line or the file ask for less.
  bool chosen = !overrides.min_confidence.empty() || config.min_confidence;
  if (!chosen && settings.fail_on)
    settings.min_confidence = std::min(settings.min_confidence, *settings.fail_on);
  return settings;
}

llvm::Expected<models::Models> load_models(const Config &config) {
  models::Models models = models::Models::builtin();
  for (const ModelSource &source : config.models) {
    llvm::Expected<models::Models> more = models.with(source.text, source.file);
    if (!more)
      return more.takeError();
    models = std::move(*more);
  }
  return models;
}

} // namespace tenterhook::config
