// Asking a GCC for its include folders. See gcc_includes.h.
#include "driver/gcc_includes.h"
#include "config/paths.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringSwitch.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/FileUtilities.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Program.h"
#include "llvm/Support/Regex.h"
#include "llvm/TargetParser/Triple.h"
#include <map>
#include <set>
#include <unistd.h>

namespace tenterhook::driver {
namespace {
namespace fs = llvm::sys::fs;
namespace path = llvm::sys::path;

constexpr unsigned seconds_to_answer = 10;

bool is_launcher(llvm::StringRef program) {
  return llvm::StringSwitch<bool>(path::stem(program))
      .Cases({"ccache", "sccache", "distcc", "icecc", "buildcache", "env", "nice"}, true)
      .Default(false);
}

// Clang finds what /usr/bin/g++ finds.
bool is_the_systems(llvm::StringRef program) {
  llvm::StringRef folder = path::parent_path(program), name = path::filename(program);
  return (folder.empty() || folder == "/usr/bin" || folder == "/bin") &&
         (name == "gcc" || name == "g++" || name == "cc" || name == "c++");
}

// stddef.h and the intrinsics of GCC mean nothing to Clang, which has its own.
bool is_compilers_own(llvm::StringRef folder) {
  static const llvm::Regex own("/gcc(-cross)?/[^/]+/[^/]+/(include|include-fixed|install-tools/include)$");
  return own.match(folder);
}

// The flags on which the folders depend.
bool matters(llvm::StringRef flag) {
  return flag.starts_with("-std=") || flag.starts_with("-m") || flag.starts_with("--sysroot=") || flag.starts_with("--specs=") ||
         flag.starts_with("-specs=") || flag.starts_with("-nostdinc") || flag == "-ansi" || flag.starts_with("-B");
}
bool matters_with_next(llvm::StringRef flag) { return flag == "--sysroot" || flag == "-isysroot" || flag == "-B"; }

std::string language(llvm::ArrayRef<std::string> argv, llvm::StringRef compiler, llvm::StringRef file) {
  for (std::size_t i = 0; i < argv.size(); ++i) {
    llvm::StringRef argument = argv[i];
    if (argument == "-x" && i + 1 < argv.size())
      return argv[i + 1];
    if (argument.consume_front("-x"))
      return argument.str();
  }
  llvm::StringRef name = path::filename(compiler);
  return path::extension(file) == ".c" && !name.contains("g++") && !name.contains("c++") ? "c" : "c++";
}

// The words to ask with; argv[0] is the program.
std::vector<std::string> question(const extract::Command &command, std::size_t at, const std::string &program) {
  std::vector<std::string> argv = {program};
  for (std::size_t i = at + 1; i < command.argv.size(); ++i) {
    llvm::StringRef flag = command.argv[i];
    if (matters_with_next(flag) && i + 1 < command.argv.size()) {
      argv.push_back(flag.str());
      argv.push_back(command.argv[++i]);
    } else if (flag == "-MF" || flag == "-MT" || flag == "-MQ" || flag == "-o" || flag == "-I" || flag == "-isystem") {
      ++i; // the next word is no flag
    } else if (matters(flag)) {
      argv.push_back(flag.str());
    }
  }
  argv.insert(argv.end(), {"-x", language(command.argv, program, command.file), "-E", "-v", "-"});
  return argv;
}

// Runs the compiler on an empty input. Nothing: it could not be run or did not answer in time.
std::optional<std::string> ask(const std::vector<std::string> &argv) {
  llvm::SmallString<128> answer;
  if (fs::createTemporaryFile("tenterhook-gcc", "txt", answer))
    return std::nullopt;
  llvm::FileRemover remover(answer);
  std::vector<llvm::StringRef> words(argv.begin(), argv.end());
  std::vector<std::string> environment = {"LC_ALL=C"}; // the headings of the listing are translated otherwise
  for (char **variable = environ; *variable; ++variable)
    if (!llvm::StringRef(*variable).starts_with("LC_") && !llvm::StringRef(*variable).starts_with("LANG"))
      environment.emplace_back(*variable);
  std::vector<llvm::StringRef> variables(environment.begin(), environment.end());
  std::optional<llvm::StringRef> redirects[] = {"", "", answer.str()};
  if (llvm::sys::ExecuteAndWait(argv.front(), words, llvm::ArrayRef<llvm::StringRef>(variables), redirects, seconds_to_answer) <
      0)
    return std::nullopt;
  auto buffer = llvm::MemoryBuffer::getFile(answer);
  return buffer ? std::optional((*buffer)->getBuffer().str()) : std::nullopt;
}

void extend(extract::Command &command, std::size_t at, const GccSearch &search) {
  std::vector<std::string> front, back = {"-nostdlibinc"};
  bool has_target = llvm::any_of(
      command.argv, [](llvm::StringRef a) { return a == "-target" || a == "--target" || a.starts_with("--target="); });
  if (!has_target && llvm::Triple(search.target).getArch() != llvm::Triple::UnknownArch)
    front.push_back("--target=" + search.target);
  for (const std::string &folder : search.before)
    back.insert(back.end(), {"-isystem", folder});
  for (const std::string &folder : search.after)
    back.insert(back.end(), {"-idirafter", folder});
  std::vector<std::string> &argv = command.argv; // our folders come after those that the command names
  argv.insert(llvm::find(argv, "--"), back.begin(), back.end());
  argv.insert(argv.begin() + at + 1, front.begin(), front.end());
}

} // namespace

bool is_gcc_name(llvm::StringRef program) {
  static const llvm::Regex pattern("^([A-Za-z0-9_.]+-)*(gcc|g[+][+]|cc|c[+][+])(-[0-9.]+)?$");
  llvm::StringRef name = path::filename(program);
  return pattern.match(name) && !name.contains("clang");
}

std::optional<GccSearch> parse_gcc_search(llvm::StringRef text) {
  GccSearch search;
  bool is_gcc = false, listed = false, inside = false, own_seen = false;
  llvm::SmallVector<llvm::StringRef, 64> lines;
  text.split(lines, '\n');
  for (llvm::StringRef line : lines) {
    line = line.rtrim();
    if (line.starts_with("gcc version "))
      is_gcc = true;
    else if (line.starts_with("Target: "))
      search.target = line.drop_front(8).trim().str();
    else if (line == "#include <...> search starts here:")
      inside = true;
    else if (line == "End of search list.")
      listed |= inside, inside = false;
    else if (inside && line.starts_with(" ") && path::is_absolute(line.trim())) {
      std::string folder = config::absolute(line.trim(), "/");
      if (is_compilers_own(folder))
        own_seen = true;
      else
        (own_seen ? search.after : search.before).push_back(folder);
    }
  }
  if (!is_gcc || !listed || search.target.empty())
    return std::nullopt;
  return search;
}

void add_gcc_includes(std::vector<extract::Command> &commands, llvm::StringRef place, std::vector<Trouble> &notes) {
  std::map<std::vector<std::string>, std::optional<GccSearch>> answers;
  std::set<std::string> said;
  auto say_once = [&](const std::string &compiler, const char *what) {
    if (said.insert(compiler).second)
      notes.push_back({Trouble::note, place.str(), "the compiler " + compiler + " " + what});
  };
  for (extract::Command &command : commands) {
    std::size_t at = 0;
    while (at + 1 < command.argv.size() && is_launcher(command.argv[at]))
      ++at;
    if (command.argv.empty() || is_the_systems(command.argv[at]) || !is_gcc_name(command.argv[at]))
      continue;
    const std::string &written = command.argv[at];
    bool is_path = llvm::StringRef(written).contains('/');
    auto found = is_path ? llvm::ErrorOr<std::string>(config::absolute(written, command.directory))
                         : llvm::sys::findProgramByName(written);
    if (!found || !fs::can_execute(*found)) {
      say_once(written, "is not on this machine; headers are looked for where the system's own compiler has them");
      continue;
    }
    std::vector<std::string> words = question(command, at, *found);
    auto [answer, added] = answers.try_emplace(words);
    if (added) {
      std::optional<std::string> text = ask(words);
      if (!text)
        say_once(written, "was asked for its include folders and did not answer; the system's are used");
      else
        answer->second = parse_gcc_search(*text);
      // Another compiler under GCC's name is Clang's to find; a GCC without a listing has refused its flags.
      if (text && !answer->second && llvm::StringRef(*text).contains("gcc version "))
        say_once(written, "does not list its include folders; the system's are used");
    }
    if (answer->second)
      extend(command, at, *answer->second);
  }
}

} // namespace tenterhook::driver
