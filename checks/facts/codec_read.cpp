// decode: the reading half of the stored form (format.h). Total: any bytes give a valid summary or an error.
//
// LLVM's BitstreamCursor ends the process on some malformed abbreviations, so no abbreviation is taken from a file but
// the one that the writer defines, after its definition was compared; nor is a BLOCKINFO block. Every count is tested
// against what is left of its record before anything of that size is allocated.
#include "facts/codec.h"
#include "facts/fault.h"
#include "facts/format.h"
#include "facts/schema.h"
#include "llvm/Bitstream/BitstreamReader.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/xxhash.h"
#include <map>

namespace tenterhook::facts {

namespace {

using Values = llvm::SmallVector<std::uint64_t, 64>;

// Takes structs from a record. After a fault everything reads as zero.
class StructReader {
public:
  explicit StructReader(const std::vector<llvm::StringRef> &strings) : strings_(strings) {}
  const char *fault = nullptr;

  void start(llvm::ArrayRef<std::uint64_t> record) { left_ = record; }
  bool finished() {
    if (!left_.empty())
      fail("a record has values left over");
    return !fault;
  }

  template <class T> void read(T &x) {
    const std::uint64_t mask = mask_;
    if (++depth_ > max_depth)
      fail("a record is nested too deeply");
    mask_ = take();
    visit(*this, x);
    --depth_;
    if (mask_)
      fail("a record has an unknown field");
    mask_ = mask;
  }

  template <class T> void number(const char *, T &x) {
    const bool set = next();
    if constexpr (std::same_as<T, bool>)
      x = set;
    else if (!set)
      x = 0;
    else if constexpr (std::same_as<T, std::int64_t>)
      x = format::unzigzag(take());
    else
      x = take_below<T>(std::uint64_t(std::numeric_limits<T>::max()));
  }
  template <class E> void choice(const char *, E &x) {
    x = next() ? static_cast<E>(take_below<std::uint8_t>(names_of<E>.size() - 1)) : E{};
  }
  template <Table T> void id(const char *, std::uint32_t &x) { x = next() ? get<T>() : T == Table::strings ? 0 : none; }
  template <Table T> void ids(const char *, std::vector<std::uint32_t> &x) {
    x.resize(next() ? count() : 0);
    for (std::uint32_t &i : x)
      i = get<T>();
  }
  void root_id(const char *name, RootKind &, std::uint32_t &x) { id<Table::ops>(name, x); }
  void text(const char *, std::string &x) {
    if (next())
      x = string();
  }
  template <class T> void part(const char *, T &x) {
    if (next())
      read(x);
  }
  void part(const char *, Place &x) {
    if (next())
      place(x);
  }
  template <class T> void parts(const char *, std::vector<T> &x) {
    x.resize(next() ? count() : 0);
    for (T &element : x)
      read(element);
  }

  std::uint64_t take() {
    if (left_.empty()) {
      fail("a record is too short");
      return 0;
    }
    const std::uint64_t value = left_.front();
    left_ = left_.drop_front();
    return value;
  }
  template <class T> T take_below(std::uint64_t last) {
    const std::uint64_t value = take();
    if (value <= last)
      return static_cast<T>(value);
    fail("a value is out of range");
    return 0;
  }
  // Each element takes one value or more.
  std::size_t count() {
    const std::uint64_t n = take();
    if (n <= left_.size())
      return n;
    fail("a count is larger than its record");
    return 0;
  }
  std::string string() {
    const std::uint64_t index = take();
    if (index < strings_.size())
      return strings_[index].str();
    fail("a string is out of range");
    return {};
  }

private:
  void fail(const char *why) {
    if (!fault)
      fault = why;
    left_ = {};
    mask_ = 0;
  }
  bool next() {
    const bool set = mask_ & 1;
    mask_ >>= 1;
    return set;
  }
  template <Table T> std::uint32_t get() {
    const auto value = take_below<std::uint32_t>(UINT32_MAX);
    return T == Table::strings ? value : value - 1; // 0 wraps to none
  }
  std::uint32_t offset_from(std::uint32_t base) {
    const std::int64_t by = format::unzigzag(take_below<std::uint32_t>(UINT32_MAX));
    return base + static_cast<std::uint32_t>(by);
  }
  void place(Place &x) {
    const std::uint64_t first = take();
    if (first >> (32 + format::place_bits))
      return fail("a line is out of range");
    const std::int64_t by = format::unzigzag(first >> format::place_bits);
    auto &[file, line, column, end_line, end_column] = x;
    line = last_.line + static_cast<std::uint32_t>(by);
    file = first & format::other_file ? take_below<std::uint32_t>(UINT32_MAX) : last_.file;
    column = take_below<std::uint32_t>(UINT32_MAX);
    end_line = first & format::several_lines ? offset_from(line) : line;
    end_column = offset_from(column);
    last_ = x;
  }

