// The loaded modules. See code.h.
#include "recorder/code.h"
#include "recorder/symbols.h"
#include "trace/system.h"

#include <algorithm>
#include <array>
#include <atomic>
#include <cstring>
#include <link.h>
#include <string_view>
#include <sys/mman.h>

extern "C" [[gnu::visibility("hidden")]] const char __ehdr_start;

namespace tenterhook::recorder {

TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<std::uint32_t> generation_of_code{1};

namespace {

using namespace trace::detail;

struct Loaded {
  std::uint64_t begin = 0, end = 0, bias = 0;
  const char *path = nullptr; // the loader's; lives as long as the module
  bool runtime = false;       // libc and the like: never the program's place, never a coroutine
  bool system = false;        // below /usr/lib: the program's place only if it has coroutines
  bool own = false, symbols_read = false, executable = false;
  CodeSymbols symbols;
};

// All of constant initialization: the recorder is at work before its dynamic initialization would be.
constexpr unsigned max_modules = 1024;
constinit std::array<Loaded, max_modules> modules;
constinit unsigned module_count = 0;
TENTERHOOK_WRITTEN_BY_FORK constinit Lock modules_lock;
TENTERHOOK_WRITTEN_BY_FORK constinit bool modules_lock_taken =
    false; // for a fork; two threads may fork, but one after the other (trace's lock)

// An address in the upper 48 bits, flags below.
constexpr std::uint64_t is_known = 1, is_system = 2, is_own = 4, is_coroutine = 8, is_library = 16, is_loop = 32, is_worker = 64;
constexpr std::uint64_t flags_of_kind[] = {0, is_coroutine, is_library, is_loop, is_worker};
constexpr unsigned cache_bits = 14;
constinit std::array<std::atomic<std::uint64_t>, 1u << cache_bits> cache;

bool is_runtime(std::string_view path) {
  std::string_view name = path.substr(path.rfind('/') + 1);
  static constexpr std::string_view names[] = {"libc.so",
                                               "libc-",
                                               "libstdc++.so",
                                               "libc++.so",
                                               "libc++abi.so",
                                               "libgcc_s.so",
                                               "libpthread",
                                               "libm.so",
                                               "libm-",
                                               "ld-linux",
                                               "ld-",
                                               "libdl",
                                               "librt",
                                               "libunwind",
                                               "libresolv",
                                               "libnss_",
                                               "libanl",
                                               "linux-vdso",
                                               "libtenterhook_recorder.so"};
  return std::any_of(std::begin(names), std::end(names), [&](std::string_view each) { return name.starts_with(each); });
}
bool is_in_system_folder(std::string_view path) {
  static constexpr std::string_view folders[] = {"/lib/", "/lib64/", "/usr/lib/", "/usr/lib64/"};
  return std::any_of(std::begin(folders), std::end(folders), [&](std::string_view each) { return path.starts_with(each); });
}

int visit(dl_phdr_info *info, std::size_t, void *first) {
  auto &is_first = *static_cast<bool *>(first);
  Loaded module{};
  module.begin = ~std::uint64_t(0);
  for (unsigned i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr) &segment = info->dlpi_phdr[i];
    if (segment.p_type != PT_LOAD || !(segment.p_flags & PF_X))
      continue;
    module.begin = std::min<std::uint64_t>(module.begin, info->dlpi_addr + segment.p_vaddr);
    module.end = std::max<std::uint64_t>(module.end, info->dlpi_addr + segment.p_vaddr + segment.p_memsz);
  }
  module.bias = info->dlpi_addr;
  module.executable = is_first;
  module.path = is_first || !info->dlpi_name ? "/proc/self/exe" : info->dlpi_name;
  module.own = info->dlpi_addr == reinterpret_cast<std::uint64_t>(&__ehdr_start);
  module.runtime = !is_first && is_runtime(module.path);
  module.system = !is_first && is_in_system_folder(module.path);
  is_first = false;
  if (module.begin >= module.end)
    return 0;
  for (unsigned i = 0; i < module_count; ++i) {
    if (modules[i].begin == module.begin && modules[i].end == module.end)
      return 0; // with its symbols
  }
  if (module_count < max_modules)
    modules[module_count++] = module;
  return 0;
}

Loaded *module_at(std::uint64_t address) {
  for (int attempt = 0; attempt < 2; ++attempt) {
    for (unsigned i = 0; i < module_count; ++i) {
      if (modules[i].begin <= address && address < modules[i].end)
        return &modules[i];
    }
    bool first = true;
    if (attempt == 0)
      dl_iterate_phdr(visit, &first);
  }
  return nullptr;
}

const CodeRange *range_at(Loaded &module, std::uint64_t address) {
  if (module.runtime || module.own)
    return nullptr;
  if (!module.symbols_read) {
    module.symbols_read = true;
    module.symbols = read_symbols(module.path);
  }
  const CodeRange *begin = module.symbols.ranges, *end = begin + module.symbols.count;
  std::uint64_t in_file = address - module.bias;
  const CodeRange *after =
      std::upper_bound(begin, end, in_file, [](std::uint64_t value, const CodeRange &range) { return value < range.begin; });
  return after != begin && in_file < after[-1].end ? after - 1 : nullptr;
}

} // namespace

