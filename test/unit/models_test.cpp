// The model loader and the models built into the tool.
#include "models/models.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/MemoryBuffer.h"
#include "llvm/Support/Path.h"
#include <cstdio>
#include <gtest/gtest.h>
#include <map>

using namespace tenterhook::models;
using llvm::StringRef;

namespace {

const Models &builtin() { return Models::builtin(); }

std::string error_of(StringRef yaml) {
  llvm::Expected<Models> m = Models().with(yaml, "user.yaml");
  return m ? "" : llvm::toString(m.takeError());
}

Models load(StringRef yaml) {
  llvm::Expected<Models> m = builtin().with(yaml, "user.yaml");
  if (!m) {
    ADD_FAILURE() << llvm::toString(m.takeError());
    return builtin();
  }
  return std::move(*m);
}

// The class of the first clause of a function that blocks.
std::string class_of(StringRef function) {
  const FunctionModel *f = builtin().function(function);
  return f && !f->blocks.empty() ? to_string(f->blocks[0].cls).str() : "none";
}

std::vector<std::string> data_files() {
  std::vector<std::string> files;
  std::error_code ec;
  for (llvm::sys::fs::directory_iterator i(TENTERHOOK_SOURCE_DIR "/checks/models/data", ec), end; i != end && !ec;
       i.increment(ec))
    if (StringRef(i->path()).ends_with(".yaml"))
      files.push_back(i->path());
  llvm::sort(files);
  return files;
}

std::string read_file(const std::string &path) {
  auto buffer = llvm::MemoryBuffer::getFile(path);
  EXPECT_TRUE(bool(buffer)) << path;
  return buffer ? (*buffer)->getBuffer().str() : "";
}

} // namespace

// --- the built-in models

TEST(BuiltinModels, EveryFileLoadsAloneAndNoTwoDescribeTheSame) {
  std::map<std::string, std::string> functions, types;
  ASSERT_GE(data_files().size(), 10u);
  for (const std::string &path : data_files()) {
    StringRef name = llvm::sys::path::filename(path);
    llvm::Expected<Models> alone = Models().with(read_file(path), name);
    ASSERT_TRUE(bool(alone)) << llvm::toString(alone.takeError());
    EXPECT_FALSE(alone->functions().empty() && alone->types().empty()) << path;
    for (const FunctionModel *f : alone->functions())
      EXPECT_TRUE(functions.emplace(f->name, name).second) << f->name << " is in " << functions[f->name] << " and " << path;
    for (const TypeModel *t : alone->types())
      EXPECT_TRUE(types.emplace(t->name, name).second) << t->name << " is in " << types[t->name] << " and " << path;
  }
  EXPECT_EQ(functions.size(), builtin().functions().size());
  EXPECT_EQ(types.size(), builtin().types().size());
}

TEST(BuiltinModels, ManyFunctionsBlock) {
  std::map<std::string, unsigned> by_class;
  unsigned blocking = 0;
  for (const FunctionModel *f : builtin().functions()) {
    if (f->blocks.empty())
      continue;
    ++blocking;
    ++by_class[to_string(f->blocks[0].cls).str()];
    for (const Blocks &b : f->blocks)
      EXPECT_FALSE(b.what.empty()) << f->name;
    EXPECT_FALSE(f->library.empty() || f->library == "user") << f->name;
  }
  for (const auto &[cls, count] : by_class)
    std::printf("%-12s %u\n", cls.c_str(), count);
  std::printf("%-12s %u of %zu functions, %zu types\n", "all", blocking, builtin().functions().size(), builtin().types().size());
  EXPECT_GE(blocking, 250u);
}

TEST(BuiltinModels, ClassesOfWellKnownFunctions) {
  const std::pair<const char *, const char *> expected[] = {
      {"std::this_thread::sleep_for", "sleep"},
      {"std::thread::join", "wait"},
      {"std::future::get", "wait"},
      {"std::condition_variable::wait", "wait"},
      {"std::mutex::lock", "lock"},
      {"std::basic_ifstream::read", "disk"},
      {"std::filesystem::exists", "disk"},
      {"boost::filesystem::exists", "disk"},
      {"std::basic_istream::read", "terminal"},
      {"getchar", "terminal"},
      {"std::filesystem::directory_iterator::operator++", "disk"},
      {"system", "process"},
      {"waitpid", "process"},
      {"recv", "socket"},
      {"getaddrinfo", "name-lookup"},
      {"fsync", "disk"},
      {"pthread_join", "wait"},
      {"asio::read", "socket"},
      {"boost::asio::read", "socket"},
      {"asio::ip::basic_resolver::resolve", "name-lookup"},
      {"std::basic_ios::clear", "none"},
      {"printf", "none"},
      {"boost::asio::async_read", "none"},
      {"std::mutex::try_lock", "none"},
  };
  for (const auto &[function, cls] : expected)
    EXPECT_EQ(class_of(function), cls) << function;
}

