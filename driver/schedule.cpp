// All TUs through extraction, on a pool of threads. See schedule.h.
#include "driver/schedule.h"
#include "driver/inputs.h"
#include "engine/guard.h"
#include "facts/codec.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/Twine.h"
#include "llvm/Support/FileSystem.h"
#include "llvm/Support/Threading.h"
#include "llvm/Support/thread.h"
#include <atomic>
#ifdef __GLIBC__
#include <malloc.h>
#endif
#include <memory>
#include <mutex>
#include <optional>

namespace tenterhook::driver {
namespace {

// Without the file's name, which a Trouble has already.
std::string reason(llvm::Error error, llvm::StringRef file) {
  std::string text = llvm::toString(std::move(error));
  llvm::StringRef rest = text;
  return rest.consume_front(file) && rest.consume_front(": ") ? rest.str() : text;
}

// What waits for the other TUs waits encoded: a tenth of the memory, and the next AST needs it more.
struct UnitResult {
  std::optional<extract::Result> result; // its summary is moved into `stored` by pack()
  std::string stored;
  std::vector<Trouble> troubles;
};

Trouble source_errors(const facts::TUSummary &unit) {
  Trouble trouble{Trouble::parse_error, unit.main_file, "findings here may be incomplete"};
  if (unit.errors.empty())
    return trouble;
  const facts::Diagnostic &first = unit.errors.front();
  trouble.message = unit.str(first.message);
  if (first.place.valid() && unit.str(first.place.file) == unit.main_file) {
    trouble.line = first.place.line;
    trouble.column = first.place.column;
  } else if (first.place.valid()) {
    trouble.message += (" at " + unit.str(first.place.file) + ":" + llvm::Twine(first.place.line)).str();
  }
  if (unit.errors.size() > 1)
    trouble.message += (" (and " + llvm::Twine(unit.errors.size() - 1) + " more)").str();
  return trouble;
}

llvm::Expected<extract::Result> read_or_extract(const extract::Command &command, const extract::Options &options) {
  if (!is_facts_file(command.file))
    return extract::extract(command, options, llvm::vfs::createPhysicalFileSystem());
  llvm::Expected<facts::TUSummary> unit = load_facts(command.file);
  if (!unit)
    return unit.takeError();
  extract::Result result;
  result.parsed = unit->errors.empty();
  result.summary = std::move(*unit);
  return result;
}

// Bodies that were too large: the first by name and place. They have an entry and an exit and nothing between.
Trouble left_out(const facts::TUSummary &summary, llvm::StringRef file, std::uint32_t limit) {
  const facts::Function *first = nullptr;
  for (const facts::Function &f : summary.functions)
    if (f.blocks.size() == 2 && llvm::is_contained(f.blocks[0].succs, 1u) && (!first || f.extent < first->extent))
      first = &f;
  if (!first)
    return {Trouble::capped, file.str(), (llvm::Twine(summary.capped_bodies) + " bodies were left out").str()};
  std::string others = summary.capped_bodies > 1 ? " (and " + std::to_string(summary.capped_bodies - 1) + " more)" : "";
  return {Trouble::capped, summary.strings[first->extent.file],
          "'" + summary.strings[summary.entities[first->entity].display] + "'" + others + " was left out: more than " +
              std::to_string(limit) + " blocks in one body; split it",
          first->extent.line, first->extent.column};
}

UnitResult run_unit(const extract::Command &command, const extract::Options &options) {
  UnitResult unit;
  if (!llvm::sys::fs::exists(command.file)) {
    unit.troubles.push_back({Trouble::missing_file, command.file,
                             "the compilation database names it; configure the project again or remove the entry"});
    return unit;
  }
  llvm::sys::fs::file_status status;
  llvm::sys::fs::status(command.file, status);
  if (status.type() == llvm::sys::fs::file_type::fifo_file || status.type() == llvm::sys::fs::file_type::socket_file) {
    unit.troubles.push_back(
        {Trouble::failed, command.file, "is a pipe or socket, which has no end; name a file in the compilation database"});
    return unit;
  }
  std::optional<std::string> crashed = engine::recover([&] {
    llvm::Expected<extract::Result> result = read_or_extract(command, options);
    if (result)
      unit.result = std::move(*result);
    else
      unit.troubles.push_back({Trouble::failed, command.file, reason(result.takeError(), command.file)});
  });
  if (crashed) { // what the crash interrupted is not to be trusted
    unit.result.reset();
    unit.troubles = {{Trouble::crash, command.file, *crashed + "; if clang++-22 compiles this file, please report it"}};
    return unit;
  }
  if (!unit.result)
    return unit;
  const facts::TUSummary &summary = unit.result->summary;
  if (unit.result->parsed && options.registry)
    options.registry->publish(summary); // what errors cut short stays unshared
  if (!unit.result->parsed)
    unit.troubles.push_back(source_errors(summary));
  if (summary.capped_bodies)
    unit.troubles.push_back(left_out(summary, command.file, options.max_block_count));
  return unit;
}

void pack(UnitResult &unit, llvm::StringRef file) {
  if (!unit.result || is_facts_file(file))
    return; // of stored facts there is no AST whose memory counts
  unit.stored = facts::encode(unit.result->summary);
  unit.result->summary = {};
}

facts::TUSummary unpack(UnitResult &unit, llvm::StringRef file) {
  if (unit.stored.empty())
    return std::move(unit.result->summary);
  std::string stored = std::move(unit.stored);
  return llvm::cantFail(facts::decode(stored, file), "encoded a moment ago by this process");
}

} // namespace

unsigned workers_for(unsigned asked) { return asked ? asked : llvm::hardware_concurrency().compute_thread_count(); }

Extraction extract_all(llvm::ArrayRef<extract::Command> commands, unsigned workers, bool time_phases, Progress done) {
  const engine::CrashRecovery recovery;
  extract::BodyRegistry registry;
  extract::Options options;
  options.registry = &registry;
  options.time_phases = time_phases;

  std::vector<UnitResult> results(commands.size());
  std::atomic<std::size_t> next = 0;
  std::mutex progress_mutex;
  std::size_t finished = 0;
  auto worker = [&] {
    const engine::SignalStack signals;
    for (std::size_t i; (i = next++) < commands.size();) {
      results[i] = run_unit(commands[i], options);
      pack(results[i], commands[i].file);
      std::lock_guard lock(progress_mutex);
      done(++finished, commands.size(), commands[i].file);
    }
  };
  std::vector<llvm::thread> threads;
  for (unsigned i = 0; i < std::min<std::size_t>(std::max(1u, workers), commands.size()); ++i)
    threads.emplace_back(std::optional<unsigned>(engine::deep_stack), worker);
  for (llvm::thread &thread : threads)
    thread.join();
#ifdef __GLIBC__
  malloc_trim(0); // the ASTs' pages are in the workers' arenas, where what comes now could not reuse them
#endif

  Extraction extraction;
  for (auto &&[unit, command] : llvm::zip_equal(results, commands)) {
    bool lost = false;
    for (Trouble &trouble : unit.troubles) {
      lost |= trouble.kind != Trouble::capped;
      extraction.troubles.push_back(std::move(trouble));
    }
    extraction.analysed += !lost;
    if (!unit.result)
      continue;
    extraction.units.push_back(unpack(unit, command.file));
    if (double took = unit.result->times.parse + unit.result->times.extract; took > extraction.slowest_seconds) {
      extraction.slowest = command.file;
      extraction.slowest_seconds = took;
    }
    extraction.bodies_shared += extraction.units.back().shared_bodies.size();
    extraction.dropped_flags += unit.result->dropped_flags.size();
    extraction.times.parse += unit.result->times.parse;
    extraction.times.extract += unit.result->times.extract;
  }
  return extraction;
}

} // namespace tenterhook::driver
