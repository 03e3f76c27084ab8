// Finding and judging programs. See program.h.
#include "record/program.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Object/ELFObjectFile.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Process.h"
#include <cerrno>
#include <cstring>
#include <sys/stat.h>
#include <sys/xattr.h>
#include <unistd.h>

namespace tenterhook::record {
namespace {

#if defined(__x86_64__)
constexpr unsigned machine = llvm::ELF::EM_X86_64;
constexpr const char *machine_name = "x86-64";
#elif defined(__aarch64__)
constexpr unsigned machine = llvm::ELF::EM_AARCH64;
constexpr const char *machine_name = "AArch64";
#endif

using Elf = llvm::object::ELFFile<llvm::object::ELF64LE>;

// As execvp does.
llvm::Expected<std::string> find_file(llvm::StringRef name) {
  if (name.empty())
    return error("the program's name is empty; write `tenterhook record -- PROGRAM ARGUMENTS`");
  if (name.contains('/'))
    return name.str();
  std::string path = llvm::sys::Process::GetEnv("PATH").value_or("/bin:/usr/bin");
  llvm::SmallVector<llvm::StringRef> folders;
  llvm::StringRef(path).split(folders, ':');
  for (llvm::StringRef folder : folders) {
    llvm::SmallString<256> file(folder.empty() ? "." : folder);
    llvm::sys::path::append(file, name);
    if (llvm::sys::fs::is_regular_file(file) && access(file.c_str(), X_OK) == 0)
      return file.str().str();
  }
  if (llvm::sys::fs::exists(name))
    return error(name + ": not found in PATH; this folder holds such a file: write ./" + name);
  return error(name + ": not found in PATH; give the program's path");
}

llvm::Error check_file(const std::string &path) {
  struct stat status;
  if (stat(path.c_str(), &status) != 0)
    return error(path + ": " + std::strerror(errno) + "; give the program's path");
  if (S_ISDIR(status.st_mode))
    return error(path + ": is a folder, not a program");
  if (!S_ISREG(status.st_mode))
    return error(path + ": is no regular file, so it cannot be a program");
  if (access(path.c_str(), X_OK) != 0)
    return error(path + ": is not executable; chmod +x it, or name another program");
  bool user = (status.st_mode & S_ISUID) && status.st_uid != geteuid();
  bool group = (status.st_mode & S_ISGID) && (status.st_mode & S_IXGRP) && status.st_gid != getegid();
  bool capabilities = getxattr(path.c_str(), "security.capability", nullptr, 0) > 0 && geteuid() != 0;
  if (user || group || capabilities)
    return error(path + ": " +
                 (user    ? "is setuid"
                  : group ? "is setgid"
                          : "has file capabilities") +
                 ", and such programs ignore LD_PRELOAD; record a copy without that, or as its owner");
  return llvm::Error::success();
}

// The folder of a sanitizer's name prefixes; the first that is there names it.
llvm::StringRef sanitizer_of(llvm::StringRef symbol) {
  return llvm::StringSwitch<llvm::StringRef>(symbol)
      .Cases({"__asan_init", "__asan_version_mismatch_check_v8"}, "AddressSanitizer")
      .Cases({"__tsan_init", "__tsan_func_entry"}, "ThreadSanitizer")
      .Case("__msan_init", "MemorySanitizer")
      .Case("__hwasan_init", "HWAddressSanitizer")
      .Cases({"__rtsan_init", "__rtsan_ensure_initialized"}, "RealtimeSanitizer")
      .Cases({"__dfsan_init", "dfs$main"}, "DataFlowSanitizer")
      .Case("__lsan_init", "LeakSanitizer")
      .Case("__memprof_init", "MemProf")
      .Default("");
}

class Inspection {
public:
  Inspection(const std::string &path, const Elf &elf) : path_(path), elf_(elf) {}

  llvm::Error run(std::vector<std::string> &notes) {
    auto broken = [&](llvm::Error why) { return error(path_ + ": a damaged ELF file: " + llvm::toString(std::move(why))); };
    const auto &header = elf_.getHeader();
    if (header.e_machine != machine)
      return error(path_ + ": is for another processor; programs for " + machine_name + " can be recorded here");
    auto segments = elf_.program_headers();
    if (!segments)
      return broken(segments.takeError());
    bool has_interpreter = llvm::any_of(*segments, [](const auto &s) { return s.p_type == llvm::ELF::PT_INTERP; });
    if (!has_interpreter)
      return error(path_ + ": is linked statically, so its calls cannot be interposed; link it without -static");
    auto sections = elf_.sections();
    if (!sections)
      return broken(sections.takeError());
    for (const auto &section : *sections) {
      if (llvm::Error problem = look_at(section))
        return problem;
    }
    if (!has_symbols_ && !has_debug_file())
      notes.push_back(path_ + ": is stripped and no debug file is found, so coroutines cannot be recognized; what the trace "
                              "says of them is inconclusive");
    else if (!has_lines_ && !has_debug_file())
      notes.push_back(path_ + ": has no debug information, so places in the trace are functions, not lines; build with -g");
    return llvm::Error::success();
  }

private:
  llvm::Error look_at(const Elf::Elf_Shdr &section) {
    llvm::Expected<llvm::StringRef> name = elf_.getSectionName(section);
    if (!name) {
      llvm::consumeError(name.takeError());
      return llvm::Error::success();
    }
    bool has_content = section.sh_type != llvm::ELF::SHT_NOBITS;
    if (name->starts_with(".debug_info") || name->starts_with(".zdebug_info"))
      has_lines_ = has_content;
    if (*name == ".gnu_debuglink" && has_content)
      debug_link_ = c_string(section);
    if (*name == ".note.gnu.build-id" && has_content)
      read_build_id(section);
    if (section.sh_type == llvm::ELF::SHT_SYMTAB)
      has_symbols_ = true;
    if (section.sh_type == llvm::ELF::SHT_SYMTAB || section.sh_type == llvm::ELF::SHT_DYNSYM)
      return look_for_sanitizer(section);
    return llvm::Error::success();
  }