TEST(BuiltinModels, ArgumentsThatMakeACallNonBlocking) {
  const FunctionModel *recv = builtin().function("recv");
  ASSERT_TRUE(recv);
  ASSERT_EQ(recv->blocks.size(), 1u);
  EXPECT_TRUE(recv->blocks[0].fd);
  EXPECT_EQ(recv->blocks[0].fd_arg, 0);
  ASSERT_EQ(recv->blocks[0].unless.size(), 1u);
  EXPECT_EQ(recv->blocks[0].unless[0].kind, ConditionKind::arg_has_flag);
  EXPECT_EQ(recv->blocks[0].unless[0].arg, 3);
  EXPECT_EQ(recv->blocks[0].unless[0].value, 0x40);

  const FunctionModel *fcntl = builtin().function("fcntl");
  ASSERT_TRUE(fcntl && fcntl->sets_nonblocking);
  EXPECT_EQ(fcntl->sets_nonblocking_when[0].value, 4);
  EXPECT_EQ(fcntl->sets_nonblocking_unless[0].kind, ConditionKind::arg_lacks_flag);
  ASSERT_FALSE(fcntl->blocks.empty());
  EXPECT_EQ(fcntl->blocks[0].when[0].value, 7);

  const FunctionModel *socket = builtin().function("socket");
  ASSERT_TRUE(socket && socket->opens_descriptor);
  EXPECT_EQ(socket->opens_nonblocking_when[0].value, 0x800);
  EXPECT_TRUE(socket->blocks.empty());
}

TEST(BuiltinModels, LocksAndGuards) {
  const TypeModel *unique = builtin().type("std::unique_lock");
  ASSERT_TRUE(unique && unique->guard);
  EXPECT_EQ(unique->guard->try_lock.size(), 3u);
  EXPECT_EQ(unique->guard->owns, (std::vector<std::string>{"owns_lock", "operator bool"}));
  EXPECT_TRUE(unique->guard->on_construction);
  EXPECT_EQ(builtin().type("std::scoped_lock")->guard->mutexes.kind, Subject::all_arguments);
  EXPECT_TRUE(builtin().type("std::lock_guard")->guard->unlock.empty());
  EXPECT_EQ(builtin().type("std::defer_lock_t")->tag, GuardTag::deferred);
  EXPECT_TRUE(builtin().type("std::recursive_mutex")->lock->recursive);
  EXPECT_EQ(builtin().function("pthread_mutex_trylock")->locks[0].success_is, 0);
  EXPECT_EQ(builtin().function("std::try_lock")->locks[0].success_is, -1);
  EXPECT_EQ(builtin().function("std::condition_variable::wait")->blocks[0].releases->arg, 0);
  EXPECT_EQ(builtin().function("std::condition_variable::wait_for")->condition_variable->predicate, 2);
}

TEST(BuiltinModels, Executors) {
  const FunctionModel *post = builtin().function("boost::asio::post");
  ASSERT_TRUE(post);
  ASSERT_EQ(post->callbacks.size(), 2u);
  EXPECT_FALSE(post->callbacks[0].in_place);
  EXPECT_EQ(post->callbacks[0].on.from->arg, 0);
  EXPECT_EQ(post->callbacks[1].on.fixed, Executor::pool);
  EXPECT_EQ(builtin().type("boost::asio::thread_pool")->executor, Executor::pool);
  EXPECT_EQ(builtin().type("asio::io_context")->executor, Executor::loop);
  EXPECT_EQ(builtin().type("boost::asio::strand")->executor_from_type_arg, 0);
  EXPECT_EQ(builtin().function("asio::bind_executor")->returned_arg, 1);
  EXPECT_EQ(builtin().type("std::suspend_never")->ready, true);
  EXPECT_EQ(builtin().type("std::suspend_always")->ready, false);
  EXPECT_TRUE(builtin().type("std::jthread")->destructor_blocks);
  EXPECT_TRUE(builtin().function("std::async")->result_destructor_blocks);
}

