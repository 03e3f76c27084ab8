// Fingerprints agree with GitHub's line hash, and findings have one order.
#include "findings/fingerprint.h"
#include <algorithm>
#include <gtest/gtest.h>

namespace tenterhook::findings {
namespace {

std::string hash(llvm::StringRef text, std::uint32_t line) { return primary_location_line_hash(text, line); }

TEST(LineHash, Vectors) { // from github/codeql-action's own behaviour
  EXPECT_EQ(hash("", 1), "c129715d7a2bc9a3:1");
  EXPECT_EQ(hash(" a\nb\n  \t\tc\n d", 1), "271789c17abda88f:1");
}

TEST(LineHash, WhiteSpaceAndLineEndsDoNotCount) {
  const std::string expected = hash("int a;\nint b;\n", 2);
  EXPECT_EQ(hash("int\ta;\nint b ;\n", 2), expected);
  EXPECT_EQ(hash("int a;\r\nint b;\r\n", 2), expected);
  EXPECT_EQ(hash("int a;\rint b;\r", 2), expected);
  EXPECT_NE(hash("int a;\n\nint b;\n", 2), expected);
  EXPECT_EQ(hash("int a;\n\nint b;\n", 3), expected);
}

TEST(LineHash, IsOfTheHundredCharactersFromTheLine) {
  const std::string hundred(100, 'x');
  EXPECT_EQ(hash(hundred + "y\n", 1), hash(hundred + "z\n", 1));
  EXPECT_NE(hash(hundred.substr(1) + "y\n", 1), hash(hundred.substr(1) + "z\n", 1));
  EXPECT_EQ(hash("before\n" + hundred + "\n", 2), hash(hundred + "\n", 1)); // what stands before does not count
}

TEST(LineHash, EqualHashesAreNumbered) {
  const std::string line(150, 'x');
  const std::string text = line + "\n" + line + "\n" + line + "\n";
  const std::string first = hash(text, 1);
  ASSERT_TRUE(llvm::StringRef(first).ends_with(":1"));
  EXPECT_EQ(hash(text, 2), first.substr(0, first.size() - 1) + "2");
  EXPECT_EQ(hash(text, 3), first.substr(0, first.size() - 1) + "3");
}

TEST(LineHash, CharactersAreUtf16Units) {
  const std::string clef = "\xF0\x9D\x84\x9E"; // U+1D11E is two units
  EXPECT_EQ(hash(clef + std::string(98, 'x') + "y", 1), hash(clef + std::string(98, 'x') + "z", 1));
  EXPECT_NE(hash(clef + std::string(97, 'x') + "y", 1), hash(clef + std::string(97, 'x') + "z", 1));
  EXPECT_EQ(hash("\xFF", 1), hash("\xEF\xBF\xBD", 1));     // ill-formed is U+FFFD
  EXPECT_EQ(hash("\xE2\x82", 1), hash("\xEF\xBF\xBD", 1)); // also when cut off at the end
}

TEST(LineHash, NoSuchLine) {
  EXPECT_EQ(hash("a\n", 0), "");
  EXPECT_NE(hash("a\n", 2), ""); // the end of the file stands there
  EXPECT_EQ(hash("a\n", 3), "");
}

Finding finding(std::string rule, std::string function, std::string identity) {
  Finding f;
  f.rule = std::move(rule);
  f.function = std::move(function);
  f.identity = std::move(identity);
  f.what = "It stops.";
  f.place = {"/src/a.cpp", 3, 1, 3, 9};
  f.witness = {{"thread 1", 1, f.place, "stops"}};
  return f;
}

TEST(Fingerprint, IsOfRuleFunctionAndIdentityAlone) {
  const Finding a = finding("double-lock", "f", "m");
  Finding moved = a;
  moved.place = {"/elsewhere/b.cpp", 90, 2, 90, 4};
  moved.what = "Other words.";
  moved.confidence = Confidence::certain;
  EXPECT_EQ(fingerprint(a), fingerprint(moved));
  EXPECT_EQ(fingerprint(a).size(), 32u);
  EXPECT_NE(fingerprint(a), fingerprint(finding("lock-leak", "f", "m")));
  EXPECT_NE(fingerprint(a), fingerprint(finding("double-lock", "g", "m")));
  EXPECT_NE(fingerprint(a), fingerprint(finding("double-lock", "f", "n")));
  EXPECT_NE(fingerprint(finding("r", "ab", "c")), fingerprint(finding("r", "a", "bc")));
}

TEST(Fingerprint, EqualsAreNumberedInTheirOrder) {
  std::vector<Finding> all{finding("r", "f", "m"), finding("r", "f", "n"), finding("r", "f", "m"), finding("r", "g", "m")};
  for (std::uint32_t i = 0; i < all.size(); ++i)
    all[i].place.line = i + 1;
  const std::string alone = fingerprint(all[0]);
  number_equals(all);
  EXPECT_EQ(fingerprint(all[0]), alone) << "the first is who it was";
  EXPECT_NE(fingerprint(all[2]), alone);
  EXPECT_NE(fingerprint(all[2]), fingerprint(all[1]));
  EXPECT_EQ(all[3].ordinal, 0u);
  std::vector<Finding> moved = all;
  for (Finding &f : moved)
    f.place.line += 40;
  number_equals(moved);
  for (std::size_t i = 0; i < all.size(); ++i)
    EXPECT_EQ(fingerprint(all[i]), fingerprint(moved[i]));
}

TEST(Fingerprint, IsStoredInBaselinesSoItMustNotChange) {
  EXPECT_EQ(fingerprint(finding("lock-across-await", "session", "g_mutex")), "68369ea9d30f0b8a8e2f157bae670084");
}

TEST(SortUnique, OrderDoesNotDependOnTheInput) {
  std::vector<Finding> all;
  for (const char *rule : {"b", "a"})
    for (std::uint32_t line : {9u, 2u, 10u})
      for (const char *file : {"/z.cpp", "/a.cpp"}) {
        all.push_back(finding(rule, "f", "m"));
        all.back().place.file = file;
        all.back().place.line = line;
      }
  std::vector<Finding> reversed(all.rbegin(), all.rend());
  sort_unique(all);
  sort_unique(reversed);
  EXPECT_EQ(all, reversed);
  ASSERT_EQ(all.size(), 12u);
  EXPECT_EQ(all[0].place.file, "/a.cpp");
  EXPECT_EQ(all[0].place.line, 2u);
  EXPECT_EQ(all[0].rule, "a");
  EXPECT_EQ(all[1].rule, "b");
  EXPECT_EQ(all[4].place.line, 10u);
}

TEST(SortUnique, OfFindingsThatReadTheSameTheSurestStays) {
  const Finding weak = finding("r", "f", "m");
  Finding sure = weak;
  sure.confidence = Confidence::certain;
  Finding roundabout = sure;
  roundabout.witness.push_back(roundabout.witness[0]);
  for (std::vector<Finding> all : {std::vector{weak, sure, roundabout}, std::vector{roundabout, sure, weak}}) {
    sort_unique(all);
    EXPECT_EQ(all, std::vector{sure});
  }
  Finding other = weak;
  other.what = "Something else.";
  std::vector<Finding> two{weak, other};
  sort_unique(two);
  EXPECT_EQ(two.size(), 2u);
}

TEST(Confidence, Names) {
  EXPECT_STREQ(to_string(Confidence::possible), "possible");
  EXPECT_STREQ(to_string(Confidence::likely), "likely");
  EXPECT_STREQ(to_string(Confidence::certain), "certain");
}

} // namespace
} // namespace tenterhook::findings
