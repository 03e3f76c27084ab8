// What the checks of one translation unit share: one extraction, and one engine run for each distinct set of settings
// (nearly always one). clang-tidy creates the checks anew for every TU, so a session lives as long as they do.
//
// clang-tidy works on one TU at a time in one thread; nothing here is synchronised.
#ifndef TENTERHOOK_INTEGRATIONS_CLANG_TIDY_SESSION_H
#define TENTERHOOK_INTEGRATIONS_CLANG_TIDY_SESSION_H

#include "engine/engine.h"
#include "error_listener.h"
#include "facts/tu_summary.h"
#include "findings/finding.h"
#include "clang/AST/ASTContext.h"
#include "llvm/ADT/STLFunctionalExtras.h"
#include "llvm/ADT/StringRef.h"
#include "llvm/Support/Error.h"
#include <compare>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace tenterhook::tidy {

// The options that every check has, as .clang-tidy gives them; absent: as .tenterhook.yaml or the default says. Checks
// that differ in them do not share an engine run.
struct Settings {
  std::optional<std::vector<std::string>> allowed, third_party;
  std::vector<std::string> model_files; // besides the models of .tenterhook.yaml
  auto operator<=>(const Settings &) const = default;
};

struct TuFindings {
  std::vector<findings::Finding> findings;
  findings::Confidence min_confidence = findings::Confidence::likely; // unless .clang-tidy says otherwise
};

// The analysis crashed. The TU has no findings; clang-tidy goes on.
class Crash : public llvm::ErrorInfo<Crash> {
public:
  explicit Crash(std::string message) : message_(std::move(message)) {}
  void log(llvm::raw_ostream &out) const override { out << message_; }
  std::error_code convertToErrorCode() const override { return std::make_error_code(std::errc::interrupted); }
  static char ID;

private:
  std::string message_;
};

class Session {
public:
  // Called by each enabled check, before the first TU. `options` are the check's own, "check.option" → value.
  void enrol(llvm::StringRef rule, const Settings &settings, const std::map<std::string, std::string> &options);

  // Called by each check before the parse: from here on errors are heard, once for all checks.
  void listen(clang::DiagnosticsEngine &engine);

  // A TU begins: what was known of another is dropped.
  void start();

  // What `rule` says of this TU. The work is done for the first check that asks. An error (a configuration or a model
  // file that cannot be used, a Crash) is given to the first check that asks with these settings; the others then have no
  // findings.
  llvm::Expected<TuFindings> findings(llvm::StringRef rule, const Settings &settings, clang::ASTContext &context);

private:
  llvm::Error guarded(const clang::ASTContext &context, llvm::function_ref<void()> work);
  llvm::Expected<TuFindings> run(const Settings &settings, clang::ASTContext &context);

  std::map<Settings, std::vector<std::string>> rules_; // that are enabled with these settings
  std::map<std::string, std::string> check_options_;
  std::optional<ErrorListener> errors_;
  std::optional<facts::TUSummary> summary_;
  bool crashed_ = false;
  std::map<Settings, TuFindings> findings_;
};

} // namespace tenterhook::tidy

#endif
