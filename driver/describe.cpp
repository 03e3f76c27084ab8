// list, explain, config --show. See describe.h.
#include "driver/describe.h"
#include "config/paths.h"
#include "config/suggest.h"
#include "driver/inputs.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FormatVariadic.h"

namespace tenterhook::driver {
namespace {

void list_checks(llvm::raw_ostream &out) {
  std::size_t width = 0;
  for (const rules::RuleInfo *rule : engine::all_rules())
    width = std::max(width, llvm::StringRef(rule->name).size());
  for (const rules::RuleInfo *rule : engine::all_rules())
    out << llvm::left_justify(rule->name, width) << "  " << llvm::left_justify(rules::to_string(rule->category), 12) << "  "
        << (rule->default_on ? "on " : "off") << "  " << rule->summary << '\n';
  if (engine::all_options().empty())
    return;
  out << "\nOptions (--option NAME=VALUE, or 'options:' in " << config_file_name << "):\n";
  for (const rules::OptionInfo &option : engine::all_options())
    out << "  " << option.name << "=" << option.default_value << "\n      " << option.help << '\n';
}

// In a few words; docs/models.md has the whole of it.
std::string describe(const models::FunctionModel &model) {
  std::vector<std::string> words;
  for (const models::Blocks &blocks : model.blocks)
    words.push_back(
        ("blocks (" + models::to_string(blocks.cls) + (blocks.when.empty() ? ")" : ", depending on arguments)")).str());
  if (model.nonblocking)
    words.push_back("does not block");
  for (const models::LockClause &clause : model.locks)
    words.push_back(clause.action == models::LockAction::acquire   ? "locks"
                    : clause.action == models::LockAction::release ? "unlocks"
                                                                   : "tries to lock");
  for (const models::CallbackClause &clause : model.callbacks)
    words.push_back(clause.in_place ? "calls its argument" : "runs its argument later");
  if (model.await_resumes_on)
    words.push_back("moves the coroutine");
  if (model.runs_awaitable)
    words.push_back("waits for its awaitable");
  if (model.discard_allowed)
    words.push_back("result may be dropped");
  llvm::sort(words);
  words.erase(std::unique(words.begin(), words.end()), words.end());
  return words.empty() ? "known" : llvm::join(words, ", ");
}

std::string describe(const models::TypeModel &model) {
  std::vector<std::string> words;
  if (model.lock)
    words.push_back(model.lock->async ? "async lock" : "lock");
  if (model.guard)
    words.push_back("guard");
  if (model.tag != models::GuardTag::none)
    words.push_back("guard tag");
  if (model.executor || model.executor_from_type_arg >= 0)
    words.push_back("executor");
  if (model.destructor_blocks)
    words.push_back(("destructor blocks (" + models::to_string(model.destructor_blocks->cls) + ")").str());
  if (model.callable)
    words.push_back("callable");
  if (model.smart_pointer)
    words.push_back("pointer");
  if (model.ready)
    words.push_back(*model.ready ? "never suspends" : "always suspends");
  return words.empty() ? "known" : llvm::join(words, ", ");
}

void list_models(llvm::raw_ostream &out) {
  const models::Models &models = models::Models::builtin();
  auto line = [&](const auto *model) { out << model->library << "\t" << model->name << "\t" << describe(*model) << '\n'; };
  for (const models::FunctionModel *function : models.functions())
    line(function);
  for (const models::TypeModel *type : models.types())
    line(type);
}

std::string in_quotes(llvm::StringRef text) {
  std::string result = "'";
  for (char c : text)
    result += c == '\'' ? "''" : std::string(1, c);
  return result + "'";
}

void write_list(llvm::raw_ostream &out, llvm::StringRef key, llvm::ArrayRef<std::string> values) {
  if (values.empty()) {
    out << key << ": []\n";
    return;
  }
  out << key << ":\n";
  for (const std::string &value : values)
    out << "  - " << in_quotes(value) << '\n';
}

} // namespace

llvm::Error run_list(const Arguments &arguments, llvm::raw_ostream &out) {
  if (arguments.models)
    list_models(out);
  else
    list_checks(out);
  return llvm::Error::success();
}

llvm::Error run_explain(const Arguments &arguments, llvm::raw_ostream &out) {
  llvm::StringRef name = arguments.subject;
  name.consume_front("tenterhook-");
  for (const rules::RuleInfo *rule : engine::all_rules())
    if (name == rule->name) {
      out << llvm::StringRef(rule->help).rtrim() << '\n';
      return llvm::Error::success();
    }
  return usage_error("no check is named '" + arguments.subject + "'" +
                     did_you_mean(name, check_names(), "; `tenterhook list` names them"));
}

llvm::Error run_config(const Arguments &arguments, llvm::raw_ostream &out) {
  std::string file = absolute(arguments.subject, current_folder());
  if (!llvm::sys::fs::exists(file))
    return usage_error("no such file or folder: " + arguments.subject);
  llvm::Expected<Config> config = config_for({file}, "");
  if (!config)
    return config.takeError();
  llvm::Expected<Settings> settings = resolve(*config, {});
  if (!settings)
    return settings.takeError();
  if (llvm::Expected<models::Models> models = load_models(*config); !models)
    return models.takeError();

  out << "# " << (config->path.empty() ? "no " + config_file_name.str() + " found; defaults" : config->path) << '\n';
  write_list(out, "checks", settings->engine.rules);
  out << "options:" << (settings->engine.check_options.empty() ? " {}" : "") << '\n';
  for (const auto &[name, value] : settings->engine.check_options)
    out << "  " << name << ": " << in_quotes(value) << '\n';
  write_list(out, "allow", settings->engine.allowed);
  std::vector<std::string> model_files;
  for (const ModelSource &source : config->models)
    model_files.push_back(source.file);
  write_list(out, "models", model_files);
  write_list(out, "third-party", settings->engine.third_party);
  write_list(out, "exclude", settings->exclude);
  out << "min-confidence: " << findings::to_string(settings->min_confidence) << '\n';
  out << "fail-on: " << (settings->fail_on ? findings::to_string(*settings->fail_on) : "never") << '\n';
  return llvm::Error::success();
}

} // namespace tenterhook::driver
