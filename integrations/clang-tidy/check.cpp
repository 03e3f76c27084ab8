// Options of a check, and when it runs. See check.h.
#include "check.h"
#include "diagnose.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/GlobPattern.h"
#include <algorithm>

namespace clang::tidy {

template <> struct OptionEnumMapping<tenterhook::findings::Confidence> {
  static llvm::ArrayRef<std::pair<tenterhook::findings::Confidence, llvm::StringRef>> getEnumMapping() {
    using enum tenterhook::findings::Confidence;
    static constexpr std::pair<tenterhook::findings::Confidence, llvm::StringRef> mapping[] = {
        {possible, "possible"}, {likely, "likely"}, {certain, "certain"}};
    return mapping;
  }
};

} // namespace clang::tidy

namespace tenterhook::tidy {
namespace {

using namespace clang::ast_matchers;

// The command line's default.
constexpr llvm::StringLiteral default_third_party = "third_party;3rdparty;vendor;external;node_modules;_deps";

// "max-depth" → "MaxDepth": clang-tidy's options are in CamelCase.
std::string camel_case(llvm::StringRef name) {
  std::string out;
  llvm::SmallVector<llvm::StringRef, 4> words;
  name.split(words, '-', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef word : words) out += llvm::toUpper(word.front()) + word.drop_front().str();
  return out;
}

std::vector<std::string> list(llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef, 8> parts;
  text.split(parts, ';', -1, /*KeepEmpty=*/false);
  std::vector<std::string> out;
  for (llvm::StringRef part : parts)
    if (part = part.trim(); !part.empty()) out.push_back(part.str());
  return out;
}

} // namespace

Check::Check(llvm::StringRef name, clang::tidy::ClangTidyContext *context, const rules::RuleInfo &rule,
             std::shared_ptr<Session> session)
    : ClangTidyCheck(name, context), rule_(rule), session_(std::move(session)) {
  std::map<std::string, std::string> engine_options;
  for (const engine::OptionInfo &option : engine::all_options()) {
    auto [check, key] = llvm::StringRef(option.name).split('.');
    if (check != rule.name) continue;
    std::string &value = own_[camel_case(key)];
    value = Options.get(camel_case(key), option.default_value).str();
    // Lists are separated by ';' in clang-tidy's options and by ',' in ours.
    std::string &engine_value = engine_options[option.name] = value;
    std::replace(engine_value.begin(), engine_value.end(), ';', ',');
  }
  auto least = Options.get<findings::Confidence>("MinConfidence");
  if (!least) least = Options.getLocalOrGlobal<findings::Confidence>("tenterhook.MinConfidence");
  least_ = least.value_or(findings::Confidence::likely);
  settings_.allowed = globs("AllowedFunctions", "");
  settings_.third_party = globs("ThirdParty", default_third_party);
  settings_.model_files = list(common("ModelFiles", ""));
  session_->enrol(rule.name, settings_, engine_options);
}

// "tenterhook-<check>.<option>", else "tenterhook.<option>", which serves all checks.
std::string Check::common(llvm::StringRef option, llvm::StringRef otherwise) const {
  if (auto own = Options.get(option)) return own->str();
  return Options.getLocalOrGlobal(("tenterhook." + option).str(), otherwise).str();
}

std::vector<std::string> Check::globs(llvm::StringRef option, llvm::StringRef otherwise) const {
  std::vector<std::string> all = list(common(option, otherwise));
  for (const std::string &glob : all)
    if (auto pattern = llvm::GlobPattern::create(glob); !pattern)
      configurationDiag("option '%0': bad glob '%1': %2", clang::DiagnosticIDs::Error)
          << option << glob << llvm::toString(pattern.takeError());
  return all;
}

void Check::storeOptions(clang::tidy::ClangTidyOptions::OptionMap &options) {
  for (const auto &[key, value] : own_) Options.store(options, key, value);
  Options.store(options, "MinConfidence", least_);
  Options.store(options, "AllowedFunctions", llvm::join(settings_.allowed, ";"));
  Options.store(options, "ThirdParty", llvm::join(settings_.third_party, ";"));
  Options.store(options, "ModelFiles", llvm::join(settings_.model_files, ";"));
}

// The TU's own declaration is matched once, when all of it is parsed.
void Check::registerMatchers(MatchFinder *finder) { finder->addMatcher(translationUnitDecl(), this); }

void Check::check(const MatchFinder::MatchResult &result) {
  llvm::Expected<std::vector<findings::Finding>> found = session_->findings(rule_.name, settings_, *result.Context);
  if (!found) {
    configurationDiag("%0", clang::DiagnosticIDs::Error) << llvm::toString(found.takeError());
    return;
  }
  for (const findings::Finding &finding : *found)
    if (finding.confidence >= least_) diagnose(*this, finding, *result.SourceManager);
}

} // namespace tenterhook::tidy
