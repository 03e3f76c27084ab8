// Symbol tables of ELF files. See symbols.h. Any file may be damaged: every offset is checked before it is used.
#include "recorder/symbols.h"
#include "recorder/library_names.h"
#include "trace/aside.h"
#include "trace/system.h"

#include <algorithm>
#include <cstring>
#include <elf.h>
#include <fcntl.h>
#include <string_view>
#include <sys/mman.h>
#include <sys/stat.h>

namespace tenterhook::recorder {
namespace {

using namespace trace::detail;

void *allocate(std::size_t size) {
  long memory = system_call(SYS_mmap, 0, long(size), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS, -1, 0);
  return memory < 0 && memory > -4096 ? nullptr : reinterpret_cast<void *>(memory);
}

class File {
public:
  File() = default;
  void map(const char *path) {
    unmap();
    long descriptor = system_call(SYS_openat, AT_FDCWD, word(path), O_RDONLY | O_CLOEXEC | O_NONBLOCK);
    if (descriptor < 0)
      return;
    struct stat status;
    if (system_call(SYS_fstat, descriptor, word(&status)) == 0 && S_ISREG(status.st_mode) && status.st_size > 0) {
      long memory = system_call(SYS_mmap, 0, status.st_size, PROT_READ, MAP_PRIVATE, descriptor, 0);
      if (memory >= 0 || memory < -4095) {
        bytes_ = reinterpret_cast<const char *>(memory);
        size_ = std::size_t(status.st_size);
      }
    }
    system_call(SYS_close, descriptor);
  }
  ~File() { unmap(); }
  File(const File &) = delete;
  File &operator=(const File &) = delete;

  template <typename T> const T *at(std::uint64_t offset, std::uint64_t count = 1) const {
    if (offset % alignof(T) || offset > size_ || count > (size_ - offset) / sizeof(T))
      return nullptr;
    return reinterpret_cast<const T *>(bytes_ + offset);
  }

private:
  const char *bytes_ = nullptr;
  std::size_t size_ = 0;

  void unmap() {
    if (bytes_)
      system_call(SYS_munmap, word(bytes_), long(size_));
    bytes_ = nullptr;
    size_ = 0;
  }
};

class Elf {
public:
  // What is not there, or is no ELF file, has no sections.
  void open(const char *path) {
    file_.map(path);
    sections_ = nullptr;
    count_ = names_ = 0;
    const auto *header = file_.at<Elf64_Ehdr>(0);
    if (!header || std::memcmp(header->e_ident, ELFMAG, SELFMAG) || header->e_ident[EI_CLASS] != ELFCLASS64)
      return;
    sections_ = file_.at<Elf64_Shdr>(header->e_shoff, header->e_shnum);
    if (!sections_)
      return;
    count_ = header->e_shnum;
    if (header->e_shstrndx < count_)
      names_ = header->e_shstrndx;
  }

