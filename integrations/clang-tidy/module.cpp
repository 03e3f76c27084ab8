// The clang-tidy module: a check "tenterhook-<name>" for each rule of the engine.
//
// The library is linked to neither Clang nor LLVM: their symbols are those of the clang-tidy that loads it, so a second
// copy can never be in the process. A clang-tidy of another version may happen to have all of these symbols; it is
// recognised by its version when the library is loaded, and gets no module.
#include "check.h"
#include "clang-tidy/ClangTidyModule.h"
#include "engine/engine.h"
#include "llvm-c/Core.h"
#include "llvm/Config/llvm-config.h"
#include "llvm/Support/raw_ostream.h"
#include <map>
#include <memory>
#include <optional>

namespace tenterhook::tidy {
namespace {

// The session of the checks that `context` has at present. Those of one TU are created together and destroyed together,
// so the next TU's get a new one.
class Sessions {
public:
  std::shared_ptr<Session> of(clang::tidy::ClangTidyContext *context) {
    std::weak_ptr<Session> &known = sessions_[context];
    std::shared_ptr<Session> session = known.lock();
    if (!session)
      known = session = std::make_shared<Session>();
    return session;
  }

private:
  std::map<clang::tidy::ClangTidyContext *, std::weak_ptr<Session>> sessions_;
};

class Module : public clang::tidy::ClangTidyModule {
public:
  void addCheckFactories(clang::tidy::ClangTidyCheckFactories &factories) override {
    auto sessions = std::make_shared<Sessions>();
    for (const rules::RuleInfo *rule : engine::all_rules())
      factories.registerCheckFactory(std::string("tenterhook-") + rule->name,
                                     [rule, sessions](llvm::StringRef name, clang::tidy::ClangTidyContext *context) {
                                       return std::make_unique<Check>(name, context, *rule, sessions->of(context));
                                     });
  }
};

class Registration {
public:
  Registration() {
    unsigned major = 0, minor = 0, patch = 0;
    LLVMGetVersion(&major, &minor, &patch); // of the host's LLVM
    if (major == LLVM_VERSION_MAJOR && minor == LLVM_VERSION_MINOR)
      module_.emplace("tenterhook-module", "Blocked event loops, locks held across co_await, lost tasks.");
    else
      llvm::errs() << "libtenterhook_tidy.so: error: built for clang-tidy " << LLVM_VERSION_MAJOR << '.' << LLVM_VERSION_MINOR
                   << ", but this is clang-tidy " << major << '.' << minor << "; its checks are not loaded. Use clang-tidy-"
                   << LLVM_VERSION_MAJOR << ", or build the plugin with TENTERHOOK_LLVM set to this version's prefix.\n";
  }

private:
  std::optional<clang::tidy::ClangTidyModuleRegistry::Add<Module>> module_;
};

const Registration registration;

} // namespace
} // namespace tenterhook::tidy
