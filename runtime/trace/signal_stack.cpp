// sigaltstack(2), with system calls of our own: see signal_stack.h.
#include "trace/signal_stack.h"
#include "trace/found_object.h"
#include "trace/system.h"

#include <csignal>
#include <cstring>
#include <elf.h>
#include <sys/mman.h>

namespace tenterhook::trace::detail {

TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<bool> has_own_alternates{false};

namespace {

thread_local constinit void *lent __attribute__((tls_model("initial-exec"))) = nullptr;

// Go's linker leaves such a note in each program and library: owner "Go", type 4, the id of its build.
bool has_note_of_go(const char *at, std::size_t size) noexcept {
  constexpr std::uint32_t build_id = 4;
  constexpr auto padded = [](std::uint32_t bytes) { return (std::size_t(bytes) + 3) & ~std::size_t(3); };
  for (ElfW(Nhdr) note; size >= sizeof note;) {
    std::memcpy(&note, at, sizeof note);
    const char *owner = at + sizeof note;
    std::size_t whole = sizeof note + padded(note.n_namesz) + padded(note.n_descsz);
    if (whole > size)
      return false;
    if (note.n_type == build_id && note.n_namesz >= 3 && std::memcmp(owner, "Go", 3) == 0)
      return true;
    at += whole;
    size -= whole;
  }
  return false;
}

bool is_of_go(const void *code) noexcept {
  FoundObject module;
  if (!tenterhook_dl_find_object || tenterhook_dl_find_object(const_cast<void *>(code), &module) != 0)
    return false;
  const char *begin = static_cast<const char *>(module.begin), *base = reinterpret_cast<const char *>(module.map->l_addr);
  ElfW(Ehdr) header;
  std::memcpy(&header, begin, sizeof header);
  if (std::memcmp(header.e_ident, ELFMAG, SELFMAG) != 0)
    return false;
  for (unsigned i = 0; i < header.e_phnum; ++i) {
    ElfW(Phdr) segment;
    std::memcpy(&segment, begin + header.e_phoff + i * sizeof segment, sizeof segment);
    if (segment.p_type == PT_NOTE && has_note_of_go(base + segment.p_vaddr, segment.p_memsz))
      return true;
  }
  return false;
}

} // namespace

bool sets_alternates_itself(const void *handler) noexcept {
  stack_t there{};
  if (system_call(SYS_sigaltstack, 0, word(&there)) == 0 && !(there.ss_flags & SS_DISABLE) && !SignalStack::is_lent(there.ss_sp))
    return true;
  return handler && is_of_go(handler);
}

bool SignalStack::is_lent(const void *stack) noexcept { return stack && stack == lent; }

void SignalStack::give() noexcept {
  if (has_own_alternates.load(std::memory_order_relaxed))
    return;
  stack_t there{};
  if (system_call(SYS_sigaltstack, 0, word(&there)) != 0 || !(there.ss_flags & SS_DISABLE))
    return;
  if (!memory) {
    long made =
        system_call(SYS_mmap, 0, guard + size, PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
    if (made < 0 && made > -4096)
      return;
    memory = reinterpret_cast<char *>(made);
    system_call(SYS_mprotect, made, guard, PROT_NONE);
  }
  stack_t ours{};
  ours.ss_sp = memory + guard;
  ours.ss_size = size;
  if (system_call(SYS_sigaltstack, word(&ours), 0) == 0)
    lent = ours.ss_sp;
}

void SignalStack::take_back() noexcept {
  stack_t there{};
  if (!memory || system_call(SYS_sigaltstack, 0, word(&there)) != 0 || there.ss_sp != memory + guard)
    return;
  stack_t none{};
  none.ss_flags = SS_DISABLE;
  if (system_call(SYS_sigaltstack, word(&none), 0) != 0)
    lose(); // the thread ends in a handler
  else
    lent = nullptr;
}

} // namespace tenterhook::trace::detail
