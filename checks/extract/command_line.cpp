// Compile commands are written for some other compiler, or another Clang. What Clang's own option table does not know
// is dropped and reported; what writes files, or reads files that only the other compiler understands, is dropped
// silently.
#include "extract/command_line.h"
#include "extract/clang_headers.h"
#include "clang/Driver/ToolChain.h"
#include "clang/Options/Options.h"
#include "llvm/ADT/DenseSet.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Option/Arg.h"
#include "llvm/Option/ArgList.h"
#include "llvm/Option/OptTable.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Path.h"
#include "llvm/TargetParser/Triple.h"
#include <cstdlib>

using namespace clang;

namespace tenterhook::extract {
namespace {

namespace path = llvm::sys::path;

bool is_launcher(llvm::StringRef program) {
  return llvm::StringSwitch<bool>(path::stem(program))
      .Cases({"ccache", "sccache", "distcc", "icecc", "buildcache", "env", "nice"}, true)
      .Default(false);
}

// Flags with no bearing on what the source means: outputs, dependency files, profiles, verbosity, other stages.
bool is_irrelevant(const llvm::opt::Arg &arg) {
  switch (arg.getOption().getID()) {
  case options::OPT_o:
  case options::OPT_c:
  case options::OPT_S:
  case options::OPT_E:
  case options::OPT_M:
  case options::OPT_MM:
  case options::OPT_MD:
  case options::OPT_MMD:
  case options::OPT_MF:
  case options::OPT_MT:
  case options::OPT_MQ:
  case options::OPT_MJ:
  case options::OPT_MP:
  case options::OPT_MG:
  case options::OPT_v:
  case options::OPT__HASH_HASH_HASH:
  case options::OPT_save_temps:
  case options::OPT_save_temps_EQ:
  case options::OPT_gen_cdb_fragment_path:
  case options::OPT_resource_dir:
  case options::OPT_resource_dir_EQ:
  case options::OPT_fcolor_diagnostics:
  case options::OPT_fdiagnostics_color_EQ:
  case options::OPT__serialize_diags: return true;
  default:
    return arg.getOption().hasFlag(options::LinkerInput) || arg.getSpelling().starts_with("-fprofile") ||
           arg.getSpelling().starts_with("-ftime-");
  }
}

// CMake puts objects into CMakeFiles/<target>.dir/.
std::string target_of(llvm::StringRef output) {
  for (auto it = path::begin(output), end = path::end(output); it != end; ++it)
    if (*it == "CMakeFiles" && ++it != end && it->ends_with(".dir"))
      return it->drop_back(4).str();
  return {};
}

// A GCC that stands beside its own library (…/bin/g++ with …/lib/gcc) and is not the system's.
std::string gcc_prefix(llvm::StringRef compiler) {
  const llvm::StringRef name = path::filename(compiler);
  if (!path::is_absolute(compiler) || name.contains("clang") ||
      !(name.contains("gcc") || name.contains("g++") || name.contains("c++")))
    return {};
  const llvm::StringRef prefix = path::parent_path(path::parent_path(compiler));
  if (prefix == "/usr" || prefix == "/" || prefix.empty())
    return {};
  for (const char *lib : {"lib", "lib64"}) {
    llvm::SmallString<128> dir(prefix);
    path::append(dir, lib, "gcc");
    if (llvm::sys::fs::is_directory(dir))
      return prefix.str();
  }
  return {};
}

} // namespace

llvm::Expected<AdjustedCommand> adjust(const Command &command) {
  std::vector<std::string> argv = command.argv;
  while (argv.size() > 1 && is_launcher(argv.front()))
    argv.erase(argv.begin());
  if (argv.empty())
    return llvm::createStringError("%s: the compile command is empty; rebuild the compilation database", command.file.c_str());
  AdjustedCommand out;
  out.argv.push_back(argv.front());

  std::vector<const char *> raw;
  for (std::size_t i = 1; i < argv.size(); ++i)
    raw.push_back(argv[i].c_str());
  unsigned missing_index = 0, missing_count = 0;
  const llvm::opt::InputArgList args =
      getDriverOptTable().ParseArgs(raw, missing_index, missing_count, llvm::opt::Visibility(options::ClangOption));
  llvm::DenseSet<unsigned> leave_out;
  bool has_target = false, has_toolchain = false;
  for (const llvm::opt::Arg *arg : args) {
    const unsigned first = arg->getIndex();
    if (arg->getOption().getID() == options::OPT_o)
      out.target = target_of(arg->getValue());
    has_target |= arg->getOption().matches(options::OPT_target);
    has_toolchain |=
        arg->getOption().matches(options::OPT_gcc_toolchain) || arg->getOption().matches(options::OPT_gcc_install_dir_EQ);
    const bool unknown = arg->getOption().getID() == options::OPT_UNKNOWN;
    if (unknown)
      out.dropped.push_back(raw[first]);
    if (!unknown && !is_irrelevant(*arg))
      continue;
    leave_out.insert(first);
    // `-o file` is two words, `-ofile` one.
    if (!unknown && arg->getOption().getRenderStyle() == llvm::opt::Option::RenderSeparateStyle && arg->getNumValues() == 1 &&
        llvm::StringRef(raw[first]) == arg->getSpelling())
      leave_out.insert(first + 1);
    if (!unknown && arg->getOption().getKind() == llvm::opt::Option::JoinedOrSeparateClass &&
        llvm::StringRef(raw[first]) == arg->getSpelling())
      leave_out.insert(first + 1);
  }
  for (unsigned i = 0; i < missing_count; ++i)
    leave_out.insert(missing_index + i);
  for (unsigned i = 0; i < raw.size(); ++i)
    if (!leave_out.contains(i))
      out.argv.emplace_back(raw[i]);

  // What the compiler's name says: aarch64-linux-gnu-g++.
  const driver::ParsedClangName name = driver::ToolChain::getTargetAndModeFromProgramName(out.argv.front());
  std::vector<std::string> front;
  if (!has_target && name.TargetIsValid)
    front.push_back("--target=" + name.TargetPrefix);
  if (name.DriverMode)
    front.emplace_back(name.DriverMode);
  if (std::string prefix = gcc_prefix(out.argv.front()); !has_toolchain && !prefix.empty())
    front.push_back("--gcc-toolchain=" + prefix);
  const char *resources = std::getenv("TENTERHOOK_RESOURCE_DIR");
  front.push_back(std::string("-resource-dir=") + (resources && *resources ? resources : TENTERHOOK_DEFAULT_RESOURCE_DIR));
  out.argv.insert(out.argv.begin() + 1, front.begin(), front.end());
  return out;
}

} // namespace tenterhook::extract