// --- user models

TEST(UserModels, WinOverBuiltInOnesAndKeepTheRest) {
  Models m = load("functions:\n"
                  "  - {name: recv, nonblocking: true}\n"
                  "  - {name: [fetch, store], of: [acme::Client, acme::Pool], blocks: database}\n");
  EXPECT_TRUE(m.function("recv")->nonblocking);
  EXPECT_TRUE(m.function("recv")->blocks.empty());
  EXPECT_EQ(m.function("recv")->library, "user");
  ASSERT_TRUE(m.function("acme::Pool::store"));
  EXPECT_EQ(m.function("acme::Pool::store")->blocks[0].what, "waits for a database");
  EXPECT_TRUE(m.function("send"));
  EXPECT_FALSE(m.function("acme::Client"));
  EXPECT_FALSE(builtin().function("recv")->nonblocking) << "with() must not change the original";
}

TEST(UserModels, NamesAreFoundAsWrittenThenThroughNamespaces) {
  Models m = load("namespaces: {acme::v1: acme, vendor::acme::v1: acme}\n"
                  "functions:\n"
                  "  - {name: acme::run, blocks: cpu}\n"
                  "  - {name: acme::v1::walk, blocks: disk}\n");
  EXPECT_EQ(m.function("acme::v1::run"), m.function("acme::run"));
  EXPECT_EQ(m.function("vendor::acme::v1::run"), m.function("acme::run"));
  EXPECT_EQ(m.function("acme::v1::walk")->blocks[0].cls, BlockClass::disk);
  EXPECT_FALSE(m.function("acme::walk"));
  EXPECT_FALSE(m.function("acme::v10::run"));
}

TEST(UserModels, PatternsStandForAnyScopeAndAnyRest) {
  llvm::Expected<Models> m = Models::builtin().with(R"(functions:
  - {name: "*::fails", expects-exception: true}
  - {name: "*::must_*", expects-exception: true}
  - {name: acme::must_not_fail, nonblocking: true}
  - name: acme::spawn
    discard-allowed: {when: {args: 2}, unless: {arg: last, type: acme::awaited_t}}
)",
                                                    "user.yaml");
  ASSERT_TRUE(static_cast<bool>(m)) << llvm::toString(m.takeError());
  for (const char *name : {"fails", "a::fails", "a::b::fails", "must_fail", "a::must_fail"}) {
    ASSERT_NE(m->function(name), nullptr) << name;
    EXPECT_TRUE(m->function(name)->expects_exception) << name;
  }
  EXPECT_FALSE(m->function("acme::must_not_fail")->expects_exception);
  for (const char *name : {"fails_not", "a::mus", "must::go"})
    EXPECT_EQ(m->function(name), nullptr) << name;
  EXPECT_EQ(Models::builtin().function("must_fail"), nullptr);
  const FunctionModel *spawn = m->function("acme::spawn");
  EXPECT_TRUE(spawn->discard_allowed);
  EXPECT_EQ(spawn->discard_when.size(), 1u);
  EXPECT_EQ(spawn->discard_unless.size(), 1u);
}

TEST(UserModels, ConstantsAreNumbersNamesAndSums) {
  Models m = load("constants: {ACME_FAST: 0x10, ACME_BOTH: ACME_FAST|MSG_DONTWAIT}\n"
                  "functions:\n"
                  "  - name: acme_send\n"
                  "    blocks: {class: socket, unless: [{arg: 1, has-flag: ACME_BOTH},\n"
                  "                                     {arg: last, equals: [1, 0x20]},\n"
                  "                                     {arg: 0, equals: -5}]}\n");
  const std::vector<Condition> &unless = m.function("acme_send")->blocks[0].unless;
  EXPECT_EQ(unless[0].value, 0x50);
  EXPECT_EQ(unless[1].value, 0x21);
  EXPECT_EQ(unless[1].arg, -1);
  EXPECT_EQ(unless[2].value, -5);
}