  static constexpr unsigned max_depth = 8 + max_choice_depth; // a table's struct, and operands within operands

  const std::vector<llvm::StringRef> &strings_;
  llvm::ArrayRef<std::uint64_t> left_;
  unsigned depth_ = 0;
  std::uint64_t mask_ = 0; // of the struct being read; the lowest bit is the next field's
  Place last_;
};

// Walks the payload. After a fault every step does nothing.
class PayloadReader {
public:
  PayloadReader(llvm::StringRef payload, TUSummary &summary) : cursor_(payload), summary_(summary), own_(strings_) {}
  std::string fault;
  std::uint64_t fault_offset = 0;

  void run() {
    read_strings();
    Values values;
    llvm::StringRef blob;
    if (!enter(format::summary_block) || !record(format::fields, values, blob))
      return;
    own_.start(values);
    next_block_ = format::first_table_block;
    visit(*this, summary_);
    if (fault.empty() && !cursor_.AtEndOfStream())
      fail("data follows the last table");
    if (fault.empty())
      if (const std::optional<Fault> found = find_fault(summary_)) {
        const auto offsets = record_offsets_.find(found->table);
        fault_offset = offsets == record_offsets_.end() ? 0 : offsets->second[found->index];
        fault = found->table.empty() ? found->reason : found->table + "[" + std::to_string(found->index) + "]." + found->reason;
      }
  }

  // The summary's own fields, as codec.cpp writes them.
  template <class T> void number(const char *, T &x) { x = own_.take_below<T>(std::numeric_limits<T>::max()); }
  template <Table T> void ids(const char *, std::vector<std::uint32_t> &x) {
    x.resize(own_.count());
    for (std::uint32_t &i : x)
      i = own_.take_below<std::uint32_t>(UINT32_MAX);
  }
  void text(const char *, std::string &x) { x = own_.string(); }

  // A table.
  template <class T> void parts(const char *name, std::vector<T> &x) {
    if (!fault.empty())
      return;
    if (next_block_ == format::first_table_block && (!own_.finished() || !leave()))
      return fail(own_.fault);
    if (!enter(next_block_++))
      return;
    std::vector<std::uint64_t> &offsets = record_offsets_[name];
    StructReader reader(strings_);
    Values values;
    llvm::StringRef blob;
    while (fault.empty() && !at_end_of_block()) {
      offsets.push_back(entry_offset_);
      if (!read_entry(format::fields, values, blob))
        return;
      reader.start(values);
      reader.read(x.emplace_back());
      if (!reader.finished())
        return fail(reader.fault);
    }
  }

private:
  void fail(const char *why) {
    if (!fault.empty() || !why)
      return;
    fault = why;
    fault_offset = entry_offset_;
  }
  template <class T> bool ok(llvm::Expected<T> &value) {
    if (value)
      return true;
    llvm::consumeError(value.takeError());
    fail("the bit stream is malformed");
    return false;
  }

  // Moves to the next entry.
  bool advance() {
    entry_offset_ = cursor_.GetCurrentBitNo() / 8;
    llvm::Expected<llvm::BitstreamEntry> entry = cursor_.advance(llvm::BitstreamCursor::AF_DontAutoprocessAbbrevs);
    if (!ok(entry))
      return false;
    entry_ = *entry;
    if (entry_.Kind == llvm::BitstreamEntry::Error)
      fail("the bit stream is malformed");
    return fault.empty();
  }
  bool at_end_of_block() { return !advance() || entry_.Kind == llvm::BitstreamEntry::EndBlock; }

  bool enter(unsigned block) {
    if (!fault.empty() || !advance())
      return false;
    if (entry_.Kind != llvm::BitstreamEntry::SubBlock || entry_.ID != block)
      fail("another block was expected");
    else if (llvm::Error error = cursor_.EnterSubBlock(block)) {
      llvm::consumeError(std::move(error));
      fail("the bit stream is malformed");
    }
    return fault.empty();
  }
  bool leave() {
    if (!at_end_of_block())
      fail("the end of a block was expected");
    return fault.empty();
  }
  bool record(unsigned code, Values &values, llvm::StringRef &blob) { return advance() && read_entry(code, values, blob); }
  // Reads the record that advance() came to.
  bool read_entry(unsigned code, Values &values, llvm::StringRef &blob) {
    values.clear();
    const bool allowed = entry_.ID == llvm::bitc::UNABBREV_RECORD || // else: the one abbreviation that was defined
                         (code == format::string_blob && entry_.ID == llvm::bitc::FIRST_APPLICATION_ABBREV);
    if (entry_.Kind != llvm::BitstreamEntry::Record || !allowed) {
      fail("a record was expected");
      return false;
    }
    llvm::Expected<unsigned> found = cursor_.readRecord(entry_.ID, values, &blob);
    if (ok(found) && *found != code)
      fail("another record was expected");
    return fault.empty();
  }

