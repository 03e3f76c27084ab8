// Call frame information, read where the loader has mapped it: .eh_frame_hdr's table leads to the FDE of an address, whose
// instructions are run up to that address. See frame_rows.h.
#include "trace/frame_rows.h"
#include "trace/found_object.h"

#if defined(__x86_64__)

#include <cstring>

namespace tenterhook::trace::detail {
namespace {

// --- bytes -----------------------------------------------------------------------------------------------------------

template <typename T> T load(const std::uint8_t *at) noexcept {
  T value;
  std::memcpy(&value, at, sizeof value);
  return value;
}

class Reader {
public:
  const std::uint8_t *at;
  explicit Reader(const std::uint8_t *begin) noexcept : at(begin) {}

  template <typename T> T take() noexcept {
    T value = load<T>(at);
    at += sizeof value;
    return value;
  }
  std::uint64_t take_unsigned() noexcept { // ULEB128
    std::uint64_t value = 0;
    for (unsigned shift = 0;; shift += 7) {
      std::uint8_t byte = *at++;
      if (shift < 64)
        value |= std::uint64_t(byte & 0x7f) << shift;
      if (!(byte & 0x80))
        return value;
    }
  }
  std::int64_t take_signed() noexcept { // SLEB128
    std::uint64_t value = 0;
    for (unsigned shift = 0;;) {
      std::uint8_t byte = *at++;
      if (shift < 64)
        value |= std::uint64_t(byte & 0x7f) << shift;
      shift += 7;
      if (!(byte & 0x80)) {
        if (shift < 64 && (byte & 0x40))
          value |= ~std::uint64_t(0) << shift;
        return std::int64_t(value);
      }
    }
  }
  // A pointer in one of .eh_frame's encodings; `relative`: as if it were relative to nothing, for lengths.
  std::uint64_t take_pointer(std::uint8_t encoding, std::uint64_t data_base, bool relative = true) noexcept {
    constexpr std::uint8_t omitted = 0xff, is_indirect = 0x80, pc_relative = 0x10, data_relative = 0x30;
    if (encoding == omitted)
      return 0;
    auto here = reinterpret_cast<std::uint64_t>(at);
    std::uint64_t value = 0;
    switch (encoding & 0x0f) {
    case 0x00:
    case 0x04:
    case 0x0c: value = take<std::uint64_t>(); break;
    case 0x01: value = take_unsigned(); break;
    case 0x02: value = take<std::uint16_t>(); break;
    case 0x03: value = take<std::uint32_t>(); break;
    case 0x09: value = std::uint64_t(take_signed()); break;
    case 0x0a: value = std::uint64_t(std::int64_t(take<std::int16_t>())); break;
    case 0x0b: value = std::uint64_t(std::int64_t(take<std::int32_t>())); break;
    default: return 0;
    }
    if (!relative || value == 0)
      return value;
    if ((encoding & 0x70) == pc_relative)
      value += here;
    else if ((encoding & 0x70) == data_relative)
      value += data_base;
    return encoding & is_indirect ? load<std::uint64_t>(reinterpret_cast<const std::uint8_t *>(value)) : value;
  }
};

// --- which module, which function ------------------------------------------------------------------------------------

struct Searched {
  std::uint64_t address, header;
  bool found;
};
int look_into(dl_phdr_info *info, std::size_t, void *given) noexcept {
  auto &to = *static_cast<Searched *>(given);
  bool holds = false;
  std::uint64_t header = 0;
  for (int i = 0; i < info->dlpi_phnum; ++i) {
    const ElfW(Phdr) &segment = info->dlpi_phdr[i];
    std::uint64_t begin = info->dlpi_addr + segment.p_vaddr;
    if (segment.p_type == PT_LOAD && to.address >= begin && to.address - begin < segment.p_memsz)
      holds = true;
    else if (segment.p_type == PT_GNU_EH_FRAME)
      header = begin;
  }
  if (!holds)
    return 0;
  to.header = header;
  to.found = true;
  return 1;
}

// The address of the module's .eh_frame_hdr, 0 if it has none. False if the address is in no module.
bool find_module(std::uint64_t address, std::uint64_t &header) noexcept {
  if (tenterhook_dl_find_object) {
    FoundObject object;
    if (tenterhook_dl_find_object(reinterpret_cast<void *>(address), &object) != 0)
      return false;
    header = reinterpret_cast<std::uint64_t>(object.eh_frame_header);
    return true;
  }
  Searched searched{address, 0, false};
  dl_iterate_phdr(look_into, &searched);
  header = searched.header;
  return searched.found;
}

// By the header's table of (first address, FDE), sorted. Null if there is none for the address.
const std::uint8_t *find_fde(std::uint64_t header, std::uint64_t address) noexcept {
  constexpr std::uint8_t data_relative_4 = 0x3b; // what linkers write
  Reader reader(reinterpret_cast<const std::uint8_t *>(header));
  std::uint8_t version = reader.take<std::uint8_t>(), frame_encoding = reader.take<std::uint8_t>();
  std::uint8_t count_encoding = reader.take<std::uint8_t>(), table_encoding = reader.take<std::uint8_t>();
  if (version != 1 || table_encoding != data_relative_4)
    return nullptr;
  reader.take_pointer(frame_encoding, header);
  std::uint64_t count = reader.take_pointer(count_encoding, header, false), low = 0, high = count;
  auto entry = [&](std::uint64_t index, unsigned part) {
    return header + std::uint64_t(std::int64_t(load<std::int32_t>(reader.at + index * 8 + part * 4)));
  };
  while (low < high) {
    std::uint64_t middle = low + (high - low) / 2;
    if (entry(middle, 0) <= address)
      low = middle + 1;
    else
      high = middle;
  }
  return low ? reinterpret_cast<const std::uint8_t *>(entry(low - 1, 1)) : nullptr;
}

struct Instructions {
  const std::uint8_t *begin, *end;
};
struct Cie {
  std::uint64_t code_factor = 1;
  std::int64_t data_factor = 1;
  std::uint64_t return_register = dwarf::rip;
  std::uint8_t pointers = 0; // encoding
  bool has_sizes = false, is_signal = false;
  Instructions code{};
};

bool read_cie(const std::uint8_t *at, Cie &cie) noexcept {
  Reader reader(at);
  std::uint32_t length = reader.take<std::uint32_t>();
  if (length == 0 || length == ~std::uint32_t(0) || load<std::uint32_t>(reader.at) != 0)
    return false;
  cie.code.end = reader.at + length;
  reader.at += 4;
  std::uint8_t version = reader.take<std::uint8_t>();
  if (version != 1 && version != 3)
    return false;
  auto *letters = reinterpret_cast<const char *>(reader.at);
  reader.at += std::strlen(letters) + 1;
  cie.code_factor = reader.take_unsigned();
  cie.data_factor = reader.take_signed();
  cie.return_register = version == 1 ? reader.take<std::uint8_t>() : reader.take_unsigned();
  cie.code.begin = reader.at;
  if (*letters == 0)
    return true;
  if (*letters != 'z')
    return false;
  cie.has_sizes = true;
  std::uint64_t size = reader.take_unsigned();
  cie.code.begin = reader.at + size;
  while (*++letters) {
    switch (*letters) {
    case 'R': cie.pointers = reader.take<std::uint8_t>(); break;
    case 'L': reader.take<std::uint8_t>(); break;
    case 'P': {
      std::uint8_t encoding = reader.take<std::uint8_t>();
      reader.take_pointer(encoding & 0x7f, 0);
      break;
    }
    case 'S': cie.is_signal = true; break;
    default: return true; // the sizes tell where the rest ends
    }
  }
  return true;
}

// --- the instructions ------------------------------------------------------------------------------------------------

struct Rule {
  FrameRow::Rbp kind = FrameRow::same;
  std::int64_t offset = 0;
};
struct State {
  std::uint64_t cfa_register = dwarf::rsp;
  std::int64_t cfa_offset = 8;
  const std::uint8_t *cfa_code = nullptr; // its size, then its bytes
  Rule rbp, return_address{FrameRow::from_cfa, -8};