  llvm::Error look_for_sanitizer(const Elf::Elf_Shdr &table) {
    auto symbols = elf_.symbols(&table);
    auto strings = elf_.getStringTableForSymtab(table);
    if (!symbols || !strings) {
      llvm::consumeError(symbols.takeError());
      llvm::consumeError(strings.takeError());
      return llvm::Error::success();
    }
    for (const auto &symbol : *symbols) {
      llvm::Expected<llvm::StringRef> name = symbol.getName(*strings);
      if (!name) {
        llvm::consumeError(name.takeError());
        continue;
      }
      if (llvm::StringRef sanitizer = sanitizer_of(*name); !sanitizer.empty())
        return error(path_ + ": is built with " + sanitizer + ", which interposes the same calls; build it without" +
                     (sanitizer == "ThreadSanitizer" || sanitizer == "RealtimeSanitizer"
                          ? ", or run it as it is and give its log to `tenterhook validate`"
                          : ""));
    }
    return llvm::Error::success();
  }

  std::string c_string(const Elf::Elf_Shdr &section) {
    auto bytes = elf_.getSectionContents(section);
    if (!bytes) {
      llvm::consumeError(bytes.takeError());
      return "";
    }
    llvm::StringRef text(reinterpret_cast<const char *>(bytes->data()), bytes->size());
    return text.substr(0, text.find('\0')).str();
  }
  void read_build_id(const Elf::Elf_Shdr &section) {
    auto bytes = elf_.getSectionContents(section);
    if (!bytes)
      return llvm::consumeError(bytes.takeError());
    if (bytes->size() > 17)
      build_id_ = llvm::toHex(bytes->drop_front(16), true);
  }

  // Where the recorder looks too (runtime/recorder/symbols.cpp).
  bool has_debug_file() const {
    if (!build_id_.empty() &&
        llvm::sys::fs::exists("/usr/lib/debug/.build-id/" + build_id_.substr(0, 2) + "/" + build_id_.substr(2) + ".debug"))
      return true;
    if (debug_link_.empty())
      return false;
    llvm::SmallString<256> real;
    if (llvm::sys::fs::real_path(path_, real))
      real = path_;
    std::string folder = (llvm::sys::path::parent_path(real) + "/").str();
    for (const std::string &place : {folder, folder + ".debug/", "/usr/lib/debug" + folder}) {
      if (llvm::sys::fs::exists(place + debug_link_))
        return true;
    }
    return false;
  }

  const std::string &path_;
  const Elf &elf_;
  std::string debug_link_, build_id_;
  bool has_symbols_ = false, has_lines_ = false;
};

llvm::Error inspect(const std::string &path, Program &program, int depth) {
  if (llvm::Error problem = check_file(path))
    return problem;
  auto file = llvm::MemoryBuffer::getFile(path, false, false);
  if (!file)
    return error(path + ": cannot be read: " + file.getError().message() + "; make it readable");
  llvm::StringRef bytes = (*file)->getBuffer();
  if (bytes.starts_with("#!")) {
    llvm::StringRef line = bytes.substr(2, bytes.find('\n') - 2).trim();
    std::string interpreter = line.substr(0, line.find_first_of(" \t")).str();
    if (interpreter.empty())
      return error(path + ": its first line names no interpreter");
    if (depth > 4)
      return error(path + ": its interpreters are scripts, one of another; the kernel runs no such chain");
    program.notes.push_back(path + ": is a script; its interpreter " + interpreter +
                            " is recorded, and each program that it starts, in a file of its own");
    Program other{interpreter, {}}; // that a shell is stripped is nobody's concern
    return inspect(interpreter, other, depth + 1);
  }
  if (!bytes.starts_with("\177ELF"))
    return error(path + ": is neither an ELF program nor a script (no #! line); name the program that runs it");
  if (bytes.size() < 20 || bytes[4] != llvm::ELF::ELFCLASS64 || bytes[5] != llvm::ELF::ELFDATA2LSB)
    return error(path + ": is no 64-bit program for this machine; programs for " + machine_name + " can be recorded here");
  llvm::Expected<Elf> elf = Elf::create(bytes);
  if (!elf)
    return error(path + ": a damaged ELF file: " + llvm::toString(elf.takeError()));
  return Inspection(path, *elf).run(program.notes);
}

} // namespace

llvm::Error error(const llvm::Twine &message) { return llvm::createStringError(llvm::inconvertibleErrorCode(), message); }

llvm::Expected<Program> find_program(llvm::StringRef name) {
  llvm::Expected<std::string> path = find_file(name);
  if (!path)
    return path.takeError();
  Program program{*path, {}};
  if (llvm::Error problem = inspect(*path, program, 0))
    return problem;
  return program;
}

} // namespace tenterhook::record
