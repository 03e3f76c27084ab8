// Walking a stack by rows of call frame information, of which a cache keeps those of addresses seen before. Memory is read
// only where it is known to be there: from the stack pointer up to the end of its page, and beyond as far as the kernel
// copies bytes from (process_vm_readv needs no descriptor). Code without rows is taken to keep a frame pointer if that leads
// to what follows a call.
#include "trace/unwind.h"
#include "trace/frame_rows.h"
#include "trace/system.h"

#include <cstring>
#include <pthread.h>
#include <sys/uio.h>
#include <ucontext.h>
#include <unwind.h>

namespace tenterhook::trace::detail {

#if defined(__x86_64__)
} // namespace tenterhook::trace::detail

extern "C" [[gnu::weak]] void *__libc_stack_end; // the loader's: the end of the first thread's stack

namespace tenterhook::trace::detail {
namespace {

// The walk reads what sanitizers keep between variables.
#define TENTERHOOK_READS_STACKS __attribute__((no_sanitize("address", "thread", "undefined")))

constexpr std::uint64_t page = 4096;

// --- memory ----------------------------------------------------------------------------------------------------------

// The part of this thread's own stack that is known to be mapped, up to its end. It stays so.
thread_local constinit std::uint64_t own_begin __attribute__((tls_model("initial-exec"))) = 0;
thread_local constinit std::uint64_t own_end __attribute__((tls_model("initial-exec"))) = 0;

// How many bytes from `begin`, which is a page's, can be read; to `end` at the most. 0 also if nobody tells.
std::uint64_t readable(std::uint64_t begin, std::uint64_t end) noexcept {
  constexpr unsigned at_once = 64; // pages
  char bytes[at_once];
  iovec pages[at_once];
  std::uint64_t at = begin;
  while (at < end) {
    unsigned count = 0;
    for (; count < at_once && at + count * page < end; ++count)
      pages[count] = {reinterpret_cast<void *>(at + count * page), 1};
    iovec to{bytes, count};
    long copied = system_call(SYS_process_vm_readv, process_id(), word(&to), 1, word(pages), count, 0);
    if (copied <= 0)
      break;
    at += std::uint64_t(copied) * page;
    if (copied < long(count))
      break;
  }
  return (at < end ? at : end) - begin;
}

class Memory {
public:
  explicit Memory(std::uint64_t stack_pointer) noexcept { move_to(stack_pointer); }
  // Another stack: that of the code which a signal interrupted.
  void move_to(std::uint64_t stack_pointer) noexcept {
    constexpr std::uint64_t red_zone = 128; // what an epilogue has taken off is told to be there as before
    begin_ = stack_pointer - red_zone;
    end_ = (stack_pointer | (page - 1)) + 1;
    if (stack_pointer >= own_begin && stack_pointer < own_end)
      end_ = own_end;
  }
  TENTERHOOK_READS_STACKS bool read(std::uint64_t at, std::uint64_t &value) noexcept {
    if (at < begin_ || at % sizeof value != 0)
      return false;
    if (at + sizeof value > end_ && !extend(at + sizeof value))
      return false;
    value = *reinterpret_cast<const std::uint64_t *>(at);
    return true;
  }
  bool has(std::uint64_t at, std::uint64_t size) noexcept {
    return at >= begin_ && at + size > at && (at + size <= end_ || extend(at + size));
  }

private:
  std::uint64_t begin_, end_;

