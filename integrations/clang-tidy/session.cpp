// One extraction and as few engine runs as the settings allow. See session.h.
#include "session.h"
#include "config/config.h"
#include "config/paths.h"
#include "engine/guard.h"
#include "extract/extract.h"
#include "models/models.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"

namespace tenterhook::tidy {
namespace {

namespace path = llvm::sys::path;

// A relative name is looked for in the folder of the analysed file and above, as .clang-tidy itself is: the working
// directory is the compile command's, which no one thinks of when writing a configuration.
std::string locate(llvm::StringRef name, llvm::StringRef main_file) {
  if (path::is_absolute(name))
    return name.str();
  for (llvm::StringRef folder = path::parent_path(main_file); !folder.empty(); folder = path::parent_path(folder)) {
    llvm::SmallString<256> file(folder);
    path::append(file, name);
    if (llvm::sys::fs::exists(file))
      return file.str().str();
  }
  return "";
}

// The nearest .tenterhook.yaml above the file, as the command line reads it when it analyses that file.
llvm::Expected<config::Config> config_of(llvm::StringRef main_file) {
  std::string found = config::find_config({path::parent_path(main_file).str()});
  return found.empty() ? llvm::Expected<config::Config>(config::Config()) : config::load_config(found);
}

llvm::Expected<models::Models> load(const config::Config &config, const std::vector<std::string> &files,
                                    llvm::StringRef main_file) {
  llvm::Expected<models::Models> loaded = config::load_models(config);
  if (!loaded)
    return loaded.takeError();
  models::Models models = std::move(*loaded);
  for (const std::string &name : files) {
    std::string file = locate(name, main_file);
    if (file.empty())
      return llvm::createStringError(std::errc::no_such_file_or_directory,
                                     "option 'ModelFiles': '%s' is in no folder above %s; correct the name or write an "
                                     "absolute path",
                                     name.c_str(), main_file.str().c_str());
    auto buffer = llvm::MemoryBuffer::getFile(file, /*IsText=*/true);
    if (!buffer)
      return llvm::createStringError(buffer.getError(), "option 'ModelFiles': cannot read %s: %s", file.c_str(),
                                     buffer.getError().message().c_str());
    llvm::Expected<models::Models> more = models.with((*buffer)->getBuffer(), file);
    if (!more)
      return more.takeError();
    models = std::move(*more);
  }
  return models;
}

} // namespace

void Session::enrol(llvm::StringRef rule, const Settings &settings, const std::map<std::string, std::string> &options) {
  rules_[settings].push_back(rule.str());
  check_options_.insert(options.begin(), options.end());
}

char Crash::ID = 0;

void Session::listen(clang::DiagnosticsEngine &engine) {
  if (!errors_)
    errors_.emplace(engine);
}

void Session::start() {
  summary_.reset();
  crashed_ = false;
  findings_.clear();
}

llvm::Expected<TuFindings> Session::findings(llvm::StringRef rule, const Settings &settings, clang::ASTContext &context) {
  auto known = findings_.find(settings);
  if (known == findings_.end()) {
    known = findings_.try_emplace(settings).first; // stays empty if the run fails, so that the error is given once
    llvm::Expected<TuFindings> found = run(settings, context);
    if (!found)
      return found.takeError();
    known->second = std::move(*found);
  }
  TuFindings own{{}, known->second.min_confidence};
  llvm::copy_if(known->second.findings, std::back_inserter(own.findings),
                [&](const findings::Finding &f) { return f.rule == rule; });
  return own;
}

// On a deep stack, as on the command line; a crash of ours must not be clang-tidy's.
llvm::Error Session::guarded(const clang::ASTContext &context, llvm::function_ref<void()> work) {
  std::optional<std::string> how = engine::run_guarded(work);
  if (!how)
    return llvm::Error::success();
  crashed_ = true;
  const clang::SourceManager &sources = context.getSourceManager();
  const auto file = sources.getFileEntryRefForID(sources.getMainFileID());
  return llvm::make_error<Crash>(("tenterhook crashed on " + (file ? file->getName() : "this file") +
                                  " and says nothing of it: " + *how + "; please report this with the file")
                                     .str());
}

llvm::Expected<TuFindings> Session::run(const Settings &settings, clang::ASTContext &context) {
  if (crashed_)
    return TuFindings(); // told already
  if (!summary_) {
    if (errors_)
      errors_->stop();
    facts::TUSummary summary;
    if (llvm::Error crash = guarded(
            context, [&] { summary = extract::extract(context, extract::Options(), errors_ ? &errors_->places() : nullptr); }))
      return crash;
    summary_ = std::move(summary);
  }
  llvm::Expected<config::Config> config = config_of(summary_->main_file);
  if (!config)
    return config.takeError();
  llvm::Expected<config::Settings> resolved = config::resolve(*config, {});
  if (!resolved)
    return resolved.takeError();
  llvm::Expected<models::Models> models = load(*config, settings.model_files, summary_->main_file);
  if (!models)
    return models.takeError();

  TuFindings found{{}, resolved->min_confidence};
  std::string root = path::parent_path(config->path).str();
  if (llvm::any_of(resolved->exclude,
                   [&](const std::string &glob) { return config::matches_path(glob, summary_->main_file, root); }))
    return found;
  engine::Options options = resolved->engine;
  // clang-tidy says which checks run; the file may leave some of them out.
  std::vector<std::string> enabled = rules_.at(settings);
  if (!config->checks.empty())
    llvm::erase_if(enabled, [&](const std::string &rule) { return !llvm::is_contained(resolved->engine.rules, rule); });
  if (enabled.empty())
    return found; // to the engine an empty list means the default
  options.rules = std::move(enabled);
  options.world = rules::World::open; // other TUs may do what this one does not show
  for (const auto &[name, value] : check_options_)
    options.check_options[name] = value;
  options.allowed = settings.allowed.value_or(options.allowed);
  options.third_party = settings.third_party.value_or(options.third_party);
  if (llvm::Error crash = guarded(context, [&] { found.findings = engine::run({*summary_}, *models, options).findings; }))
    return crash;
  return found;
}

} // namespace tenterhook::tidy