  // Takes the definition of the strings' abbreviation if it is just what the writer defines: [literal code, blob].
  bool define_abbreviation() {
    if (!advance() || entry_.Kind != llvm::BitstreamEntry::Record || entry_.ID != llvm::bitc::DEFINE_ABBREV) {
      fail("an abbreviation was expected");
      return false;
    }
    const std::uint64_t start = cursor_.GetCurrentBitNo();
    const auto vbr = [&](unsigned width, std::uint64_t expected) {
      llvm::Expected<std::uint32_t> value = cursor_.ReadVBR(width);
      return ok(value) && *value == expected;
    };
    const auto fixed = [&](unsigned width, std::uint64_t expected) {
      llvm::Expected<llvm::SimpleBitstreamCursor::word_t> value = cursor_.Read(width);
      return ok(value) && *value == expected;
    };
    if (!vbr(5, 2) || !fixed(1, 1) || !vbr(8, format::string_blob) || !fixed(1, 0) || !fixed(3, llvm::BitCodeAbbrevOp::Blob)) {
      fail("another abbreviation was expected");
      return false;
    }
    if (llvm::Error error = cursor_.JumpToBit(start)) {
      llvm::consumeError(std::move(error));
      fail("the bit stream is malformed");
    } else if (llvm::Error error = cursor_.ReadAbbrevRecord()) {
      llvm::consumeError(std::move(error));
      fail("the bit stream is malformed");
    }
    return fault.empty();
  }

  void read_strings() {
    Values lengths, values;
    llvm::StringRef blob;
    if (!enter(format::strings_block) || !record(format::string_lengths, lengths, blob) || !define_abbreviation() ||
        !record(format::string_blob, values, blob) || !leave())
      return;
    if (lengths.empty() || lengths[0] > lengths.size() - 1)
      return fail("more strings are counted than stored");
    strings_.reserve(lengths.size() - 1);
    for (const std::uint64_t length : llvm::ArrayRef(lengths).drop_front()) {
      if (length > blob.size())
        return fail("strings are longer than their table");
      strings_.push_back(blob.take_front(length));
      blob = blob.drop_front(length);
    }
    if (!blob.empty())
      return fail("strings are shorter than their table");
    summary_.strings.assign(strings_.begin(), strings_.begin() + static_cast<std::ptrdiff_t>(lengths[0]));
  }

  llvm::BitstreamCursor cursor_;
  llvm::BitstreamEntry entry_ = llvm::BitstreamEntry::getError();
  std::uint64_t entry_offset_ = 0;
  TUSummary &summary_;
  std::vector<llvm::StringRef> strings_; // all; the summary's own come first
  StructReader own_;
  unsigned next_block_ = 0;
  std::map<std::string, std::vector<std::uint64_t>> record_offsets_;
};

llvm::Error damaged(llvm::StringRef name, std::uint64_t offset, const llvm::Twine &reason) {
  return llvm::createStringError(name + ": offset " + llvm::Twine(offset) + ": " + reason);
}

} // namespace

llvm::Expected<TUSummary> decode(llvm::StringRef bytes, llvm::StringRef name) {
  using namespace llvm::support;
  if (!bytes.starts_with(format::magic) || bytes.size() < format::size_offset)
    return damaged(name, 0, "not a facts file (it does not start with TNTR and a version)");
  if (const std::uint32_t version = endian::read32le(bytes.data() + format::version_offset); version != format_version)
    return damaged(name, format::version_offset,
                   "written by format " + llvm::Twine(version) + ", this tool reads " + llvm::Twine(format_version) +
                       "; write it again with `tenterhook facts -o`");
  if (bytes.size() < format::header_size)
    return damaged(name, bytes.size(), "the file ends within its header; write it again with `tenterhook facts -o`");
  const llvm::StringRef payload = bytes.drop_front(format::header_size);
  const std::uint64_t size = endian::read64le(bytes.data() + format::size_offset);
  if (size != payload.size())
    return damaged(name, format::size_offset,
                   llvm::Twine(size) + " bytes should follow the header, but " + llvm::Twine(payload.size()) +
                       " do; write it again with `tenterhook facts -o`");
  if (size % 4 != 0) // a bit stream is made of 32-bit words
    return damaged(name, format::size_offset,
                   "the stored size is not a whole number of words; write it again with `tenterhook facts -o`");
  if (endian::read64le(bytes.data() + format::checksum_offset) != llvm::xxh3_64bits(payload))
    return damaged(name, format::checksum_offset, "the checksum does not match; write it again with `tenterhook facts -o`");

  TUSummary summary;
  PayloadReader reader(payload, summary);
  reader.run();
  if (!reader.fault.empty())
    return damaged(name, format::header_size + reader.fault_offset, reader.fault);
  return summary;
}

} // namespace tenterhook::facts