TEST(UserModels, AConfigurationsModelsSection) {
  Models m = load("checks: [all]\n"
                  "models:\n"
                  "  - models/acme.yaml\n"
                  "  - library: acme\n"
                  "    functions: [{name: acme_wait, blocks: wait}]\n");
  EXPECT_EQ(m.function("acme_wait")->library, "acme");
  EXPECT_TRUE(load("models:\n  functions: [{name: f, blocks: wait}]\n").function("f"));
  EXPECT_EQ(load("").functions().size(), builtin().functions().size());
  EXPECT_EQ(load("models:\n").functions().size(), builtin().functions().size());
  // Places are those of the whole file.
  EXPECT_EQ(error_of("checks: [all]\nmodels:\n  - functions:\n      - {name: f, block: wait}\n"),
            "user.yaml:4:19: unknown key 'block' in a function; did you mean 'blocks'?");
}

TEST(UserModels, ErrorsNamePlaceReasonAndRemedy) {
  const std::pair<const char *, const char *> cases[] = {
      {"function: []\n", "user.yaml:1:1: unknown key 'function' in a model; did you mean 'functions'?"},
      {"functions:\n  - name: f\n    blocks: {clas: wait}\n",
       "user.yaml:3:14: unknown key 'clas' in blocks; did you mean 'class'?"},
      {"functions:\n  - {name: f, blocks: socet}\n", "user.yaml:2:23: 'socet' is no class of blocking; did you mean 'socket'?"},
      {"functions:\n  - {name: f, blocks: {what: sleeps}}\n", "user.yaml:2:23: blocks needs the key 'class'"},
      {"functions:\n  - {blocks: wait}\n", "user.yaml:2:5: a function needs the key 'name'"},
      {"functions:\n  - {name: [], blocks: wait}\n", "user.yaml:2:12: a descriptor needs a name"},
      {"functions:\n  - {name: f}\n  - {name: [g, f]}\n",
       "user.yaml:3:5: 'f' is described twice in this file, first in line 2; merge the two"},
      {"types:\n  - {name: 'std::vector<int>::x'}\n",
       "user.yaml:2:12: 'std::vector<int>::x' is no qualified name: names are without template arguments"},
      {"functions:\n  - {name: f(int)}\n", "user.yaml:2:12: 'f(int)' is no qualified name: names have no parameter lists"},
      {"functions:\n  - {name: 'acme::*'}\n",
       "user.yaml:2:12: 'acme::*' is no qualified name: '*::' in front means any scope, and then '*' at the end any rest; "
       "there is no other '*'"},
      {"types:\n  - {name: '*::Mutex'}\n", "user.yaml:2:5: '*::Mutex': only functions are described by patterns"},
      {"functions:\n  - {name: f, nonblocking: maybe}\n", "user.yaml:2:28: nonblocking must be true or false"},
      {"functions:\n  - {name: f, blocks: {class: wait, unless: {arg: 0, has-flag: MSG_DONTWAIT}}}\n",
       "user.yaml:2:64: no constant is called 'MSG_DONTWAIT'; give a number, or define it under constants"},
      {"functions:\n  - {name: f, blocks: {class: wait, unless: {arg: 0}}}\n",
       "user.yaml:2:45: a condition holds one test (is, equals, has-flag, lacks-flag, type, global, args, "
       "args-at-least); this has 0"},
      {"functions:\n  - {name: f, blocks: {class: wait, unless: {is: zero}}}\n",
       "user.yaml:2:45: a condition needs arg: the argument it tests"},
      {"functions:\n  - {name: f, blocks: {class: wait, unless: {arg: -1, is: zero}}}\n",
       "user.yaml:2:51: arg must be a number that counts from 0, last, or receiver"},
      {"functions:\n  - {name: f, joins: -1}\n",
       "user.yaml:2:22: expected whose object is meant: receiver, result, all, last, or an argument's number from 0"},
      {"functions:\n  - {name: f, blocks: {class: wait, unless: {arg: first, is: zero}}}\n",
       "user.yaml:2:51: arg must be a number that counts from 0, last, or receiver"},
      {"functions:\n  - {name: f, callbacks: {arg: 0, runs: later}}\n",
       "user.yaml:2:26: a callback that runs later needs 'on': loop, pool, thread, …"},
      {"functions:\n  - {name: f, callbacks: {arg: 0, runs: later, on: lop}}\n",
       "user.yaml:2:52: an executor cannot be 'lop'; did you mean 'loop'?"},
      {"functions:\n  - {name: f, locks: {shared: true}}\n",
       "user.yaml:2:22: locks needs one of acquire, release, try-acquire; this has 0"},
      {"functions:\n  - {name: f, nonblocking: true, blocks: wait}\n",
       "user.yaml:2:5: a function has either blocks or nonblocking, not both"},
      {"functions:\n  - {name: f, name: g}\n", "user.yaml:2:15: the key 'name' is here twice"},
      {"types: [{name: t, lock: false}]\n", "user.yaml:1:25: lock is true or a mapping; leave it out for a type that is no lock"},
      {"- a\n- b\n", "user.yaml:1:1: a model file is a mapping with the keys library, namespaces, constants, functions, types"},
      {"a: &x 1\n", "user.yaml:1:7: anchors and aliases are not supported; write the value out"},
      {"library: x\n---\nlibrary: y\n", "user.yaml: several YAML documents; a model file holds one"},
  };
  for (const auto &[yaml, message] : cases)
    EXPECT_EQ(error_of(yaml), message) << yaml;
}

