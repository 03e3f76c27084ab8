// What the tests of extraction share: source text in, lines of facts out, through the public door.
#ifndef TENTERHOOK_TEST_UNIT_EXTRACT_HARNESS_H
#define TENTERHOOK_TEST_UNIT_EXTRACT_HARNESS_H

#include "extract/extract.h"
#include "facts/codec.h"
#include "llvm/Support/raw_ostream.h"
#include <gtest/gtest.h>
#include <regex>
#include <thread>

namespace tenterhook::extract {
namespace {

const char *prelude = R"(
#include <chrono>
#include <coroutine>
#include <functional>
#include <memory>
#include <mutex>
#include <tuple>
using namespace std::chrono_literals;
struct task {
  struct promise_type {
    task get_return_object();
    std::suspend_always initial_suspend();
    std::suspend_never final_suspend() noexcept;
    void return_value(int);
    void unhandled_exception();
  };
  bool await_ready();
  void await_suspend(std::coroutine_handle<>);
  int await_resume();
};
task f(int);
std::mutex m;
)";

struct Files {
  std::vector<std::pair<std::string, std::string>> all;
};

llvm::Expected<Result> run(const std::string &code, std::vector<std::string> flags = {"-std=c++20"}, const Options &options = {},
                           const Files &files = {}, const std::string &name = "/src/main.cpp") {
  auto memory = llvm::makeIntrusiveRefCnt<llvm::vfs::InMemoryFileSystem>();
  memory->addFile(name, 0, llvm::MemoryBuffer::getMemBufferCopy(code, name));
  for (const auto &[path, text] : files.all)
    memory->addFile(path, 0, llvm::MemoryBuffer::getMemBufferCopy(text, path));
  auto vfs = llvm::makeIntrusiveRefCnt<llvm::vfs::OverlayFileSystem>(
      llvm::IntrusiveRefCntPtr<llvm::vfs::FileSystem>(llvm::vfs::createPhysicalFileSystem()));
  vfs->pushOverlay(memory);
  Command command;
  command.file = name;
  command.directory = "/src";
  command.argv = {"clang++"};
  command.argv.insert(command.argv.end(), flags.begin(), flags.end());
  command.argv.push_back(name);
  return extract(command, options, vfs);
}

Result parsed(const std::string &code, std::vector<std::string> flags = {"-std=c++20"}, const Options &options = {},
              const Files &files = {}) {
  llvm::Expected<Result> result = run(code, std::move(flags), options, files);
  if (!result) {
    ADD_FAILURE() << llvm::toString(result.takeError());
    return {};
  }
  for (const facts::Diagnostic &error : result->summary.errors)
    ADD_FAILURE() << result->summary.str(error.message);
  if (llvm::Error invalid = facts::validate(result->summary))
    ADD_FAILURE() << llvm::toString(std::move(invalid));
  return std::move(*result);
}

std::string text(const facts::TUSummary &summary) {
  std::string out;
  llvm::raw_string_ostream stream(out);
  facts::dump_text(summary, stream);
  return std::regex_replace(out, std::regex("  @ [^\n]*"), "");
}

// The dump's lines of one function, or "" if it has none.
std::string body(const facts::TUSummary &summary, const std::string &function) {
  const std::string all = text(summary);
  const std::string head = "\nfunction " + function;
  std::size_t at = all.find(head);
  while (at != std::string::npos && !llvm::StringRef(" \n").contains(all[at + head.size()]))
    at = all.find(head, at + 1);
  if (at == std::string::npos)
    return "";
  return all.substr(at + 1, all.find("\n\n", at + 1) - at);
}

std::string body(const std::string &code, const std::string &function) { return body(parsed(prelude + code).summary, function); }

#define EXPECT_LINE(haystack, needle) EXPECT_NE((haystack).find(needle), std::string::npos) << (haystack)
#define EXPECT_NO_LINE(haystack, needle) EXPECT_EQ((haystack).find(needle), std::string::npos) << (haystack)

const facts::Function *function_named(const facts::TUSummary &s, llvm::StringRef qualified) {
  for (const facts::Function &f : s.functions)
    if (s.str(s.entities[f.entity].qualified) == qualified)
      return &f;
  return nullptr;
}

const facts::Type *type_named(const facts::TUSummary &s, llvm::StringRef qualified) {
  for (const facts::Type &t : s.types)
    if (s.str(t.qualified) == qualified)
      return &t;
  return nullptr;
}

} // namespace
} // namespace tenterhook::extract

#endif
