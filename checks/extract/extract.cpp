// The door: configures Clang for one file, parses it and hands the AST to the walk.
//
// Everything here is per call: no global state but LLVM's own, no chdir, no outputs. Function bodies of system headers
// are skipped while parsing, which halves the time of a parse of template-heavy code. A header that does not exist is an
// error like others: after a fatal one Clang instantiates nothing, and the rest of the TU would be lost with it.
#include "extract/extract.h"
#include "extract/broken.h"
#include "extract/command_line.h"
#include "extract/declarations.h"
#include "extract/suppressions.h"
#include "clang/Basic/DiagnosticLex.h"
#include "clang/Basic/TargetInfo.h"
#include "clang/Driver/CreateInvocationFromArgs.h"
#include "clang/Frontend/CompilerInstance.h"
#include "clang/Frontend/CompilerInvocation.h"
#include "clang/Frontend/FrontendAction.h"
#include "clang/Lex/PreprocessorOptions.h"
#include "llvm/ADT/StringSet.h"
#include "llvm/Support/Path.h"
#include <ctime>

using namespace clang;

namespace tenterhook::extract {
namespace {

constexpr std::size_t max_errors = 200; // kept of one TU

double cpu_seconds() {
  timespec now{};
  clock_gettime(CLOCK_THREAD_CPUTIME_ID, &now);
  return static_cast<double>(now.tv_sec) + static_cast<double>(now.tv_nsec) * 1e-9;
}

struct RawDiagnostic {
  std::string file, message;
  std::uint32_t line = 0, column = 0;
};

class Errors : public DiagnosticConsumer {
public:
  void HandleDiagnostic(DiagnosticsEngine::Level level, const clang::Diagnostic &info) override {
    DiagnosticConsumer::HandleDiagnostic(level, info);
    places.note(level, info);
    if (level < DiagnosticsEngine::Error || list.size() >= max_errors)
      return;
    RawDiagnostic out;
    llvm::SmallString<128> text;
    info.FormatDiagnostic(text);
    out.message = std::string(text);
    if (info.hasSourceManager() && info.getLocation().isValid()) {
      const SourceManager &sources = info.getSourceManager();
      const SourceLocation loc = sources.getFileLoc(info.getLocation());
      if (OptionalFileEntryRef entry = sources.getFileEntryRefForID(sources.getFileID(loc))) {
        llvm::SmallString<128> path(entry->getName());
        sources.getFileManager().makeAbsolutePath(path);
        llvm::sys::path::remove_dots(path, true);
        out.file = std::string(path);
        out.line = sources.getSpellingLineNumber(loc);
        out.column = sources.getSpellingColumnNumber(loc);
      }
    }
    list.push_back(std::move(out));
  }
  std::vector<RawDiagnostic> list;
  ErrorPlaces places;
};

// Files that are not system headers, in the order in which the parser entered them, and their NOLINT comments.
void add_files(EntityNamer &namer, facts::TUSummary &summary) {
  const SourceManager &sources = namer.places().sources();
  llvm::StringSet<> seen;
  auto add = [&](FileID id) {
    const std::string path = namer.places().path(id);
    if (path.empty() || !seen.insert(path).second)
      return;
    const facts::StringId file = namer.strings().id(path);
    summary.files.push_back(file);
    if (std::optional<llvm::StringRef> text = sources.getBufferDataOrNone(id))
      add_suppressions(*text, file, namer.strings(), summary);
  };
  summary.main_file = namer.places().path(sources.getMainFileID());
  add(sources.getMainFileID());
  for (unsigned i = 0; i < sources.local_sloc_entry_size(); ++i) {
    const SrcMgr::SLocEntry &entry = sources.getLocalSLocEntry(i);
    if (!entry.isFile() || SrcMgr::isSystem(entry.getFile().getFileCharacteristic()))
      continue;
    add(sources.getFileID(SourceLocation::getFromRawEncoding(entry.getOffset())));
  }
}

facts::TUSummary summarise(ASTContext &context, const Options &options, const ErrorPlaces *errors) {
  facts::TUSummary summary;
  EntityNamer namer(context, summary);
  add_files(namer, summary);
  const Broken broken(context, errors);
  Declarations(namer, broken, options, summary).walk();
  namer.finish();
  return summary;
}

class Consumer : public ASTConsumer {
public:
  Consumer(const Options &options, const ErrorPlaces &errors, Result &result)
      : options_(options), errors_(errors), result_(result) {}

