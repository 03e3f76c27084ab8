// One clang-tidy check for each of Tenterhook's: reads its options, asks the session for its findings once the TU is
// parsed, and reports them as diagnostics. An option that .clang-tidy does not give is .tenterhook.yaml's to give.
#ifndef TENTERHOOK_INTEGRATIONS_CLANG_TIDY_CHECK_H
#define TENTERHOOK_INTEGRATIONS_CLANG_TIDY_CHECK_H

#include "clang-tidy/ClangTidyCheck.h"
#include "rules/rule_info.h"
#include "session.h"
#include <map>
#include <memory>
#include <optional>
#include <string>

namespace tenterhook::tidy {

class Check : public clang::tidy::ClangTidyCheck {
public:
  Check(llvm::StringRef name, clang::tidy::ClangTidyContext *context, const rules::RuleInfo &rule,
        std::shared_ptr<Session> session);

  void storeOptions(clang::tidy::ClangTidyOptions::OptionMap &options) override;
  void registerMatchers(clang::ast_matchers::MatchFinder *finder) override;
  void registerPPCallbacks(const clang::SourceManager &sources, clang::Preprocessor *preprocessor,
                           clang::Preprocessor *module_expander) override;
  void onStartOfTranslationUnit() override { session_->start(); }
  void check(const clang::ast_matchers::MatchFinder::MatchResult &result) override;

private:
  std::optional<std::string> common(llvm::StringRef option) const;
  std::optional<std::vector<std::string>> globs(llvm::StringRef option) const;

  const rules::RuleInfo &rule_;
  std::shared_ptr<Session> session_;
  std::map<std::string, std::string> own_; // the check's own options, by their name in clang-tidy: "Classes"
  std::optional<findings::Confidence> least_;
  Settings settings_;
};

} // namespace tenterhook::tidy

#endif