Code code_at(const void *address) noexcept {
  auto value = reinterpret_cast<std::uint64_t>(address);
  if (value == 0 || value >> 48)
    return {};
  --value;
  std::atomic<std::uint64_t> &slot = cache[mix(value) >> (64 - cache_bits)];
  std::uint64_t entry = slot.load(std::memory_order_relaxed);
  if (entry >> 16 != value || !(entry & is_known)) {
    entry = value << 16 | is_known;
    Guard guard(modules_lock);
    if (Loaded *module = module_at(value)) {
      if (module->own)
        entry |= is_own;
      if (const CodeRange *range = range_at(*module, value))
        entry |= flags_of_kind[unsigned(range->kind)];
      if (module->own || module->runtime || (module->system && !module->symbols.coroutines))
        entry |= is_system;
    }
    slot.store(entry, std::memory_order_relaxed);
  }
  auto has = [entry](std::uint64_t flag) { return (entry & flag) != 0; };
  return {has(is_system), has(is_library), has(is_own), has(is_coroutine), has(is_loop), has(is_worker)};
}

std::uint64_t coroutine_at(const void *address) noexcept {
  std::uint64_t value = reinterpret_cast<std::uint64_t>(address) - 1;
  Guard guard(modules_lock);
  Loaded *module = module_at(value);
  const CodeRange *range = module ? range_at(*module, value) : nullptr;
  return range ? range->coroutine : 0;
}

bool has_symbols_at(std::uint64_t address) noexcept {
  Guard guard(modules_lock);
  Loaded *module = module_at(address);
  if (!module)
    return false;
  range_at(*module, address); // reads them
  return module->symbols.known;
}

void forget_code() noexcept {
  Guard guard(modules_lock);
  module_count = 0; // symbols that were read stay in memory: unloading is rare
  for (std::atomic<std::uint64_t> &slot : cache)
    slot.store(0, std::memory_order_relaxed);
  generation_of_code.fetch_add(1, std::memory_order_relaxed);
}

// A signal handler may fork while its thread has the lock.
void lock_code() noexcept { modules_lock_taken = !modules_lock.is_mine() && modules_lock.lock_within(1'000'000'000); }
void unlock_code() noexcept {
  if (modules_lock_taken)
    modules_lock.unlock();
}
void reset_code_lock() noexcept { modules_lock.reset(); }

void LoadedSpans::read() noexcept {
  count = 0;
  dl_iterate_phdr(
      [](dl_phdr_info *info, std::size_t, void *self) {
        auto &to = *static_cast<LoadedSpans *>(self);
        if (to.count == most)
          return 1;
        Span span{~std::uint64_t(0), 0};
        for (unsigned i = 0; i < info->dlpi_phnum; ++i) {
          const ElfW(Phdr) &segment = info->dlpi_phdr[i];
          if (segment.p_type != PT_LOAD)
            continue;
          span.begin = std::min<std::uint64_t>(span.begin, info->dlpi_addr + segment.p_vaddr);
          span.end = std::max<std::uint64_t>(span.end, info->dlpi_addr + segment.p_vaddr + segment.p_memsz);
        }
        constexpr std::uint64_t page = 4096;
        if (span.begin < span.end)
          to.spans[to.count++] = {span.begin / page * page, (span.end + page - 1) / page * page};
        return 0;
      },
      this);
}

KeptAddresses::~KeptAddresses() {
  static constinit std::atomic<unsigned> kept{0};
  LoadedSpans after;
  after.read();
  for (unsigned i = 0; i < before_.count; ++i) {
    const LoadedSpans::Span &span = before_.spans[i];
    bool is_there = std::any_of(after.spans, after.spans + after.count,
                                [&](const LoadedSpans::Span &each) { return each.begin == span.begin && each.end == span.end; });
    if (is_there || kept.fetch_add(1, std::memory_order_relaxed) >= most)
      continue;
    system_call(SYS_mmap, long(span.begin), long(span.end - span.begin), PROT_NONE,
                MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE | MAP_FIXED_NOREPLACE, -1, 0);
  }
}

bool executable_has_symbols() noexcept {
  Guard guard(modules_lock);
  module_at(1);
  for (unsigned i = 0; i < module_count; ++i) {
    if (!modules[i].executable)
      continue;
    range_at(modules[i], modules[i].begin);
    return modules[i].symbols.known;
  }
  return false;
}

} // namespace tenterhook::recorder