  const Elf64_Shdr *of_type(std::uint32_t type) const {
    for (unsigned i = 0; i < count_; ++i) {
      if (sections_[i].sh_type == type)
        return &sections_[i];
    }
    return nullptr;
  }
  const Elf64_Shdr *named(std::string_view name) const {
    for (unsigned i = 0; names_ && i < count_; ++i) {
      if (text(sections_[names_], sections_[i].sh_name) == name)
        return &sections_[i];
    }
    return nullptr;
  }
  const Elf64_Shdr *linked(const Elf64_Shdr &section) const {
    return section.sh_link < count_ ? &sections_[section.sh_link] : nullptr;
  }
  std::string_view content(const Elf64_Shdr &section) const {
    if (section.sh_type == SHT_NOBITS)
      return {};
    const char *bytes = file_.at<char>(section.sh_offset, section.sh_size);
    return bytes ? std::string_view(bytes, section.sh_size) : std::string_view();
  }
  std::string_view text(const Elf64_Shdr &strings, std::uint64_t offset) const {
    std::string_view all = content(strings);
    if (offset >= all.size())
      return {};
    all.remove_prefix(offset);
    std::size_t end = all.find('\0');
    return end == all.npos ? std::string_view() : all.substr(0, end);
  }

private:
  File file_;
  const Elf64_Shdr *sections_ = nullptr;
  unsigned count_ = 0, names_ = 0;
};

std::uint64_t hash(std::string_view name) {
  std::uint64_t value = 0xcbf29ce484222325u;
  for (char c : name)
    value = (value ^ static_cast<unsigned char>(c)) * 0x100000001b3u;
  return value | 1; // 0 is none
}

// "_ZN1n1fEP…24_ZN1n1fIiEE4taskT_.Frame": the ramp's name is what the length before it counts.
std::string_view ramp_of_frame(std::string_view name) {
  std::size_t frame = name.find(".Frame");
  if (frame == name.npos)
    return {};
  for (std::size_t at = frame; (at = name.rfind("_Z", at)) != name.npos && at > 0; --at) {
    std::size_t length = frame - at + std::strlen(".Frame"), digits = 0, value = 0;
    for (std::size_t unit = 1; digits < at && digits < 6; unit *= 10) {
      char c = name[at - digits - 1];
      if (c < '0' || c > '9')
        break;
      ++digits;
      value += std::size_t(c - '0') * unit;
      if (value == length || value == frame - at)
        return name.substr(at, frame - at);
    }
  }
  return {};
}

// The ramp's name, if `name` is a part of a coroutine that a compiler split off; else nothing.
std::string_view ramp(std::string_view name) {
  struct Suffix {
    std::string_view text;
    bool gcc;
  };
  static constexpr Suffix suffixes[] = {{".resume", false}, {".cleanup", false}, {".destroy", false}, {".actor", true}};
  for (const Suffix &suffix : suffixes) {
    std::size_t at = name.find(suffix.text);
    if (at == name.npos || at == 0)
      continue;
    std::size_t end = at + suffix.text.size();
    if (end != name.size() && name[end] != '.')
      continue;
    std::string_view base = name.substr(0, at);
    std::string_view of_frame = ramp_of_frame(base);
    if (!of_frame.empty())
      return of_frame;
    if (!suffix.gcc || base.ends_with(".Frame"))
      return base;
  }
  return {};
}

CodeKind kind_in_library(std::string_view name) {
  if (is_library_function(name))
    return CodeKind::library;
  if (is_loop_function(name))
    return CodeKind::loop;
  return is_worker_function(name) ? CodeKind::worker : CodeKind::none;
}

CodeSymbols read_table(const Elf &elf, const Elf64_Shdr &table) {
  CodeSymbols result;
  const Elf64_Shdr *strings = elf.linked(table);
  std::string_view bytes = elf.content(table);
  if (!strings || bytes.empty())
    return result;
  result.known = true;
  std::size_t count = bytes.size() / sizeof(Elf64_Sym);
  auto symbol = [&](std::size_t i) {
    Elf64_Sym value;
    std::memcpy(&value, bytes.data() + i * sizeof value, sizeof value);
    return value;
  };
  auto is_function = [](const Elf64_Sym &s) { return ELF64_ST_TYPE(s.st_info) == STT_FUNC && s.st_size && s.st_shndx; };

  std::size_t parts = 0, library = 0;
  for (std::size_t i = 0; i < count; ++i) {
    Elf64_Sym s = symbol(i);
    if (!is_function(s))
      continue;
    std::string_view name = elf.text(*strings, s.st_name);
    if (!ramp(name).empty())
      ++parts;
    else if (kind_in_library(name) != CodeKind::none)
      ++library;
  }
  if (!parts && !library)
    return result;
  // Each part may have a ramp; copies of a ramp (.cold) are rare.
  std::size_t room = 3 * parts + library + 16;
  auto *names = static_cast<std::uint64_t *>(allocate((parts + 1) * sizeof(std::uint64_t)));
  auto *ranges = static_cast<CodeRange *>(allocate(room * sizeof(CodeRange)));
  if (!names || !ranges)
    return result;
  std::size_t known = 0, used = 0;
  for (std::size_t i = 0; i < count && known < parts; ++i) {
    Elf64_Sym s = symbol(i);
    if (!is_function(s))
      continue;
    if (std::string_view base = ramp(elf.text(*strings, s.st_name)); !base.empty())
      names[known++] = hash(base);
  }
  std::sort(names, names + known);
  for (std::size_t i = 0; i < count && used < room; ++i) {
    Elf64_Sym s = symbol(i);
    if (!is_function(s))
      continue;
    std::string_view name = elf.text(*strings, s.st_name), base = ramp(name);
    if (base.empty())
      base = name.substr(0, name.find(".cold"));
    std::uint64_t id = hash(base);
    if (std::binary_search(names, names + known, id)) {
      ranges[used++] = {s.st_value, s.st_value + s.st_size, id, CodeKind::coroutine};
      result.coroutines = true;
    } else if (CodeKind kind = kind_in_library(name); kind != CodeKind::none) {
      ranges[used++] = {s.st_value, s.st_value + s.st_size, 0, kind};
    }
  }
  system_call(SYS_munmap, word(names), long((parts + 1) * sizeof(std::uint64_t)));
  std::sort(ranges, ranges + used, [](const CodeRange &a, const CodeRange &b) { return a.begin < b.begin; });
  result.ranges = ranges;
  result.count = used;
  return result;
}

class PathBuffer {
public:
  PathBuffer &operator+=(std::string_view text) {
    std::size_t size = std::min(text.size(), sizeof bytes_ - 1 - size_);
    std::memcpy(bytes_ + size_, text.data(), size);
    bytes_[size_ += size] = 0;
    return *this;
  }
  const char *get() const { return bytes_; }

private:
  char bytes_[4096] = {};
  std::size_t size_ = 0;
};

// Opens the file, or the one with its debug information, and finds the table of symbols in it. Null if there is none.
const Elf64_Shdr *find_table(const char *path, Elf &elf) {
  Elf own;
  own.open(path);
  if (own.of_type(SHT_SYMTAB)) {
    elf.open(path);
    return elf.of_type(SHT_SYMTAB);
  }
  auto has_table = [&elf](const PathBuffer &file) {
    elf.open(file.get());
    return elf.of_type(SHT_SYMTAB) != nullptr;
  };
  if (const Elf64_Shdr *note = own.named(".note.gnu.build-id")) {
    std::string_view bytes = own.content(*note);
    if (bytes.size() > 17) {
      bytes.remove_prefix(16); // header, "GNU"
      PathBuffer file;
      file += "/usr/lib/debug/.build-id/";
      for (std::size_t i = 0; i < bytes.size(); ++i) {
        unsigned char c = static_cast<unsigned char>(bytes[i]);
        const char digits[] = {"0123456789abcdef"[c >> 4], "0123456789abcdef"[c & 15], '/'};
        file += std::string_view(digits, i == 0 ? 3 : 2);
      }
      file += ".debug";
      if (has_table(file))
        return elf.of_type(SHT_SYMTAB);
    }
  }
  const Elf64_Shdr *link = own.named(".gnu_debuglink");
  if (!link)
    return nullptr;
  std::string_view name = own.content(*link);
  name = name.substr(0, name.find('\0'));
  // Beside the file itself, not beside a link to it such as /proc/self/exe.
  char real[4096];
  long size = system_call(SYS_readlinkat, AT_FDCWD, word(path), word(real), sizeof real);
  std::string_view whole = size > 0 && real[0] == '/' ? std::string_view(real, std::size_t(size)) : path;
  std::string_view folder = whole.substr(0, whole.rfind('/') + 1);
  for (int place = 0; place < 3; ++place) {
    PathBuffer file;
    if (place == 2)
      file += "/usr/lib/debug";
    file += folder;
    if (place == 1)
      file += ".debug/";
    file += name;
    if (file.get() != whole && has_table(file))
      return elf.of_type(SHT_SYMTAB);
  }
  return nullptr;
}

} // namespace

CodeSymbols read_symbols(const char *path) noexcept {
  Elf elf;
  const Elf64_Shdr *table = nullptr;
  // A descriptor in the program's table, for a moment even, would change what its other threads open meanwhile.
  auto search = [&] { table = find_table(path, elf); };
  aside(search);
  return table ? read_table(elf, *table) : CodeSymbols();
}

} // namespace tenterhook::recorder
