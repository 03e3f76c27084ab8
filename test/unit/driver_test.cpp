// The driver's pure parts: paths and globs, suggestions, databases, configuration, settings.
#include "config/config.h"
#include "config/paths.h"
#include "config/suggest.h"
#include "driver/compile_database.h"
#include "driver/schedule.h"
#include "engine/guard.h"
#include <csignal>
#include <gtest/gtest.h>

using namespace tenterhook;
using namespace tenterhook::config;
using namespace tenterhook::driver;

namespace {

template <typename T> std::string error_of(llvm::Expected<T> result) {
  return result ? "no error" : llvm::toString(result.takeError());
}

std::vector<std::string> names_of(const std::vector<const rules::RuleInfo *> &rules) {
  std::vector<std::string> names;
  for (const rules::RuleInfo *rule : rules)
    names.push_back(rule->name);
  return names;
}

TEST(Paths, AbsoluteIsLexical) {
  EXPECT_EQ(absolute("a/../b//c/.", "/x"), "/x/b/c");
  EXPECT_EQ(absolute("/a/b/", "/x"), "/a/b");
  EXPECT_EQ(absolute("..", "/x"), "/");
}

TEST(Paths, BelowIsByComponent) {
  EXPECT_TRUE(is_below("/a/b/c", "/a/b"));
  EXPECT_TRUE(is_below("/a/b", "/a/b"));
  EXPECT_FALSE(is_below("/a/bc", "/a/b"));
  EXPECT_TRUE(is_below("/a", "/"));
}

TEST(Paths, CommonFolder) {
  EXPECT_EQ(common_folder({"/a/b/c.cpp"}), "/a/b");
  EXPECT_EQ(common_folder({"/a/b/c.cpp", "/a/bb/d.cpp"}), "/a");
  EXPECT_EQ(common_folder({"/a/c.cpp", "/b/d.cpp"}), "/");
  EXPECT_EQ(common_folder({}), "/");
}

TEST(Paths, Globs) {
  EXPECT_TRUE(matches_path("vendor", "/r/src/vendor/x/a.cpp", "/r"));
  EXPECT_FALSE(matches_path("vendor", "/r/src/vendors/a.cpp", "/r"));
  EXPECT_FALSE(matches_path("r", "/r/src/a.cpp", "/r")); // only what is below the root
  EXPECT_TRUE(matches_path("src/gen/", "/r/src/gen/deep/a.cpp", "/r"));
  EXPECT_FALSE(matches_path("src/gen", "/r/src/gene.cpp", "/r"));
  EXPECT_TRUE(matches_path("src/*_test.cpp", "/r/src/x/a_test.cpp", "/r"));
  EXPECT_TRUE(matches_path("*.pb.cc", "/r/x/a.pb.cc", "/r"));
}

TEST(Suggest, NearestIsNear) {
  const std::vector<std::string> known = {"lock-across-await", "discarded-awaitable"};
  EXPECT_EQ(nearest("lock-acros-await", known), "lock-across-await");
  EXPECT_EQ(nearest("discarded", known), "discarded-awaitable");
  EXPECT_EQ(nearest("xyz", known), "");
  EXPECT_EQ(nearest("lock", {"blocking-call-in-coroutine", "lock-across-await"}), "lock-across-await"); // not b-lock-ing
  EXPECT_EQ(did_you_mean("xyz", known, "; see list"), "; see list");
}

TEST(Database, CommandsAreSplitAndSorted) {
  auto database = parse_database(
      R"([{"directory": "/w", "file": "b.cpp", "command": "g++ -DX='a b' \"-DY=c d\" -c b.cpp"},
          {"directory": "/w", "file": "../a.cc", "arguments": ["cc", "-c", "../a.cc"]}])",
      "/w/compile_commands.json");
  ASSERT_TRUE(bool(database)) << llvm::toString(database.takeError());
  ASSERT_EQ(database->commands.size(), 2u);
  EXPECT_EQ(database->commands[0].file, "/a.cc");
  EXPECT_EQ(database->commands[1].argv, (std::vector<std::string>{"g++", "-DX=a b", "-DY=c d", "-c", "b.cpp"}));
}

TEST(Database, RelativeDirectoriesAreTheDatabasesOwn) {
  auto database = parse_database(R"([{"directory": "sub", "file": "a.c", "command": "cc -c a.c"}])", "/w/compile_commands.json");
  ASSERT_TRUE(bool(database)) << llvm::toString(database.takeError());
  EXPECT_EQ(database->commands[0].file, "/w/sub/a.c");
  EXPECT_EQ(database->commands[0].directory, "/w/sub");
}

