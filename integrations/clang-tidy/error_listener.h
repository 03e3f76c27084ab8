// Hears the compiler's errors while clang-tidy parses, for their places: what Clang could not parse it drops from the
// tree without a trace. Everything goes on to clang-tidy's own consumer, which is put back when the TU is parsed.
#ifndef TENTERHOOK_INTEGRATIONS_CLANG_TIDY_ERROR_LISTENER_H
#define TENTERHOOK_INTEGRATIONS_CLANG_TIDY_ERROR_LISTENER_H

#include "extract/broken.h"
#include "clang/Basic/Diagnostic.h"

namespace tenterhook::tidy {

class ErrorListener : public clang::DiagnosticConsumer {
public:
  // Stands before the consumer of `engine`, which must outlive this object or see stop() called.
  explicit ErrorListener(clang::DiagnosticsEngine &engine);
  ~ErrorListener() override { stop(); }
  ErrorListener(const ErrorListener &) = delete;
  ErrorListener &operator=(const ErrorListener &) = delete;

  void stop();
  const extract::ErrorPlaces &places() const { return places_; }

  void clear() override;
  void BeginSourceFile(const clang::LangOptions &language, const clang::Preprocessor *preprocessor) override;
  void EndSourceFile() override { next_->EndSourceFile(); }
  void finish() override { next_->finish(); }
  bool IncludeInDiagnosticCounts() const override { return next_->IncludeInDiagnosticCounts(); }
  void HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic &info) override;

private:
  clang::DiagnosticsEngine *engine_;
  clang::DiagnosticConsumer *next_;
  std::unique_ptr<clang::DiagnosticConsumer> owned_; // next_, if the engine owned it
  extract::ErrorPlaces places_;
};

} // namespace tenterhook::tidy

#endif