  // glibc keeps a thread's control block at the end of its stack; the first thread's is above its frames.
  __attribute__((noinline)) bool extend(std::uint64_t wanted) noexcept {
    constexpr std::uint64_t largest_stack = std::uint64_t(1) << 28, largest_frame = std::uint64_t(1) << 22;
    std::uint64_t known = end_;
    auto block = reinterpret_cast<std::uint64_t>(pthread_self());
    std::uint64_t first = &__libc_stack_end ? reinterpret_cast<std::uint64_t>(__libc_stack_end) : 0;
    for (std::uint64_t end : {block, first}) {
      if (end < wanted || end - begin_ > largest_stack)
        continue;
      std::uint64_t until = end == own_end && own_begin > begin_ ? own_begin : end;
      if (until <= known || readable(known, until) == until - known) {
        own_begin = begin_ & ~(page - 1);
        own_end = end_ = end;
        return true;
      }
    }
    if (wanted < known || wanted - known > largest_frame)
      return false;
    end_ = known + readable(known, (wanted - 1) / page * page + page);
    return end_ >= wanted;
  }
};

// --- what is known of addresses --------------------------------------------------------------------------------------

// An entry holds an address in the upper 48 bits of `key` and a check of `row` below, so that two writers at once leave
// nothing that a reader would take for a row.
struct Entry {
  std::atomic<std::uint64_t> key, row;
};
constexpr unsigned cache_bits = 13;
constinit Entry cache[1u << cache_bits] = {};

// All of a row but its code, which is of rare rows; those are not kept.
std::uint64_t pack(const FrameRow &row) noexcept {
  return std::uint64_t(row.kind) | std::uint64_t(row.rbp) << 3 | std::uint64_t(row.base) << 5 |
         std::uint64_t(std::uint8_t(row.return_offset)) << 10 | std::uint64_t(row.rbp_offset & 0x3fff) << 18 |
         std::uint64_t(std::uint32_t(row.cfa_offset)) << 32;
}
FrameRow unpack(std::uint64_t packed) noexcept {
  FrameRow row;
  row.kind = FrameRow::Kind(packed & 7);
  row.rbp = FrameRow::Rbp(packed >> 3 & 3);
  row.base = packed >> 5 & 31;
  row.return_offset = std::int8_t(packed >> 10);
  row.rbp_offset = std::int16_t(std::int16_t(packed >> 16) >> 2);
  row.cfa_offset = std::int32_t(packed >> 32);
  return row;
}
std::uint64_t check_of(std::uint64_t packed) noexcept { return (packed * 0x9e37'79b9'7f4a'7c15u >> 48) | 1; }

FrameRow row_at(std::uint64_t address) noexcept {
  constexpr auto relaxed = std::memory_order_relaxed;
  Entry &entry = cache[address * 0x9e37'79b9'7f4a'7c15u >> (64 - cache_bits)];
  std::uint64_t key = entry.key.load(relaxed), packed = entry.row.load(relaxed);
  if (key >> 16 == address && (key & 0xffff) == check_of(packed))
    return unpack(packed);
  FrameRow row = find_frame_row(address);
  if (row.kind != FrameRow::expression && row.kind != FrameRow::none && address >> 48 == 0) {
    packed = pack(row);
    entry.key.store(address << 16 | check_of(packed), relaxed);
    entry.row.store(packed, relaxed);
  }
  return row;
}

// --- a step ----------------------------------------------------------------------------------------------------------

struct Frame {
  std::uint64_t registers[dwarf::rip + 1];
  std::uint32_t known; // which of them, one bit each
  bool interrupted;    // rip is of the next instruction, not behind a call
};

// What procedure linkage tables and functions that align their stack compute. False for anything else.
bool compute(const std::uint8_t *at, const Frame &frame, Memory &memory, std::uint64_t &result) noexcept {
  std::uint64_t stack[8];
  unsigned depth = 0;
  auto number = [&](bool is_signed) {
    std::uint64_t value = 0;
    unsigned shift = 0;
    std::uint8_t byte;
    do {
      byte = *at++;
      value |= std::uint64_t(byte & 0x7f) << shift;
      shift += 7;
    } while ((byte & 0x80) && shift < 63);
    if (is_signed && (byte & 0x40))
      value |= ~std::uint64_t(0) << shift;
    return value;
  };
  std::uint64_t size = number(false);
  for (const std::uint8_t *end = at + size; at < end;) {
    std::uint8_t operation = *at++;
    if (depth == 8)
      return false;
    if (operation >= 0x30 && operation <= 0x4f) { // lit
      stack[depth++] = operation - 0x30u;
    } else if (operation >= 0x70 && operation <= 0x70 + dwarf::rip) { // breg
      unsigned of = operation - 0x70u;
      if (!(frame.known >> of & 1))
        return false;
      stack[depth++] = frame.registers[of] + number(true);
    } else if (operation == 0x08) { // const1u
      stack[depth++] = *at++;
    } else if (operation == 0x23 && depth >= 1) { // plus_uconst
      stack[depth - 1] += number(false);
    } else if (operation == 0x06 && depth >= 1) { // deref
      if (!memory.read(stack[depth - 1], stack[depth - 1]))
        return false;
    } else if (depth >= 2) {
      std::uint64_t right = stack[--depth], &left = stack[depth - 1];
      switch (operation) {
      case 0x1a: left &= right; break;
      case 0x1c: left -= right; break;
      case 0x22: left += right; break;
      case 0x24: left = right < 64 ? left << right : 0; break;
      case 0x2a: left = std::int64_t(left) >= std::int64_t(right); break;
      default: return false;
      }
    } else {
      return false;
    }
  }
  result = depth ? stack[depth - 1] : 0;
  return depth != 0;
}

// The bytes before it are those of a call.
TENTERHOOK_READS_STACKS bool follows_call(std::uint64_t address) noexcept {
  if (!is_in_module(address) || !is_in_module(address - 7))
    return false;
  auto *code = reinterpret_cast<const std::uint8_t *>(address);
  if (code[-5] == 0xe8)
    return true;
  for (int size = 2; size <= 7; ++size)
    if (code[-size] == 0xff && (code[1 - size] >> 3 & 7) == 2)
      return true;
  return false;
}

// A frame of code without rows: compiled without tables, or by a just-in-time compiler.
bool step_by_frame_pointer(Frame &frame, Memory &memory) noexcept {
  using namespace dwarf;
  std::uint64_t base = frame.registers[rbp], next, address;
  if (!(frame.known >> rbp & 1) || base < frame.registers[rsp] || !memory.read(base, next) || !memory.read(base + 8, address))
    return false;
  bool from_generated_code = !is_in_module(frame.registers[rip]);
  if (!follows_call(address) && !(from_generated_code && address > 4096 && !is_in_module(address)))
    return false;
  frame.registers[rip] = address;
  frame.registers[rsp] = base + 16;
  frame.registers[rbp] = next;
  frame.known = 1u << rip | 1u << rsp | 1u << rbp;
  frame.interrupted = false;
  return true;
}

bool step_out_of_signal(Frame &frame, Memory &memory) noexcept {
  using namespace dwarf;
  std::uint64_t at = frame.registers[rsp];
  if (!memory.has(at, sizeof(ucontext_t)))
    return false;
  auto &from = reinterpret_cast<const ucontext_t *>(at)->uc_mcontext.gregs;
  constexpr int order[] = {REG_RAX, REG_RDX, REG_RCX, REG_RBX, REG_RSI, REG_RDI, REG_RBP, REG_RSP, REG_R8,
                           REG_R9,  REG_R10, REG_R11, REG_R12, REG_R13, REG_R14, REG_R15, REG_RIP};
  for (unsigned i = 0; i <= rip; ++i)
    frame.registers[i] = std::uint64_t(from[order[i]]);
  frame.known = (1u << (rip + 1)) - 1;
  frame.interrupted = true;
  memory.move_to(frame.registers[rsp]);
  return frame.registers[rip] != 0;
}

bool step(Frame &frame, Memory &memory) noexcept {
  using namespace dwarf;
  FrameRow row = row_at(frame.interrupted ? frame.registers[rip] : frame.registers[rip] - 1);
  std::uint64_t cfa = 0, address;
  switch (row.kind) {
  case FrameRow::none: return step_by_frame_pointer(frame, memory);
  case FrameRow::outermost: return false;
  case FrameRow::signal: return step_out_of_signal(frame, memory);
  case FrameRow::expression:
    if (!compute(row.code, frame, memory, cfa))
      return false;
    break;
  case FrameRow::plain:
  case FrameRow::indirect:
    if (!(frame.known >> row.base & 1))
      return false;
    cfa = frame.registers[row.base] + std::uint64_t(std::int64_t(row.cfa_offset));
    if (row.kind == FrameRow::indirect && !memory.read(cfa, cfa))
      return false;
    break;
  }
  // Stacks grow downwards: what does not lie above is not the caller's.
  if (cfa <= frame.registers[rsp] || !memory.read(cfa + std::uint64_t(row.return_offset * 8), address) || address == 0)
    return false;
  std::uint64_t base = row.rbp == FrameRow::from_rbp ? frame.registers[rbp] : cfa;
  frame.known = (frame.known & 1u << rbp) | 1u << rsp | 1u << rip;
  if (row.rbp == FrameRow::lost)
    frame.known &= ~(1u << rbp);
  else if (row.rbp != FrameRow::same) {
    if (!memory.read(base + std::uint64_t(row.rbp_offset * 8), frame.registers[rbp]))
      return false;
    frame.known |= 1u << rbp;
  }
  frame.registers[rip] = address;
  frame.registers[rsp] = cfa;
  frame.interrupted = false;
  return true;
}

} // namespace

__attribute__((noinline)) std::uint32_t walk_stack(void **to, std::uint32_t capacity) noexcept {
  using namespace dwarf;
  Frame frame;
  frame.known = 1u << rbp | 1u << rsp | 1u << rip;
  frame.interrupted = true;
  // One moment: the row is that instruction's.
  __asm__ volatile("movq %%rbp, 48(%0)\n\t"
                   "movq %%rsp, 56(%0)\n\t"
                   "leaq 0(%%rip), %%rax\n\t"
                   "movq %%rax, 128(%0)"
                   :
                   : "r"(frame.registers)
                   : "rax", "memory");
  Memory memory(frame.registers[rsp]);
  std::uint32_t count = 0;
  while (count < capacity && step(frame, memory))
    to[count++] = reinterpret_cast<void *>(frame.registers[rip]);
  return count;
}

const void *readable_above(const void *frame) noexcept {
  auto at = reinterpret_cast<std::uint64_t>(frame);
  return reinterpret_cast<const void *>(at >= own_begin && at < own_end ? own_end : (at | (page - 1)) + 1);
}

void forget_frame_rows() noexcept {
  for (Entry &entry : cache)
    entry.key.store(0, std::memory_order_relaxed);
}

#else

std::uint32_t walk_stack(void **to, std::uint32_t capacity) noexcept {
  struct Walk {
    void **to;
    std::uint32_t capacity, count;
  } walk{to, capacity, 0};
  _Unwind_Backtrace(
      [](_Unwind_Context *context, void *given) {
        auto &at = *static_cast<Walk *>(given);
        auto address = _Unwind_GetIP(context);
        if (address == 0 || at.count == at.capacity)
          return _URC_END_OF_STACK;
        at.to[at.count++] = reinterpret_cast<void *>(address);
        return _URC_NO_REASON;
      },
      &walk);
  return walk.count;
}
const void *readable_above(const void *frame) noexcept {
  constexpr std::uint64_t page = 4096;
  return reinterpret_cast<const void *>((reinterpret_cast<std::uint64_t>(frame) | (page - 1)) + 1);
}
void forget_frame_rows() noexcept {}

#endif

std::uint32_t unwind(std::uint64_t *to, std::uint32_t capacity, unsigned skip, const void *return_address) noexcept {
  constexpr std::uint32_t own = 16; // frames of this library at most
  void *frames[128 + own];
  std::uint32_t count = walk_stack(frames, (capacity < 128 ? capacity : 128) + own), first = 0;
  for (std::uint32_t i = 0; i < count && i < own; ++i)
    if (frames[i] == return_address) {
      first = i;
      break;
    }
  first += skip;
  std::uint32_t kept = 0;
  for (std::uint32_t i = first; i < count && kept < capacity; ++i)
    to[kept++] = reinterpret_cast<std::uint64_t>(frames[i]);
  return kept;
}

} // namespace tenterhook::trace::detail