TEST(Database, EqualEntriesAreMergedOthersCounted) {
  auto database = parse_database(R"([{"directory": "/w", "file": "a.c", "command": "cc -c a.c"},
                                     {"directory": "/w", "file": "/w/./a.c", "arguments": ["cc", "-c", "a.c"]},
                                     {"directory": "/w", "file": "a.c", "command": "cc -O2 -c a.c"},
                                     {"directory": "/w", "file": "a.f90", "command": "f95 -c a.f90"},
                                     {"directory": "/w", "file": "a.inc", "command": "c++ -x c++ -c a.inc"}])",
                                 "/w/compile_commands.json");
  ASSERT_TRUE(bool(database)) << llvm::toString(database.takeError());
  EXPECT_EQ(database->commands.size(), 2u);
  EXPECT_EQ(database->commands[0].argv.size(), 3u); // the first command of a file counts
  EXPECT_EQ(database->duplicates, 1u);
  EXPECT_EQ(database->alternatives, 1u);
  EXPECT_EQ(database->not_c, 1u);
}

TEST(Database, MistakesAreNamed) {
  EXPECT_NE(error_of(parse_database("{", "/d.json")).find("/d.json is not JSON"), std::string::npos);
  EXPECT_NE(error_of(parse_database("[]", "/d.json")).find("no entries"), std::string::npos);
  EXPECT_NE(error_of(parse_database(R"([{"file": "a.c", "arguments": [1]}])", "/d.json")).find("entry 1 (a.c)"),
            std::string::npos);
  EXPECT_NE(error_of(parse_database("\xff\xfe", "/d.json")).find("is not JSON"), std::string::npos);
}

TEST(Database, SelectByFileAndFolder) {
  auto database = parse_database(R"([{"directory": "/none", "file": "x/a.c", "command": "cc -c x/a.c"},
                                     {"directory": "/none", "file": "y/b.c", "command": "cc -c y/b.c"}])",
                                 "/none/compile_commands.json");
  ASSERT_TRUE(bool(database)) << llvm::toString(database.takeError());
  auto all = select(*database, {}, "/none");
  ASSERT_TRUE(bool(all));
  EXPECT_EQ(all->size(), 2u);
  auto one = select(*database, {"x"}, "/none");
  ASSERT_TRUE(bool(one));
  ASSERT_EQ(one->size(), 1u);
  EXPECT_EQ(one->front().file, "/none/x/a.c");
  EXPECT_NE(error_of(select(*database, {"z.c"}, "/none")).find("no such file or folder: z.c"), std::string::npos);
}

TEST(ConfigFile, AllKeys) {
  auto config = parse_config("checks: [lock-*, discarded-awaitable]\n"
                             "options:\n  blocking-call-in-coroutine: {classes: [wait, sleep]}\n"
                             "allow: [a::b]\nthird-party: []\nfail-on: never\nmin-confidence: certain\nexclude: gen\n",
                             "/c.yaml");
  ASSERT_TRUE(bool(config)) << llvm::toString(config.takeError());
  EXPECT_EQ(config->checks, "lock-*,discarded-awaitable");
  EXPECT_EQ(config->options.at("blocking-call-in-coroutine.classes"), "wait,sleep");
  EXPECT_EQ(config->allow, std::vector<std::string>{"a::b"});
  EXPECT_TRUE(config->third_party && config->third_party->empty());
  EXPECT_EQ(config->exclude, std::vector<std::string>{"gen"});
  auto settings = resolve(*config, {});
  ASSERT_TRUE(bool(settings)) << llvm::toString(settings.takeError());
  EXPECT_FALSE(settings->fail_on);
  EXPECT_EQ(settings->min_confidence, findings::Confidence::certain);
  EXPECT_TRUE(settings->engine.third_party.empty());
}

TEST(ConfigFile, EmptyIsDefaults) {
  for (const char *text : {"", "# only a comment\n", "---\n", "allow:\n"}) {
    auto config = parse_config(text, "/c.yaml");
    EXPECT_TRUE(bool(config)) << text << ": " << llvm::toString(config.takeError());
  }
}