// docs/models.md: every YAML block loads as it stands, and every key that the loader knows is described.
TEST(ModelsGuide, ExamplesLoadAndKeysAreDescribed) {
  std::string guide = read_file(TENTERHOOK_SOURCE_DIR "/docs/models.md");
  StringRef rest = guide;
  unsigned examples = 0;
  while (true) {
    std::size_t start = rest.find("```yaml\n");
    if (start == StringRef::npos)
      break;
    rest = rest.drop_front(start + 8);
    StringRef example = rest.take_front(rest.find("```\n"));
    rest = rest.drop_front(example.size() + 4);
    llvm::Expected<Models> m = builtin().with(example, "docs/models.md");
    EXPECT_TRUE(bool(m)) << llvm::toString(m.takeError()) << "\n" << example.str();
    ++examples;
  }
  EXPECT_GE(examples, 9u);

  const char *with_unknown_key[] = {
      "zzzzzz: 0\n",
      "functions: [{zzzzzz: 0}]\n",
      "types: [{zzzzzz: 0}]\n",
      "functions: [{name: f, blocks: {zzzzzz: 0}}]\n",
      "functions: [{name: f, blocks: {unless: {zzzzzz: 0}}}]\n",
      "functions: [{name: f, locks: {zzzzzz: 0}}]\n",
      "functions: [{name: f, callbacks: {zzzzzz: 0}}]\n",
      "functions: [{name: f, resumes-on: {zzzzzz: 0}}]\n",
      "functions: [{name: f, resumes-on: zzzzzz}]\n",
      "functions: [{name: f, blocks: zzzzzz}]\n",
      "functions: [{name: f, returns-guard: {zzzzzz: 0}}]\n",
      "functions: [{name: f, condition-variable: {zzzzzz: 0}}]\n",
      "functions: [{name: f, sets-nonblocking: {zzzzzz: 0}}]\n",
      "functions: [{name: f, opens-descriptor: {zzzzzz: 0}}]\n",
      "types: [{name: t, lock: {zzzzzz: 0}}]\n",
      "types: [{name: t, guard: {zzzzzz: 0}}]\n",
      "types: [{name: t, tag: zzzzzz}]\n",
  };
  for (const char *yaml : with_unknown_key) {
    std::string message = error_of(yaml);
    StringRef known = StringRef(message).split("; known: ").second;
    EXPECT_FALSE(known.empty()) << message;
    llvm::SmallVector<StringRef, 16> words;
    known.split(words, ", ");
    for (StringRef word : words)
      EXPECT_TRUE(StringRef(guide).contains(word)) << "docs/models.md does not tell of '" << word.str() << "'";
  }
}

TEST(UserModels, NoBytesCrashTheLoader) {
  EXPECT_NE(error_of(std::string(100000, '[')), "");
  EXPECT_NE(error_of(std::string(100000, '{')), "");
  EXPECT_NE(error_of(StringRef("a\0b", 3)), "");
  EXPECT_NE(error_of("a: [1, 2"), "");
  EXPECT_NE(error_of("\t- x: \"\\q\""), "");
  EXPECT_NE(error_of("functions: *nowhere\n"), "");
  std::string deep;
  for (unsigned i = 0; i < 5000; ++i)
    deep += std::string(i, ' ') + "a:\n";
  EXPECT_NE(error_of(deep), "");
}
