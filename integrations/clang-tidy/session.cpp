// One extraction and as few engine runs as the settings allow. See session.h.
#include "session.h"
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
  if (path::is_absolute(name)) return name.str();
  for (llvm::StringRef folder = path::parent_path(main_file); !folder.empty(); folder = path::parent_path(folder)) {
    llvm::SmallString<256> file(folder);
    path::append(file, name);
    if (llvm::sys::fs::exists(file)) return file.str().str();
  }
  return "";
}

llvm::Expected<models::Models> load(const std::vector<std::string> &files, llvm::StringRef main_file) {
  models::Models models = models::Models::builtin();
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
    if (!more) return more.takeError();
    models = std::move(*more);
  }
  return models;
}

} // namespace

void Session::enrol(llvm::StringRef rule, const Settings &settings, const std::map<std::string, std::string> &options) {
  rules_[settings].push_back(rule.str());
  check_options_.insert(options.begin(), options.end());
}

void Session::start() {
  summary_.reset();
  findings_.clear();
}

llvm::Expected<std::vector<findings::Finding>> Session::findings(llvm::StringRef rule, const Settings &settings,
                                                                 clang::ASTContext &context) {
  auto known = findings_.find(settings);
  if (known == findings_.end()) {
    known = findings_.try_emplace(settings).first; // stays empty if the run fails, so that the error is given once
    auto found = run(settings, context);
    if (!found) return found.takeError();
    known->second = std::move(*found);
  }
  std::vector<findings::Finding> own;
  llvm::copy_if(known->second, std::back_inserter(own), [&](const findings::Finding &f) { return f.rule == rule; });
  return own;
}

llvm::Expected<std::vector<findings::Finding>> Session::run(const Settings &settings, clang::ASTContext &context) {
  if (!summary_) summary_ = extract::extract(context, extract::Options());
  llvm::Expected<models::Models> models = load(settings.model_files, summary_->main_file);
  if (!models) return models.takeError();
  engine::Options options;
  options.rules = rules_.at(settings);
  options.world = rules::World::open; // other TUs may do what this one does not show
  options.check_options = check_options_;
  options.allowed = settings.allowed;
  options.third_party = settings.third_party;
  return engine::run({*summary_}, *models, options).findings;
}

} // namespace tenterhook::tidy