  void Initialize(ASTContext &context) override { sources_ = &context.getSourceManager(); }
  bool shouldSkipFunctionBody(Decl *decl) override {
    if (const FunctionDecl *fn = decl->getAsFunction(); fn && fn->getIdentifier() && fn->getName() == "await_ready")
      return false; // a line each, and it tells whether an await suspends
    return sources_->isInSystemHeader(sources_->getExpansionLoc(decl->getLocation()));
  }
  void HandleTranslationUnit(ASTContext &context) override {
    const double start = options_.time_phases ? cpu_seconds() : 0;
    result_.summary = summarise(context, options_, &errors_);
    if (options_.time_phases)
      result_.times.extract = cpu_seconds() - start;
    reached_end = true;
  }
  bool reached_end = false;

private:
  const Options &options_;
  const ErrorPlaces &errors_;
  Result &result_;
  const SourceManager *sources_ = nullptr;
};

class Action : public ASTFrontendAction {
public:
  Action(const Options &options, const ErrorPlaces &errors, Result &result, bool &reached_end)
      : options_(options), errors_(errors), result_(result), reached_end_(reached_end) {}
  std::unique_ptr<ASTConsumer> CreateASTConsumer(CompilerInstance &instance, llvm::StringRef) override {
    instance.getDiagnostics().setSeverity(diag::err_pp_file_not_found, diag::Severity::Error, SourceLocation());
    auto consumer = std::make_unique<Consumer>(options_, errors_, result_);
    consumer_ = consumer.get();
    return consumer;
  }
  void EndSourceFileAction() override { reached_end_ = consumer_ && consumer_->reached_end; }

private:
  const Options &options_;
  const ErrorPlaces &errors_;
  Result &result_;
  bool &reached_end_;
  Consumer *consumer_ = nullptr;
};

// What the project's compiler takes for a warning is no error here. Clang itself obeys the command's flags. Other
// compilers draw the line elsewhere, so of theirs every error that a flag could switch off is off; of C's, those that
// Clang added lately are off for all.
void set_errors(DiagnosticOptions &diagnostics, Language language, llvm::StringRef compiler,
                const std::vector<std::string> &argv) {
  std::vector<std::string> flags;
  const bool is_clang = llvm::sys::path::filename(compiler).contains("clang");
  if (!is_clang || llvm::is_contained(argv, "-fpermissive"))
    flags.emplace_back("no-everything");
  if (language == Language::C)
    for (const char *group :
         {"implicit-function-declaration", "implicit-int", "int-conversion", "incompatible-pointer-types", "return-mismatch"})
      flags.push_back(std::string("no-error=") + group);
  for (std::string &flag : diagnostics.Warnings)
    if (flag != "fatal-errors")
      flags.push_back(std::move(flag));
  diagnostics.Warnings = std::move(flags);
}

// Syntax only, no outputs, no plugins, no precompiled headers of others, no warnings.
void restrict(CompilerInvocation &invocation, const Command &command) {
  FrontendOptions &frontend = invocation.getFrontendOpts();
  frontend.ProgramAction = frontend::ParseSyntaxOnly;
  frontend.SkipFunctionBodies = true;
  frontend.DisableFree = false;
  frontend.OutputFile.clear();
  frontend.Plugins.clear();
  frontend.AddPluginActions.clear();
  frontend.PluginArgs.clear();
  frontend.LLVMArgs.clear();
  frontend.StatsFile.clear();
  invocation.getDependencyOutputOpts() = DependencyOutputOptions();
  invocation.getFileSystemOpts().WorkingDir = command.directory;
  DiagnosticOptions &diagnostics = invocation.getDiagnosticOpts();
  diagnostics.IgnoreWarnings = true; // but not the flags: some turn errors into warnings
  diagnostics.Remarks.clear();
  diagnostics.ErrorLimit = 0;
  diagnostics.ShowCarets = false; // with them, Clang prints "1 error generated."
  diagnostics.DiagnosticSerializationFile.clear();
  diagnostics.VerifyDiagnostics = false;
  PreprocessorOptions &preprocessor = invocation.getPreprocessorOpts();
  if (!preprocessor.ImplicitPCHInclude.empty()) {
    llvm::StringRef header = preprocessor.ImplicitPCHInclude; // X.hxx.pch is made of X.hxx
    if ((header.consume_back(".pch") || header.consume_back(".gch")) && !llvm::is_contained(preprocessor.Includes, header))
      preprocessor.Includes.insert(preprocessor.Includes.begin(), header.str());
    preprocessor.ImplicitPCHInclude.clear();
  }
}

// A processor that only the other compiler knows must not stop the parse: what a source means hardly depends on it.
void forget_unknown_processor(CompilerInvocation &invocation, llvm::vfs::FileSystem &vfs, std::vector<std::string> &dropped) {
  TargetOptions tried = invocation.getTargetOpts(); // CreateTargetInfo writes to it
  Errors errors;
  DiagnosticOptions options;
  auto diagnostics = CompilerInstance::createDiagnostics(vfs, options, &errors, /*ShouldOwnClient=*/false);
  const llvm::IntrusiveRefCntPtr<TargetInfo> target(TargetInfo::CreateTargetInfo(*diagnostics, tried));
  if (target)
    return;
  TargetOptions &target_options = invocation.getTargetOpts();
  target_options.CPU.clear();
  target_options.TuneCPU.clear();
  target_options.FeaturesAsWritten.clear();
  for (const RawDiagnostic &error : errors.list)
    dropped.push_back(error.message);
}

bool is_utf16(llvm::StringRef source) { return source.starts_with("\xff\xfe") || source.starts_with("\xfe\xff"); }

llvm::Error unreadable(const Command &command, const Errors &errors, llvm::StringRef otherwise) {
  const std::string why = errors.list.empty() ? otherwise.str() : errors.list.front().message;
  return llvm::createStringError(std::errc::invalid_argument, "%s: cannot read this compile command: %s", command.file.c_str(),
                                 why.c_str());
}

} // namespace

bool BodyRegistry::has(const facts::EntityName &name, std::uint64_t hash) const {
  std::lock_guard lock(mutex_);
  return bodies_.contains({name, hash});
}

void BodyRegistry::publish(const facts::TUSummary &summary) {
  std::lock_guard lock(mutex_);
  for (const facts::Function &function : summary.functions)
    bodies_.emplace(summary.entities[function.entity].name, function.body_hash);
}

facts::TUSummary extract(ASTContext &context, const Options &options, const ErrorPlaces *errors) {
  return summarise(context, options, errors);
}

llvm::Expected<Result> extract(const Command &command, const Options &options,
                               llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem> vfs) {
  llvm::Expected<AdjustedCommand> adjusted = adjust(command);
  if (!adjusted)
    return adjusted.takeError();
  if (!command.directory.empty())
    vfs->setCurrentWorkingDirectory(command.directory); // a missing one shows below
  if (!vfs->exists(command.file))
    return llvm::createStringError(std::errc::no_such_file_or_directory, "%s: no such file; rebuild the compilation database",
                                   command.file.c_str());
  // Clang (22.1) says that it cannot read it, and then crashes.
  if (auto source = vfs->getBufferForFile(command.file); source && is_utf16((*source)->getBuffer()))
    return llvm::createStringError(std::errc::illegal_byte_sequence,
                                   "%s: is UTF-16, which Clang does not read; convert it to UTF-8", command.file.c_str());

  Errors errors;
  DiagnosticOptions driver_options;
  driver_options.IgnoreWarnings = true;
  auto driver_diagnostics = CompilerInstance::createDiagnostics(*vfs, driver_options, &errors, /*ShouldOwnClient=*/false);
  std::vector<const char *> argv;
  for (const std::string &arg : adjusted->argv)
    argv.push_back(arg.c_str());
  CreateInvocationOptions create;
  create.Diags = driver_diagnostics;
  create.VFS = vfs;
  create.RecoverOnError = true;
  std::shared_ptr<CompilerInvocation> invocation = createInvocation(argv, create);
  if (!invocation || invocation->getFrontendOpts().Inputs.empty())
    return unreadable(command, errors, "it compiles no source file");
  const Language language = invocation->getFrontendOpts().Inputs.front().getKind().getLanguage();
  if (language != Language::C && language != Language::CXX)
    return unreadable(command, Errors(), "only C and C++ are analysed");

  Result result;
  result.dropped_flags = adjusted->dropped;
  for (const RawDiagnostic &driver_error : errors.list)
    result.dropped_flags.push_back(driver_error.message);
  errors.list.clear();
  errors.clear(); // the counts too: the driver's complaints are no errors of the source
  restrict(*invocation, command);
  set_errors(invocation->getDiagnosticOpts(), language, adjusted->argv.front(), command.argv);
  forget_unknown_processor(*invocation, *vfs, result.dropped_flags);

  CompilerInstance instance(std::move(invocation));
  instance.setVirtualFileSystem(std::move(vfs));
  instance.createDiagnostics(&errors, /*ShouldOwnClient=*/false);
  instance.createFileManager();

  const double start = options.time_phases ? cpu_seconds() : 0;
  bool reached_end = false;
  Action action(options, errors.places, result, reached_end);
  const bool ran = instance.ExecuteAction(action);
  if (options.time_phases)
    result.times.parse = cpu_seconds() - start - result.times.extract;
  if (!reached_end)
    return unreadable(command, errors, "Clang gave up on it");
  result.parsed = ran && errors.list.empty();
  StringPool strings(result.summary);
  for (const RawDiagnostic &error : errors.list) {
    facts::Diagnostic out;
    out.message = strings.id(error.message);
    if (!error.file.empty()) {
      out.place.file = strings.id(error.file);
      out.place.line = out.place.end_line = error.line;
      out.place.column = error.column;
      out.place.end_column = error.column + 1;
    }
    result.summary.errors.push_back(out);
  }
  result.summary.target = adjusted->target;
  return result;
}

} // namespace tenterhook::extract
