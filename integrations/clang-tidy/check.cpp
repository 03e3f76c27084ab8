// Options of a check, and when it runs. See check.h.
#include "check.h"
#include "config/config.h"
#include "diagnose.h"
#include "clang/Lex/Preprocessor.h"
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

// "max-depth" → "MaxDepth": clang-tidy's options are in CamelCase.
std::string camel_case(llvm::StringRef name) {
  std::string out;
  llvm::SmallVector<llvm::StringRef, 4> words;
  name.split(words, '-', -1, /*KeepEmpty=*/false);
  for (llvm::StringRef word : words)
    out += llvm::toUpper(word.front()) + word.drop_front().str();
  return out;
}

std::vector<std::string> list(llvm::StringRef text) {
  llvm::SmallVector<llvm::StringRef, 8> parts;
  text.split(parts, ';', -1, /*KeepEmpty=*/false);
  std::vector<std::string> out;
  for (llvm::StringRef part : parts)
    if (part = part.trim(); !part.empty())
      out.push_back(part.str());
  return out;
}

} // namespace

Check::Check(llvm::StringRef name, clang::tidy::ClangTidyContext *context, const rules::RuleInfo &rule,
             std::shared_ptr<Session> session)
    : ClangTidyCheck(name, context), rule_(rule), session_(std::move(session)) {
  std::map<std::string, std::string> engine_options;
  for (const rules::OptionInfo &option : engine::all_options()) {
    auto [check, key] = llvm::StringRef(option.name).split('.');
    if (check != rule.name)
      continue;
    std::optional<llvm::StringRef> given = Options.get(camel_case(key));
    own_[camel_case(key)] = given.value_or(option.default_value).str();
    if (!given)
      continue; // .tenterhook.yaml may say more
    // Lists are separated by ';' in clang-tidy's options and by ',' in ours.
    std::string value = given->str();
    std::replace(value.begin(), value.end(), ';', ',');
    if (std::string wrong = config::wrong_value(option, value); wrong.empty())
      engine_options[option.name] = value;
    else
      configurationDiag("option '%0.%1': %2", clang::DiagnosticIDs::Error) << name << camel_case(key) << wrong;
  }
  least_ = Options.get<findings::Confidence>("MinConfidence");
  if (!least_)
    least_ = Options.getLocalOrGlobal<findings::Confidence>("tenterhook.MinConfidence");
  settings_.allowed = globs("AllowedFunctions");
  settings_.third_party = globs("ThirdParty");
  settings_.model_files = list(common("ModelFiles").value_or(""));
  session_->enrol(rule.name, settings_, engine_options);
}

// "tenterhook-<check>.<option>", else "tenterhook.<option>", which serves all checks.
std::optional<std::string> Check::common(llvm::StringRef option) const {
  auto value = Options.get(option);
  if (!value)
    value = Options.getLocalOrGlobal(("tenterhook." + option).str());
  return value ? std::optional(value->str()) : std::nullopt;
}

std::optional<std::vector<std::string>> Check::globs(llvm::StringRef option) const {
  std::optional<std::string> text = common(option);
  if (!text)
    return std::nullopt;
  std::vector<std::string> all = list(*text);
  for (const std::string &glob : all)
    if (auto pattern = llvm::GlobPattern::create(glob); !pattern)
      configurationDiag("option '%0': bad glob '%1': %2", clang::DiagnosticIDs::Error)
          << option << glob << llvm::toString(pattern.takeError());
  return all;
}

void Check::storeOptions(clang::tidy::ClangTidyOptions::OptionMap &options) {
  for (const auto &[key, value] : own_)
    Options.store(options, key, value);
  Options.store(options, "MinConfidence", least_.value_or(findings::Confidence::likely));
  Options.store(options, "AllowedFunctions", llvm::join(settings_.allowed.value_or(std::vector<std::string>()), ";"));
  Options.store(options, "ThirdParty", llvm::join(settings_.third_party.value_or(engine::default_third_party()), ";"));
  Options.store(options, "ModelFiles", llvm::join(settings_.model_files, ";"));
}

// The last moment before the parse. Nothing is asked of the preprocessor but its diagnostics.
void Check::registerPPCallbacks(const clang::SourceManager &, clang::Preprocessor *preprocessor, clang::Preprocessor *) {
  session_->listen(preprocessor->getDiagnostics());
}

// The TU's own declaration is matched once, when all of it is parsed.
void Check::registerMatchers(MatchFinder *finder) { finder->addMatcher(translationUnitDecl(), this); }

void Check::check(const MatchFinder::MatchResult &result) {
  llvm::Expected<TuFindings> found = session_->findings(rule_.name, settings_, *result.Context);
  if (!found) {
    const bool crashed = found.errorIsA<Crash>();
    configurationDiag("%0", crashed ? clang::DiagnosticIDs::Warning : clang::DiagnosticIDs::Error)
        << llvm::toString(found.takeError());
    return;
  }
  for (const findings::Finding &finding : found->findings)
    if (finding.confidence >= least_.value_or(found->min_confidence))
      diagnose(*this, finding, *result.SourceManager);
}

} // namespace tenterhook::tidy
