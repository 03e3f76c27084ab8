// A consumer that passes everything on. See error_listener.h.
#include "error_listener.h"

namespace tenterhook::tidy {

ErrorListener::ErrorListener(clang::DiagnosticsEngine &engine)
    : engine_(&engine), next_(engine.getClient()), owned_(engine.takeClient()) {
  engine.setClient(this, /*ShouldOwnClient=*/false);
}

// Another listener may have come to stand before this one; then it goes on passing through.
void ErrorListener::stop() {
  if (!engine_ || engine_->getClient() != this)
    return;
  const bool owns = owned_ != nullptr;
  engine_->setClient(owns ? owned_.release() : next_, owns);
  engine_ = nullptr;
}

void ErrorListener::clear() {
  DiagnosticConsumer::clear();
  next_->clear();
}

void ErrorListener::BeginSourceFile(const clang::LangOptions &language, const clang::Preprocessor *preprocessor) {
  next_->BeginSourceFile(language, preprocessor);
}

// The counts of both: whoever asks while this one listens must hear the same.
void ErrorListener::HandleDiagnostic(clang::DiagnosticsEngine::Level level, const clang::Diagnostic &info) {
  places_.note(level, info);
  next_->HandleDiagnostic(level, info);
  NumErrors = next_->getNumErrors();
  NumWarnings = next_->getNumWarnings();
}

} // namespace tenterhook::tidy
