// The stored form of facts: what is written is read back, the same bytes each time, and damage is an error.
#include "facts/codec.h"
#include "facts_generator.h"
#include "llvm/Support/Endian.h"
#include "llvm/Support/raw_ostream.h"
#include "llvm/Support/xxhash.h"
#include <gtest/gtest.h>

namespace tenterhook::facts {
namespace {

using test::SummaryGenerator;

std::string message(llvm::Error error) { return llvm::toString(std::move(error)); }
std::string message(llvm::Expected<TUSummary> result) { return result ? "decoded" : llvm::toString(result.takeError()); }
bool has_offset(llvm::StringRef message) { return message.starts_with("x.facts: offset "); }
std::string json(const TUSummary &s) {
  std::string out;
  llvm::raw_string_ostream(out) << dump_json(s);
  return out;
}
std::string text(const TUSummary &s) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  dump_text(s, stream);
  return out;
}

// Makes `bytes` pass the header's tests again after its payload was changed.
void fix_header(std::string &bytes) {
  using namespace llvm::support::endian;
  const llvm::StringRef payload = llvm::StringRef(bytes).drop_front(24);
  write64le(bytes.data() + 8, payload.size());
  write64le(bytes.data() + 16, llvm::xxh3_64bits(payload));
}

// --- schema.h names every field -----------------------------------------------------------------------------------

struct Anything {
  template <class T> operator T() const;
};
template <class T, class... Args> constexpr std::size_t members() {
  if constexpr (requires { T{Args{}..., Anything{}}; })
    return members<T, Args..., Anything>();
  else
    return sizeof...(Args);
}
struct FieldCount {
  std::size_t n = 0;
  template <class T> void number(const char *, const T &) { ++n; }
  template <class E> void choice(const char *, const E &) { ++n; }
  template <Table T> void id(const char *, const std::uint32_t &) { ++n; }
  template <Table T> void ids(const char *, const std::vector<std::uint32_t> &) { ++n; }
  void root_id(const char *, const RootKind &, const std::uint32_t &) { ++n; }
  void text(const char *, const std::string &) { ++n; }
  template <class T> void part(const char *, const T &) { ++n; }
  template <class T> void parts(const char *, const std::vector<T> &) { ++n; }
};
template <class T> std::size_t visited() {
  FieldCount count;
  const T x{};
  visit(count, x);
  return count.n;
}

TEST(Schema, ListsEveryMember) {
  static_assert(members<Place>() == 5 && members<PathStep>() == 5);
  EXPECT_EQ(visited<Place>(), members<Place>());
  EXPECT_EQ(visited<EntityName>(), members<EntityName>());
  EXPECT_EQ(visited<Parameter>(), members<Parameter>());
  EXPECT_EQ(visited<Entity>(), members<Entity>());
  EXPECT_EQ(visited<Case>(), members<Case>());
  EXPECT_EQ(visited<CapabilityArgument>(), members<CapabilityArgument>());
  EXPECT_EQ(visited<Capability>(), members<Capability>());
  EXPECT_EQ(visited<FieldInfo>(), members<FieldInfo>());
  EXPECT_EQ(visited<Type>(), members<Type>());
  EXPECT_EQ(visited<PathStep>(), members<PathStep>());
  EXPECT_EQ(visited<AccessPath>(), members<AccessPath>());
  EXPECT_EQ(visited<Operand>(), members<Operand>());
  EXPECT_EQ(visited<ResultUse>(), members<ResultUse>());
  EXPECT_EQ(visited<Operation>(), members<Operation>());
  EXPECT_EQ(visited<Branch>(), members<Branch>());
  EXPECT_EQ(visited<Block>(), members<Block>());
  EXPECT_EQ(visited<Capture>(), members<Capture>());
  EXPECT_EQ(visited<Local>(), members<Local>());
  EXPECT_EQ(visited<Function>(), members<Function>());
  EXPECT_EQ(visited<Suppression>(), members<Suppression>());
  EXPECT_EQ(visited<Diagnostic>(), members<Diagnostic>());
  EXPECT_EQ(visited<TUSummary>() + 1, members<TUSummary>()); // `strings` is the table itself
}

// Every field's name and kind and every enumerator, in order: what a reader of stored facts relies on.
struct Shape {
  std::string out;
  unsigned depth = 0;
  template <class T> void number(const char *name, const T &) { add(name, "n" + std::to_string(sizeof(T))); }
  template <class E> void choice(const char *name, const E &) {
    add(name, "c");
    for (const std::string_view n : names_of<E>)
      add(n, "=");
  }
  template <Table T> void id(const char *name, const std::uint32_t &) { add(name, "i" + std::to_string(int(T))); }
  template <Table T> void ids(const char *name, const std::vector<std::uint32_t> &) { add(name, "I" + std::to_string(int(T))); }
  void root_id(const char *name, const RootKind &, const std::uint32_t &) { add(name, "r"); }
  void text(const char *name, const std::string &) { add(name, "t"); }
  template <class T> void part(const char *name, const T &) { nested<T>(name, "{"); }
  template <class T> void parts(const char *name, const std::vector<T> &) { nested<T>(name, "["); }
  void add(std::string_view name, std::string_view kind) { out += std::string(name) + ":" + std::string(kind) + " "; }
  template <class T> void nested(const char *name, const char *bracket) {
    add(name, bracket);
    if (depth == 8) // operands hold operands
      return;
    ++depth;
    const T x{};
    visit(*this, x);
    --depth;
    out += "} ";
  }
};
TEST(Schema, AChangeIsANewVersion) {
  Shape shape;
  const TUSummary x;
  visit(shape, x);
  // It failed? Then facts of yesterday would be misread: add one to format_version in codec.h and write both here.
  EXPECT_EQ(format_version, 6u);
  EXPECT_EQ(llvm::xxh3_64bits(shape.out), 12560255923196103266u);
}

// --- round trip ---------------------------------------------------------------------------------------------------

TEST(Codec, RoundTripOfRandomSummaries) {
  for (std::uint32_t seed = 0; seed < 4000; ++seed) {
    const TUSummary before = SummaryGenerator(seed, 10 + seed % 90)(2 + seed % 12);
    ASSERT_EQ(message(validate(before)), "") << "seed " << seed;
    const std::string bytes = encode(before);
    llvm::Expected<TUSummary> after = decode(bytes, "x.facts");
    ASSERT_TRUE(bool(after)) << "seed " << seed << ": " << message(after.takeError());
    ASSERT_TRUE(*after == before) << "seed " << seed << "\n" << json(before) << "\n" << json(*after);
    ASSERT_EQ(encode(*after), bytes) << "seed " << seed;
  }
}

TEST(Codec, TheGeneratorFillsEveryTable) { // else the round trip proves little
  std::size_t strings = 0, types = 0, shared = 0, ops = 0, args = 0, steps = 0, captures = 0;
  for (std::uint32_t seed = 0; seed < 100; ++seed) {
    const TUSummary s = SummaryGenerator(seed)();
    strings += s.strings.size();
    types += s.types.size();
    shared += s.shared_bodies.size();
    for (const Function &f : s.functions) {
      captures += f.captures.size();
      for (const Operation &op : f.ops) {
        ++ops;
        args += op.args.size();
        steps += op.path.steps.size();
      }
    }
  }
  for (const std::size_t n : {strings, types, shared, ops, args, steps, captures})
    EXPECT_GT(n, 50u);
}

TEST(Codec, EmptySummary) {
  llvm::Expected<TUSummary> after = decode(encode(TUSummary{}), "x.facts");
  ASSERT_TRUE(bool(after)) << message(after.takeError());
  EXPECT_TRUE(*after == TUSummary{});
}

TEST(Codec, MuchSmallerThanJson) { // measured: 8 %; the JSON leaves out zeros too
  const TUSummary s = SummaryGenerator(3, 20)(60);
  ASSERT_GT(s.functions.size(), 10u);
  EXPECT_LT(encode(s).size() * 8, json(s).size());
}

// --- damage -------------------------------------------------------------------------------------------------------

TEST(Codec, EveryTruncationIsAnError) {
  const std::string bytes = encode(SummaryGenerator(1)(6));
  for (std::size_t n = 0; n < bytes.size(); ++n)
    ASSERT_TRUE(has_offset(message(decode(llvm::StringRef(bytes).take_front(n), "x.facts")))) << n;
}

TEST(Codec, TruncationWithAValidHeaderIsAnError) {
  const std::string bytes = encode(SummaryGenerator(1)(6));
  for (std::size_t n = 24; n < bytes.size(); ++n) {
    std::string cut = bytes.substr(0, n);
    fix_header(cut);
    ASSERT_NE(message(decode(cut, "x.facts")), "decoded") << n;
  }
}

TEST(Codec, EveryBitFlipIsAnError) {
  const std::string bytes = encode(SummaryGenerator(2)(5));
  for (std::size_t bit = 0; bit < bytes.size() * 8; ++bit) {
    std::string damaged = bytes;
    damaged[bit / 8] = static_cast<char>(damaged[bit / 8] ^ (1 << bit % 8));
    ASSERT_NE(message(decode(damaged, "x.facts")), "decoded") << bit;
  }
}

TEST(Codec, DamageBehindAValidChecksumGivesAValidSummaryOrAnError) {
  std::mt19937 random(11);
  unsigned decoded = 0, refused = 0;
  for (std::uint32_t round = 0; round < 20000; ++round) {
    std::string bytes = encode(SummaryGenerator(round % 50)(6));
    for (unsigned flips = 1 + random() % 4; flips > 0; --flips) {
      const std::size_t bit = 24 * 8 + random() % ((bytes.size() - 24) * 8);
      bytes[bit / 8] = static_cast<char>(bytes[bit / 8] ^ (1 << bit % 8));
    }
    fix_header(bytes);
    llvm::Expected<TUSummary> result = decode(bytes, "x.facts");
    if (result) {
      ++decoded;
      ASSERT_EQ(message(validate(*result)), "");
      text(*result);
    } else {
      ++refused;
      ASSERT_TRUE(has_offset(message(result.takeError())));
    }
  }
  EXPECT_GT(decoded, 100u); // both ways were taken
  EXPECT_GT(refused, 1000u);
}

TEST(Codec, SaysWhatIsWrong) {
  std::string bytes = encode(SummaryGenerator(1)(6));
  EXPECT_EQ(message(decode("", "a.facts")), "a.facts: offset 0: not a facts file (it does not start with TNTR and a version)");
  EXPECT_EQ(message(decode("\177ELF\2\1\1\0\0\0\0\0", "a.out")),
            "a.out: offset 0: not a facts file (it does not start with TNTR and a version)");
  EXPECT_EQ(message(decode(llvm::StringRef(bytes).take_front(20), "a.facts")),
            "a.facts: offset 20: the file ends within its header; write it again with `tenterhook facts -o`");
  EXPECT_EQ(message(decode(bytes + "x", "a.facts")),
            "a.facts: offset 8: " + std::to_string(bytes.size() - 24) + " bytes should follow the header, but " +
                std::to_string(bytes.size() - 23) + " do; write it again with `tenterhook facts -o`");
  std::string newer = bytes;
  newer[4] = format_version + 1;
  EXPECT_EQ(message(decode(newer, "a.facts")),
            "a.facts: offset 4: written by format 7, this tool reads 6; write it again with `tenterhook facts -o`");
  EXPECT_EQ(message(decode(llvm::StringRef(newer).take_front(8), "a.facts")), // whatever its header looks like
            "a.facts: offset 4: written by format 7, this tool reads 6; write it again with `tenterhook facts -o`");
  bytes.back() = static_cast<char>(bytes.back() ^ 1);
  EXPECT_EQ(message(decode(bytes, "a.facts")),
            "a.facts: offset 16: the checksum does not match; write it again with `tenterhook facts -o`");
}

TEST(Codec, AnInvalidSummaryIsRefusedWithItsRecord) {
  TUSummary s;
  s.entities.resize(2);
  s.entities[1].type = 5;
  const std::string got = message(decode(encode(s), "a.facts"));
  EXPECT_TRUE(llvm::StringRef(got).ends_with(": entities[1].type: 5 is not below 0")) << got;
  EXPECT_FALSE(llvm::StringRef(got).starts_with("a.facts: offset 24:")) << got;
}

} // namespace
} // namespace tenterhook::facts