  const Rule *of(std::uint64_t number) const noexcept {
    return number == dwarf::rip ? &return_address : number == dwarf::rbp ? &rbp : nullptr;
  }
  void set(std::uint64_t number, Rule rule) noexcept {
    if (const Rule *at = of(number))
      *const_cast<Rule *>(at) = rule;
  }
  void restore(std::uint64_t number, const State &initial) noexcept {
    if (const Rule *rule = initial.of(number))
      set(number, *rule);
  }
};

// An expression that is rbp and an offset, and nothing else.
bool is_rbp_and_offset(const std::uint8_t *code, std::int64_t &offset, bool then_load) noexcept {
  constexpr std::uint8_t breg_rbp = 0x76, deref = 0x06;
  Reader reader(code);
  std::uint64_t size = reader.take_unsigned();
  const std::uint8_t *end = reader.at + size;
  if (size == 0 || reader.take<std::uint8_t>() != breg_rbp)
    return false;
  offset = reader.take_signed();
  if (then_load)
    return reader.at + 1 == end && *reader.at == deref;
  return reader.at == end;
}

// Runs them as far as `address`, from `location` on. False if they cannot be understood.
bool run(const Instructions &code, const Cie &cie, std::uint64_t location, std::uint64_t address, const State &initial,
         State &state) noexcept {
  constexpr unsigned most_remembered = 8;
  State remembered[most_remembered];
  unsigned depth = 0;
  Reader reader(code.begin);
  auto factored = [&](std::int64_t value) { return value * cie.data_factor; };
  auto skip_block = [&] {
    std::uint64_t size = reader.take_unsigned();
    reader.at += size;
  };
  while (reader.at < code.end && location <= address) {
    std::uint8_t operation = reader.take<std::uint8_t>(), low = operation & 0x3f;
    switch (operation >> 6) {
    case 1: location += low * cie.code_factor; continue;
    case 2: state.set(low, {FrameRow::from_cfa, factored(std::int64_t(reader.take_unsigned()))}); continue;
    case 3: state.restore(low, initial); continue;
    default: break;
    }
    switch (operation) {
    case 0x00: break;                                                             // nop
    case 0x01: location = reader.take_pointer(cie.pointers, 0); break;            // set_loc
    case 0x02: location += reader.take<std::uint8_t>() * cie.code_factor; break;  // advance_loc1
    case 0x03: location += reader.take<std::uint16_t>() * cie.code_factor; break; // advance_loc2
    case 0x04: location += reader.take<std::uint32_t>() * cie.code_factor; break; // advance_loc4
    case 0x05: {                                                                  // offset_extended
      std::uint64_t number = reader.take_unsigned();
      state.set(number, {FrameRow::from_cfa, factored(std::int64_t(reader.take_unsigned()))});
      break;
    }
    case 0x06: state.restore(reader.take_unsigned(), initial); break;      // restore_extended
    case 0x07: state.set(reader.take_unsigned(), {FrameRow::lost}); break; // undefined
    case 0x08: state.set(reader.take_unsigned(), {FrameRow::same}); break; // same_value
    case 0x09: {                                                           // register
      std::uint64_t number = reader.take_unsigned();
      reader.take_unsigned();
      state.set(number, {FrameRow::lost});
      break;
    }
    case 0x0a: // remember_state
      if (depth == most_remembered)
        return false;
      remembered[depth++] = state;
      break;
    case 0x0b: // restore_state
      if (depth == 0)
        return false;
      state = remembered[--depth];
      break;
    case 0x0c: // def_cfa
      state.cfa_register = reader.take_unsigned();
      state.cfa_offset = std::int64_t(reader.take_unsigned());
      state.cfa_code = nullptr;
      break;
    case 0x0d: // def_cfa_register
      state.cfa_register = reader.take_unsigned();
      state.cfa_code = nullptr;
      break;
    case 0x0e: state.cfa_offset = std::int64_t(reader.take_unsigned()); break; // def_cfa_offset
    case 0x0f:                                                                 // def_cfa_expression
      state.cfa_code = reader.at;
      skip_block();
      break;
    case 0x10: { // expression: lies at
      std::uint64_t number = reader.take_unsigned();
      Rule rule{FrameRow::from_rbp};
      if (!is_rbp_and_offset(reader.at, rule.offset, false))
        rule = {FrameRow::lost};
      state.set(number, rule);
      skip_block();
      break;
    }
    case 0x11: { // offset_extended_sf
      std::uint64_t number = reader.take_unsigned();
      state.set(number, {FrameRow::from_cfa, factored(reader.take_signed())});
      break;
    }
    case 0x12: // def_cfa_sf
      state.cfa_register = reader.take_unsigned();
      state.cfa_offset = factored(reader.take_signed());
      state.cfa_code = nullptr;
      break;
    case 0x13: state.cfa_offset = factored(reader.take_signed()); break; // def_cfa_offset_sf
    case 0x14:                                                           // val_offset
    case 0x15:                                                           // val_offset_sf
      state.set(reader.take_unsigned(), {FrameRow::lost});
      reader.take_unsigned();
      break;
    case 0x16: // val_expression
      state.set(reader.take_unsigned(), {FrameRow::lost});
      skip_block();
      break;
    case 0x2e: reader.take_unsigned(); break; // GNU_args_size
    case 0x2f: {                              // GNU_negative_offset_extended
      std::uint64_t number = reader.take_unsigned();
      state.set(number, {FrameRow::from_cfa, -factored(std::int64_t(reader.take_unsigned()))});
      break;
    }
    default: return false;
    }
  }
  return true;
}

// As a row, if it can be put so.
FrameRow row_of(const State &state) noexcept {
  FrameRow row;
  if (state.return_address.kind == FrameRow::lost) {
    row.kind = FrameRow::outermost;
    return row;
  }
  std::int64_t at = state.return_address.offset;
  if (state.return_address.kind != FrameRow::from_cfa || at % 8 != 0 || at < -1000 || at > 1000)
    return row;
  row.return_offset = std::int8_t(at / 8);
  row.rbp = state.rbp.kind;
  row.rbp_offset = std::int16_t(state.rbp.offset / 8);
  constexpr int farthest = 1 << 13; // what the cache has room for
  if (row.rbp_offset * 8 != state.rbp.offset || row.rbp_offset < -farthest || row.rbp_offset >= farthest)
    row.rbp = FrameRow::lost;
  std::int64_t offset = state.cfa_offset;
  row.kind = FrameRow::plain;
  row.base = std::uint8_t(state.cfa_register);
  if (state.cfa_code) {
    row.kind = FrameRow::expression;
    row.code = state.cfa_code;
    if (is_rbp_and_offset(state.cfa_code, offset, true)) {
      row.kind = FrameRow::indirect;
      row.base = dwarf::rbp;
    }
  }
  row.cfa_offset = std::int32_t(offset);
  if (state.cfa_register > dwarf::r15 || offset != row.cfa_offset)
    return {};
  return row;
}

} // namespace

bool is_in_module(std::uint64_t address) noexcept {
  std::uint64_t header;
  return find_module(address, header);
}

FrameRow find_frame_row(std::uint64_t address) noexcept {
  std::uint64_t header = 0;
  if (!find_module(address, header) || !header)
    return {};
  const std::uint8_t *fde = find_fde(header, address);
  if (!fde)
    return {};
  Reader reader(fde);
  std::uint32_t length = reader.take<std::uint32_t>();
  if (length == 0 || length == ~std::uint32_t(0))
    return {};
  Instructions code{nullptr, reader.at + length};
  std::uint32_t to_cie = load<std::uint32_t>(reader.at);
  Cie cie;
  if (to_cie == 0 || !read_cie(reader.at - to_cie, cie) || cie.return_register != dwarf::rip)
    return {};
  reader.at += 4;
  std::uint64_t begin = reader.take_pointer(cie.pointers, header);
  std::uint64_t size = reader.take_pointer(cie.pointers & 0x0f, 0, false);
  if (address < begin || address - begin >= size)
    return {};
  if (cie.is_signal) {
    FrameRow row;
    row.kind = FrameRow::signal;
    return row;
  }
  if (cie.has_sizes) {
    std::uint64_t augmentation = reader.take_unsigned();
    reader.at += augmentation;
  }
  code.begin = reader.at;
  State initial, state;
  if (!run(cie.code, cie, begin, begin, initial, initial))
    return {};
  state = initial;
  return run(code, cie, begin, address, initial, state) ? row_of(state) : FrameRow{};
}

} // namespace tenterhook::trace::detail

#endif