TEST(ConfigFile, InlineModelsKeepTheirPlaces) {
  auto config = parse_config("checks: '*'\nmodels:\n  functions:\n    - name: f\n# between\nallow: [g]\n", "/c.yaml");
  ASSERT_TRUE(bool(config)) << llvm::toString(config.takeError());
  ASSERT_EQ(config->models.size(), 1u);
  EXPECT_EQ(config->models[0].file, "/c.yaml");
  llvm::StringRef text = config->models[0].text;
  EXPECT_EQ(text.take_until([](char c) { return c != '\n' && c != ' '; }).count('\n'), 2u);
  EXPECT_FALSE(text.contains("allow"));
  EXPECT_TRUE(text.contains("\n    - name: f\n"));
}

TEST(ConfigFile, ModelsInAList) {
  auto config = parse_config("models:\n- functions:\n  - name: f\n-\n  types:\n  - name: t\nfail-on: never\n", "/c.yaml");
  ASSERT_TRUE(bool(config)) << llvm::toString(config.takeError());
  ASSERT_EQ(config->models.size(), 2u);
  EXPECT_TRUE(llvm::StringRef(config->models[0].text).contains("functions:"));
  EXPECT_FALSE(llvm::StringRef(config->models[0].text).contains("types:"));
  EXPECT_TRUE(llvm::StringRef(config->models[1].text).contains("types:"));
  EXPECT_FALSE(llvm::StringRef(config->models[1].text).contains("fail-on"));
}

TEST(ConfigFile, NeverCrashesOnWhatIsNotYaml) {
  for (const char *text : {"\t",
                           "{",
                           "[",
                           "\"",
                           "'",
                           "- a",
                           "a",
                           "? [a]\n: b",
                           "a: b: c",
                           "&a",
                           "*a",
                           "!t",
                           "%",
                           "\xff\xfe",
                           "checks: &x [a]\nallow: *x",
                           "models: *x",
                           "models: [[a]]",
                           "models: {",
                           "options: [a]",
                           "options: {a: {b: {c: d}}}",
                           "checks: {a: b}",
                           "allow: |\n  a",
                           "--- a\n--- b",
                           "exclude: '['"}) {
    auto config = parse_config(text, "/c.yaml");
    if (!config) {
      std::string message = llvm::toString(config.takeError());
      EXPECT_EQ(message.rfind("/c.yaml", 0), 0u) << message;
      EXPECT_EQ(message.find('\n'), std::string::npos) << message;
    }
  }
}

TEST(Checks, GlobsFromLeftToRight) {
  auto names = [](const char *checks) {
    auto selected = select_checks(checks, "--checks");
    return selected ? names_of(*selected) : std::vector<std::string>{llvm::toString(selected.takeError())};
  };
  std::vector<std::string> all = check_names();
  EXPECT_EQ(names("*"), all);
  EXPECT_EQ(names("-*,lock-*"), std::vector<std::string>{"lock-across-await"});
  EXPECT_EQ(names("tenterhook-lock-across-await"), std::vector<std::string>{"lock-across-await"});
  EXPECT_EQ(names("*, -lock-*").size(), all.size() - 1);
  EXPECT_NE(names("lock-[").front().find("bad glob"), std::string::npos);
}

TEST(Settings, FailOnLowersWhatIsShown) {
  Overrides overrides;
  overrides.fail_on = "possible";
  auto settings = resolve({}, overrides);
  ASSERT_TRUE(bool(settings));
  EXPECT_EQ(settings->min_confidence, findings::Confidence::possible);
  overrides.min_confidence = "certain";
  settings = resolve({}, overrides);
  ASSERT_TRUE(bool(settings));
  EXPECT_EQ(settings->min_confidence, findings::Confidence::certain);
}

TEST(Guarded, ACrashComesBackAsAReason) {
  EXPECT_EQ(engine::run_guarded([] {}), std::nullopt);
  const std::optional<std::string> how = engine::run_guarded([] { std::abort(); });
  ASSERT_TRUE(how);
  EXPECT_NE(how->find("signal 6"), std::string::npos) << *how;
  EXPECT_EQ(engine::run_guarded([] {}), std::nullopt); // and the next one runs
}

TEST(Guarded, TheHostsHandlersAreAsBefore) {
  struct sigaction before{}, after{};
  sigaction(SIGSEGV, nullptr, &before);
  EXPECT_TRUE(engine::run_guarded([] { std::raise(SIGSEGV); }));
  sigaction(SIGSEGV, nullptr, &after);
  EXPECT_EQ(before.sa_handler, after.sa_handler);
  EXPECT_EQ(before.sa_flags, after.sa_flags);
}

} // namespace
