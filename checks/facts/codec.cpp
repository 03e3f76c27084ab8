// encode: the writing half of the stored form (format.h). It knows no field by name: schema.h lists them.
#include "facts/codec.h"
#include "facts/format.h"
#include "facts/schema.h"
#include "llvm/ADT/DenseMap.h"
#include "llvm/Bitstream/BitstreamWriter.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/xxhash.h"

namespace tenterhook::facts {

namespace {

using Record = std::vector<std::uint64_t>;

// The summary's strings, then the names that are std::strings, each once.
class StringTable {
public:
  explicit StringTable(const std::vector<std::string> &strings) : own_(strings.size()) {
    for (const std::string &s : strings)
      add(s);
  }
  std::uint64_t index(llvm::StringRef text) {
    const auto found = index_.find(text);
    return found != index_.end() ? found->second : add(text);
  }
  void write(llvm::BitstreamWriter &stream) const {
    Record lengths{own_};
    std::string blob;
    for (const llvm::StringRef s : all_) {
      lengths.push_back(s.size());
      blob += s;
    }
    stream.EnterSubblock(format::strings_block, format::abbreviation_width);
    stream.EmitRecord(format::string_lengths, lengths);
    auto abbreviation = std::make_shared<llvm::BitCodeAbbrev>();
    abbreviation->Add(llvm::BitCodeAbbrevOp(format::string_blob));
    abbreviation->Add(llvm::BitCodeAbbrevOp(llvm::BitCodeAbbrevOp::Blob));
    const unsigned id = stream.EmitAbbrev(std::move(abbreviation));
    stream.EmitRecordWithBlob(id, llvm::ArrayRef<std::uint64_t>{format::string_blob}, blob);
    stream.ExitBlock();
  }

private:
  std::uint64_t add(llvm::StringRef text) {
    index_.try_emplace(text, all_.size());
    all_.push_back(text);
    return all_.size() - 1;
  }

  std::uint64_t own_;
  std::vector<llvm::StringRef> all_;
  llvm::DenseMap<llvm::StringRef, std::uint64_t> index_;
};

// Appends structs to `out`.
class StructWriter {
public:
  explicit StructWriter(StringTable &strings) : strings_(strings) {}
  Record out;

  // False if it is all zero; its mask is then the only number it left.
  template <class T> bool write(const T &x) {
    const std::size_t slot = out.size();
    const std::uint64_t mask = mask_, bit = bit_;
    out.push_back(0);
    mask_ = 0, bit_ = 1;
    visit(*this, x);
    const bool any = mask_ != 0;
    out[slot] = mask_;
    mask_ = mask, bit_ = bit;
    return any;
  }

  template <class T> void number(const char *, const T &x) {
    if (!next(x != T{}) || std::same_as<T, bool>)
      return;
    if constexpr (std::is_signed_v<T>)
      out.push_back(format::zigzag(x));
    else
      out.push_back(x);
  }
  template <class E> void choice(const char *, const E &x) {
    if (next(x != E{}))
      out.push_back(static_cast<std::uint64_t>(x));
  }
  template <Table T> void id(const char *, const std::uint32_t &x) {
    if (next(x != (T == Table::strings ? 0 : none)))
      put<T>(x);
  }
  template <Table T> void ids(const char *, const std::vector<std::uint32_t> &x) {
    if (!next(!x.empty()))
      return;
    out.push_back(x.size());
    for (const std::uint32_t i : x)
      put<T>(i);
  }
  void root_id(const char *name, const RootKind &, const std::uint32_t &x) { id<Table::ops>(name, x); }
  void text(const char *, const std::string &x) {
    if (next(!x.empty()))
      out.push_back(strings_.index(x));
  }
  template <class T> void part(const char *, const T &x) {
    if (!write(x)) {
      out.pop_back();
      next(false);
    } else
      next(true);
  }
  void part(const char *, const Place &x) {
    if (next(x != Place{}))
      place(x);
  }
  template <class T> void parts(const char *, const std::vector<T> &x) {
    if (!next(!x.empty()))
      return;
    out.push_back(x.size());
    for (const T &element : x)
      write(element);
  }

private:
  bool next(bool set) {
    if (set)
      mask_ |= bit_;
    bit_ <<= 1;
    return set;
  }
  template <Table T> void put(std::uint32_t x) { out.push_back(T == Table::strings ? x : static_cast<std::uint32_t>(x + 1)); }
  void place(const Place &x) {
    const auto &[file, line, column, end_line, end_column] = x; // a new field of Place must be written here
    const bool other = file != last_.file, several = end_line != line;
    out.push_back(format::distance(last_.line, line) << format::place_bits | (other ? format::other_file : 0) |
                  (several ? format::several_lines : 0));
    if (other)
      out.push_back(file);
    out.push_back(column);
    if (several)
      out.push_back(format::distance(line, end_line));
    out.push_back(format::distance(column, end_column));
    last_ = x;
  }

  StringTable &strings_;
  std::uint64_t mask_ = 0, bit_ = 1;
  Place last_;
};

// The summary's own fields go to one record, its tables to a block each.
class SummaryWriter {
public:
  explicit SummaryWriter(StringTable &strings) : strings_(strings), own_(strings) {}
  std::vector<std::vector<Record>> tables;

  Record own_fields() && { return std::move(own_.out); }
  template <class T> void number(const char *name, const T &x) { own_.out.push_back(x); }
  template <Table T> void ids(const char *name, const std::vector<std::uint32_t> &x) {
    own_.out.push_back(x.size());
    own_.out.insert(own_.out.end(), x.begin(), x.end());
  }
  void text(const char *name, const std::string &x) { own_.out.push_back(strings_.index(x)); }
  template <class T> void parts(const char *, const std::vector<T> &x) {
    std::vector<Record> &records = tables.emplace_back();
    records.reserve(x.size());
    StructWriter writer(strings_);
    for (const T &element : x) {
      writer.write(element);
      records.push_back(writer.out);
      writer.out.clear();
    }
  }

private:
  StringTable &strings_;
  StructWriter own_;
};

} // namespace

std::string encode(const TUSummary &summary) {
  StringTable strings(summary.strings);
  SummaryWriter writer(strings);
  visit(writer, summary);

  llvm::SmallVector<char, 0> payload;
  {
    llvm::BitstreamWriter stream(payload);
    strings.write(stream);
    const auto block = [&](unsigned id, const std::vector<Record> &records) {
      stream.EnterSubblock(id, format::abbreviation_width);
      for (const Record &r : records)
        stream.EmitRecord(format::fields, r);
      stream.ExitBlock();
    };
    unsigned id = format::first_table_block;
    const std::vector<std::vector<Record>> tables = std::move(writer.tables);
    block(format::summary_block, {std::move(writer).own_fields()});
    for (const std::vector<Record> &table : tables)
      block(id++, table);
  }

  using namespace llvm::support;
  std::string bytes(format::header_size, '\0');
  bytes.replace(0, format::magic.size(), format::magic);
  endian::write32le(bytes.data() + format::version_offset, format_version);
  endian::write64le(bytes.data() + format::size_offset, payload.size());
  endian::write64le(bytes.data() + format::checksum_offset, llvm::xxh3_64bits(llvm::StringRef(payload.data(), payload.size())));
  bytes.append(payload.data(), payload.size());
  return bytes;
}

} // namespace tenterhook::facts
