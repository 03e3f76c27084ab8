// Modules by dl_iterate_phdr, whose counters tell whether anything was loaded or unloaded since.
#include "trace/modules.h"
#include "trace/system.h"
#include "trace/unwind.h"

#include <cstring>
#include <elf.h>
#include <fcntl.h>

namespace tenterhook::trace::detail {
namespace {

// The build-id note in a PT_NOTE segment.
void read_build_id(const dl_phdr_info &info, const ElfW(Phdr) & segment, ModuleInfo &to) noexcept {
  auto *at = reinterpret_cast<const char *>(info.dlpi_addr + segment.p_vaddr);
  const char *end = at + segment.p_memsz;
  std::size_t align = segment.p_align == 8 ? 7 : 3;
  while (at + sizeof(ElfW(Nhdr)) <= end) {
    ElfW(Nhdr) note;
    std::memcpy(&note, at, sizeof note);
    const char *name = at + sizeof note, *value = name + ((note.n_namesz + 3u) & ~3u);
    if (value + note.n_descsz > end)
      return;
    if (note.n_type == NT_GNU_BUILD_ID && note.n_namesz == 4 && std::memcmp(name, "GNU", 4) == 0) {
      to.build_id_size = note.n_descsz < sizeof to.build_id ? note.n_descsz : sizeof to.build_id;
      std::memcpy(to.build_id, value, to.build_id_size);
      return;
    }
    at = value + ((note.n_descsz + align) & ~align);
  }
}

std::uint64_t changes_of(const dl_phdr_info &info) noexcept { return info.dlpi_adds * 0x1'0000'0001u + info.dlpi_subs; }

} // namespace

void Modules::add(const dl_phdr_info &info) noexcept {
  ModuleInfo module{};
  module.begin = ~std::uint64_t(0);
  module.bias = info.dlpi_addr;
  for (int i = 0; i < info.dlpi_phnum; ++i) {
    const ElfW(Phdr) &segment = info.dlpi_phdr[i];
    std::uint64_t begin = info.dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD) {
      module.begin = begin < module.begin ? begin : module.begin;
      module.end = begin + segment.p_memsz > module.end ? begin + segment.p_memsz : module.end;
    } else if (segment.p_type == PT_NOTE && module.build_id_size == 0)
      read_build_id(info, segment, module);
  }
  if (module.end == 0)
    return;
  for (std::uint32_t i = 0; i < count; ++i)
    if (list[i].begin == module.begin && list[i].end == module.end && list[i].build_id_size == module.build_id_size &&
        std::memcmp(list[i].build_id, module.build_id, module.build_id_size) == 0) {
      list[i].mapped = true;
      return;
    }
  if (count == capacity)
    return;
  if (info.dlpi_name && *info.dlpi_name)
    std::strncpy(module.path, info.dlpi_name, sizeof module.path - 1);
  else
    system_call(SYS_readlinkat, AT_FDCWD, word("/proc/self/exe"), word(module.path), sizeof module.path - 1);
  module.mapped = true;
  list[count++] = module;
}

namespace {
struct Visit {
  Modules *modules;
  bool begun;
};
} // namespace

TENTERHOOK_WRITTEN_BY_FORK constinit Lock Modules::lock;
TENTERHOOK_WRITTEN_BY_FORK constinit Lock Modules::reading;

int Modules::visit(dl_phdr_info *info, std::size_t, void *given) noexcept {
  auto &visit = *static_cast<Visit *>(given);
  Modules &to = *visit.modules;
  if (!visit.begun) {
    to.lock.lock();
    visit.begun = true;
    std::uint64_t now = changes_of(*info);
    if (now == to.changes)
      return 1;
    to.changes = now;
    forget_frame_rows();
    for (std::uint32_t i = 0; i < to.count; ++i)
      to.list[i].mapped = false;
  }
  to.add(*info);
  return 0;
}

void Modules::refresh() noexcept {
  // Who reads may wait for the loader's lock, which this thread may hold: then that one reads for both.
  if (!reading.lock_within(20'000'000))
    return;
  Visit visit{this, false};
  dl_iterate_phdr(&Modules::visit, &visit);
  if (visit.begun)
    lock.unlock();
  reading.unlock();
}

const ModuleInfo *Modules::next_unwritten() noexcept {
  Guard guard(lock);
  return written < count ? &list[written++] : nullptr;
}

bool Modules::contains(std::uint64_t address, std::uint64_t size) const noexcept {
  Guard guard(lock);
  for (std::uint32_t i = 0; i < count; ++i)
    if (list[i].mapped && address >= list[i].begin && address + size <= list[i].end && address + size >= address)
      return true;
  return false;
}

const Place *place_of(std::uint64_t key, const Modules &modules) noexcept {
  if (key % alignof(Place) != 0 || !modules.contains(key, sizeof(Place)))
    return nullptr;
  auto *place = reinterpret_cast<const Place *>(key);
  if (!modules.contains(reinterpret_cast<std::uint64_t>(place->file), 1) ||
      !modules.contains(reinterpret_cast<std::uint64_t>(place->function), 1))
    return nullptr;
  return place;
}

} // namespace tenterhook::trace::detail
