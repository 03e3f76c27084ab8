// The sample report. Places are found by searching the sources, so they are right by construction.
#include "sample.h"
#include "llvm/ADT/StringRef.h"
#include <cassert>
#include <map>

namespace tenterhook::test {

using findings::Confidence;
using findings::Finding;
using findings::Place;

namespace {

constexpr const char *session = "src/session.cpp";
constexpr const char *cache = "src/größe & co/缓存.cpp"; // blanks, an ampersand and letters that URIs must encode
constexpr const char *outside = "/usr/include/c++/12/mutex";

const std::map<std::string, std::string> &files() {
  static const std::map<std::string, std::string> sources = {
      {std::string(sample_root) + "/" + session, R"cpp(#include "session.h"

std::mutex g_mutex;

task<void> session(tcp::socket socket) {
	std::lock_guard lock(g_mutex);
	/* 🧵 "naïve" */ auto n = co_await read(socket, g_buffer);
  helper(n);
}

void helper(int n) { query("insert into a_very_long_table_name (column_one, column_two) values (1, 2)", connection()); }

awaitable<int> later(
    int when) {
  co_return co_await delayed(
      when,
      executor(),
      use_awaitable);
}
)cpp"},
      {std::string(sample_root) + "/" + cache, "class Cache {\r\n"
                                               "  void put(Key key) {\r\n"
                                               "    std::scoped_lock a(index_mutex_);\r\n"
                                               "    std::scoped_lock b(/* 缓存 */ store_mutex_);\r\n"
                                               "  }\r\n"
                                               "  void evict() {\r\n"
                                               "    std::scoped_lock b(store_mutex_);\r\n"
                                               "    std::scoped_lock a(index_mutex_);\r\n"
                                               "  }\r\n"
                                               "  int hits_ = 0;\r\n"
                                               "};"},
      {outside, "// standard library\nclass mutex {\npublic:\n  void lock();\n};\n"},
  };
  return sources;
}

constexpr rules::RuleInfo blocking_call{
    "blocking-call-in-coroutine", rules::Category::blocked_loop, true, rules::World::open, 0, "0.1.0",
    "a coroutine calls something that blocks the thread, and every other task on its loop stops",
    "# tenterhook-blocking-call-in-coroutine\n\nA coroutine that runs on an event loop calls something that blocks the "
    "thread:\nevery other task on that loop stops.\n\n```cpp\ntask<void> f() { sleep(1); }\n```\n"};
constexpr rules::RuleInfo lock_across_await{
    "lock-across-await", rules::Category::deadlock, true, rules::World::open, 833, "0.1.0",
    "a coroutine suspends while it holds a lock",
    "# tenterhook-lock-across-await\n\nA lock is held across `co_await`.\n"};
constexpr rules::RuleInfo lock_order{
    "lock-order-inversion", rules::Category::deadlock, false, rules::World::closed, 833, "0.1.0",
    "two locks are taken in opposite orders", ""};

Finding lock_finding() {
  Finding finding;
  finding.rule = "lock-across-await";
  finding.place = place_of(session, "co_await read(socket, g_buffer)");
  finding.what = "'session' keeps 'g_mutex' locked while it is suspended here; any thread that needs it stops until "
                 "this coroutine resumes.";
  finding.instead = "Unlock before the co_await, or use an async mutex.";
  finding.confidence = Confidence::certain;
  finding.witness = {{"coroutine session", 1, place_of(session, "lock(g_mutex)"), "locks 'g_mutex'"},
                     {"coroutine session", 1, finding.place, "suspends while it holds 'g_mutex'"}};
  finding.related = {{place_of(session, "g_mutex"), "'g_mutex' is declared here"},
                     {place_of(outside, "lock"), "[std::mutex::lock](1) is what blocks"}};
  finding.function = "session(tcp::socket)";
  finding.identity = "g_mutex";
  finding.target = "server";
  return finding;
}

Finding blocking_finding() {
  Finding finding;
  finding.rule = "blocking-call-in-coroutine";
  finding.place = place_of(session, "query(\"insert into a_very_long_table_name (column_one, column_two) "
                                    "values (1, 2)\", connection())");
  finding.what = "'query' waits for the database on the event loop's thread; every other task on that loop stops.";
  finding.instead = "Run it on a thread pool and await its result.";
  finding.confidence = Confidence::likely;
  finding.witness = {{"coroutine session", 1, place_of(session, "helper(n)"), "calls 'helper'"},
                     {"coroutine session", 1, finding.place, "calls 'query', which waits for a database"}};
  finding.function = "helper(int)";
  finding.identity = "query";
  finding.entries = 12;
  return finding;
}

Finding order_finding() {
  Finding finding;
  finding.rule = "lock-order-inversion";
  finding.place = place_of(cache, "store_mutex_");
  finding.what = "'Cache::put' and 'Cache::evict' take 'index_mutex_' and 'store_mutex_' in opposite orders; two "
                 "threads that run them at the same time stop for ever.";
  finding.instead = "Take both with one std::scoped_lock.";
  finding.confidence = Confidence::certain;
  finding.witness = {
      {"thread 'writer'", 1, place_of(cache, "a(index_mutex_)"), "locks 'index_mutex_'"},
      {"coroutine Cache::evict", 2, place_of(cache, "b(store_mutex_)"), "locks 'store_mutex_'"},
      {"thread 'writer'", 1, finding.place, "waits for 'store_mutex_', which coroutine Cache::evict holds"},
      {"coroutine Cache::evict", 2, place_of(cache, "a(index_mutex_)", 2),
       "waits for 'index_mutex_', which thread 'writer' holds"}};
  finding.function = "Cache::put(Key)";
  finding.identity = "index_mutex_, store_mutex_";
  return finding;
}

Finding ranged_finding() {
  Finding finding;
  finding.rule = "blocking-call-in-coroutine";
  finding.place = place_of(session, "delayed(\n      when,\n      executor(),\n      use_awaitable)");
  finding.what = "'later' waits here.";
  finding.instead = "Await a timer.";
  finding.confidence = Confidence::possible;
  finding.witness = {{"coroutine later", 1, finding.place, "waits"}};
  finding.function = "later(int)";
  finding.identity = "delayed";
  return finding;
}

// A file that is gone by the time the report is written: no snippet, no line hash, columns as they are.
Finding unreadable_finding() {
  Finding finding = ranged_finding();
  finding.place = {std::string(sample_root) + "/generated/gone.cpp", 7, 3, 7, 9};
  finding.confidence = Confidence::likely;
  finding.identity = "gone";
  finding.witness = {{"coroutine later", 1, finding.place, "waits"}};
  return finding;
}

driver::Report base() {
  driver::Report report;
  report.version = "0.1.0";
  report.root = sample_root;
  report.rules = {&blocking_call, &lock_across_await, &lock_order};
  report.arguments = {"check", "-p", "build"};
  return report;
}

} // namespace

Place place_of(const std::string &path, const std::string &text, unsigned nth) {
  const std::string absolute = path.front() == '/' ? path : std::string(sample_root) + "/" + path;
  const llvm::StringRef source = files().at(absolute);
  std::size_t at = source.find(text);
  for (; nth > 1; --nth)
    at = source.find(text, at + 1);
  assert(at != llvm::StringRef::npos && "the sample does not hold this text");
  const auto line = [&](std::size_t offset) {
    return static_cast<std::uint32_t>(source.take_front(offset).count('\n') + 1);
  };
  const auto column = [&](std::size_t offset) {
    const std::size_t newline = source.take_front(offset).rfind('\n'); // npos + 1 is 0
    return static_cast<std::uint32_t>(offset - (newline + 1) + 1);
  };
  const std::size_t end = at + text.size();
  return {absolute, line(at), column(at), line(end), column(end)};
}

driver::Report sample_report() {
  driver::Report report = base();
  report.findings = {unreadable_finding(), order_finding(), lock_finding(), blocking_finding(), ranged_finding()};
  findings::sort_unique(report.findings);
  report.suppressed = {lock_finding()};
  report.suppressed.front().identity = "g_other_mutex";
  const std::string root = std::string(sample_root) + "/";
  report.troubles = {
      {driver::Trouble::missing_file, root + "src/moved.cpp",
       "the compilation database names it; run CMake again to refresh the database"},
      {driver::Trouble::parse_error, root + session, "unknown type name 'awaitable'", 13, 1},
      {driver::Trouble::crash, root + "src/huge.cpp", "signal 11 while parsing"},
      {driver::Trouble::failed, root + "src/other.cu", "not a C or C++ compile command"},
      {driver::Trouble::capped, root + cache, "one body has more than 4000 blocks and was left out"},
      {driver::Trouble::note, "", "two definitions of 'Cache::put' differ; the one of target 'server' was taken"}};
  report.units = 9;
  report.units_analysed = 5;
  report.functions = 341;
  report.below_threshold = 4;
  return report;
}

driver::Report empty_report() {
  driver::Report report = base();
  report.units = report.units_analysed = 3;
  report.functions = 12;
  return report;
}

driver::SourceReader sample_sources() {
  return [](llvm::StringRef path) -> std::optional<std::string> {
    const auto file = files().find(path.str());
    return file == files().end() ? std::nullopt : std::optional(file->second);
  };
}

} // namespace tenterhook::test
