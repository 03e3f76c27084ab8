// The passes, in order: link, analyse, run rules, merge, apply NOLINT.
#include "engine/engine.h"
#include "analysis/analysis.h"
#include "engine/guard.h"
#include "rules/rule.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <atomic>
#include <mutex>
#include <thread>

namespace tenterhook::engine {

using namespace findings;

namespace {

// Globs over paths, compiled once: one without '/' is matched against each folder's name, another against the whole
// path; a file's answer is remembered, because rules ask for every function. Safe from many threads.
class PathGlobs {
public:
  explicit PathGlobs(const std::vector<std::string> &globs) {
    for (const std::string &glob : globs)
      if (auto pattern = llvm::GlobPattern::create(glob))
        patterns_.push_back({std::move(*pattern), glob.find('/') != std::string::npos});
      else
        llvm::consumeError(pattern.takeError()); // the configuration reported it
  }
  bool match(const std::string &path) {
    const std::lock_guard lock(mutex_);
    auto [it, added] = known_.try_emplace(path, false);
    if (added)
      it->second = std::any_of(patterns_.begin(), patterns_.end(), [&](const Glob &g) {
        if (g.whole_path)
          return g.pattern.match(path);
        llvm::StringRef folders = llvm::sys::path::parent_path(path);
        return std::any_of(llvm::sys::path::begin(folders), llvm::sys::path::end(folders),
                           [&](llvm::StringRef folder) { return g.pattern.match(folder); });
      });
    return it->second;
  }

private:
  struct Glob {
    llvm::GlobPattern pattern;
    bool whole_path;
  };
  std::mutex mutex_;
  std::vector<Glob> patterns_;
  std::map<std::string, bool> known_;
};

// NOLINT comments by file.
class Nolint {
public:
  explicit Nolint(const analysis::Program &program) {
    for (const facts::Suppression &s : program.suppressions) {
      Entry e{s.first_line, s.last_line, {}};
      for (facts::StringId c : s.checks)
        if (auto pattern = llvm::GlobPattern::create(program.str(c)))
          e.globs.push_back(std::move(*pattern));
        else
          llvm::consumeError(pattern.takeError()); // a comment that names nothing suppresses nothing
      if (e.globs.empty() == s.checks.empty())
        files_[program.str(s.file)].push_back(std::move(e));
    }
  }
  bool covers(const std::string &check, const Place &place) const {
    auto it = files_.find(place.file);
    if (it == files_.end())
      return false;
    std::string name = "tenterhook-" + check;
    return std::any_of(it->second.begin(), it->second.end(), [&](const Entry &e) {
      return e.first <= place.line && place.line <= e.last &&
             (e.globs.empty() ||
              std::any_of(e.globs.begin(), e.globs.end(), [&](const llvm::GlobPattern &p) { return p.match(name); }));
    });
  }

private:
  struct Entry {
    std::uint32_t first, last;
    std::vector<llvm::GlobPattern> globs;
  };
  std::map<std::string, std::vector<Entry>> files_;
};

std::vector<std::string> notes(const analysis::Analysis &analysis) {
  std::vector<std::string> out;
  for (unsigned kind = 0; kind < analysis::limit_kinds; ++kind) {
    const auto limit = static_cast<analysis::Limit>(kind);
    const std::vector<std::uint32_t> hit = analysis.program.limits().functions(limit);
    if (hit.empty())
      continue;
    const facts::Place &at = analysis.program.functions[hit.front()].extent;
    out.push_back(analysis.program.str(at.file) + ":" + std::to_string(at.line) + ": '" + analysis.program.display(hit.front()) +
                  "'" + (hit.size() > 1 ? " (and " + std::to_string(hit.size() - 1) + " more)" : "") +
                  " was followed in part: " + analysis::to_string(limit));
  }
  if (analysis.has_calls())
    if (const auto &ambiguous = analysis.calls().ambiguous(); !ambiguous.empty())
      out.push_back("calls of " + std::to_string(ambiguous.size()) + " function" + (ambiguous.size() > 1 ? "s" : "") +
                    " were not followed, because files define them differently: " + *ambiguous.begin() +
                    (ambiguous.size() > 1 ? ", …" : ""));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

// On at most `threads` threads. A crash in one is a crash of the caller, once all have ended.
void run_jobs(analysis::Jobs jobs, unsigned threads) {
  if (threads <= 1 || jobs.size() <= 1) {
    for (auto &job : jobs)
      job();
    return;
  }
  std::atomic<std::size_t> next = 0;
  std::vector<std::optional<std::string>> crashed(jobs.size());
  std::vector<std::thread> workers;
  for (unsigned t = 0; t < std::min<std::size_t>(threads, jobs.size()); ++t)
    workers.emplace_back([&] {
      for (std::size_t i = next++; i < jobs.size(); i = next++)
        crashed[i] = run_guarded(jobs[i]);
    });
  for (std::thread &worker : workers)
    worker.join();
  for (const std::optional<std::string> &how : crashed)
    if (how)
      llvm::report_fatal_error(llvm::StringRef(*how), /*gen_crash_diag=*/false);
}

std::vector<const rules::Rule *> chosen(const Options &options) {
  std::vector<const rules::Rule *> out;
  for (const rules::Rule *rule : rules::table())
    if (options.rules.empty() ? rule->info.default_on : llvm::is_contained(options.rules, rule->info.name))
      out.push_back(rule);
  return out;
}

} // namespace

Result run(std::vector<facts::TUSummary> units, const models::Models &models, const Options &options) {
  analysis::Stopwatch watch;
  analysis::Program program;
  watch.run("link", [&] { program = analysis::link(std::move(units), options.world == rules::World::closed); });

  std::vector<const rules::Rule *> rules = chosen(options);
  analysis::Options analyses;
  analyses.blocking.allowed = options.allowed;
  unsigned needs = analysis::needs_nothing;
  for (const rules::Rule *rule : rules) {
    needs |= rule->needs;
    if (rule->configure)
      rule->configure(options.check_options, analyses);
  }
  auto run_all = [&](analysis::Jobs jobs) { run_jobs(std::move(jobs), options.jobs); };
  analysis::Analysis analysis(std::move(program), models, analyses, needs, watch, run_all);

  PathGlobs third_party(options.third_party);
  Nolint nolint(analysis.program);
  rules::Context context{analysis, [&](const std::string &file) { return third_party.match(file); },
                         [&](const std::string &check, const Place &place) { return nolint.covers(check, place); }};
  std::vector<std::vector<Finding>> found(rules.size());
  analysis::Jobs jobs;
  for (std::size_t r = 0; r < rules.size(); ++r)
    jobs.emplace_back([&, r] {
      watch.run(rules[r]->info.name, [&] { rules[r]->run(context, found[r]); });
      if (rules[r]->info.world == rules::World::closed && !analysis.program.whole)
        for (Finding &f : found[r])
          f.confidence = Confidence::possible;
    });
  run_all(std::move(jobs));

  std::vector<Finding> all;
  for (std::vector<Finding> &of_rule : found)
    std::move(of_rule.begin(), of_rule.end(), std::back_inserter(all));
  sort_unique(all);
  // Instantiations of one template say the same of one place, with other types in it: the first says it.
  all.erase(std::unique(all.begin(), all.end(),
                        [](const Finding &a, const Finding &b) { return a.rule == b.rule && a.place == b.place; }),
            all.end());
  number_equals(all);
  Result result;
  for (Finding &f : all)
    (nolint.covers(f.rule, f.place) ? result.suppressed : result.findings).push_back(std::move(f));
  result.notes = notes(analysis);
  result.functions = static_cast<std::uint32_t>(analysis.program.functions.size());
  for (const facts::Function &f : analysis.program.functions)
    result.operations += static_cast<std::uint32_t>(f.ops.size());
  for (const analysis::Stopwatch::Pass &pass : watch.passes())
    result.passes.emplace_back(pass.name, pass.seconds);
  return result;
}

const std::vector<const rules::RuleInfo *> &all_rules() {
  static const std::vector<const rules::RuleInfo *> infos = [] {
    std::vector<const rules::RuleInfo *> out;
    for (const rules::Rule *r : rules::table())
      out.push_back(&r->info);
    return out;
  }();
  return infos;
}

const std::vector<rules::OptionInfo> &all_options() {
  static const std::vector<rules::OptionInfo> options = [] {
    std::vector<rules::OptionInfo> out;
    for (const rules::Rule *rule : rules::table())
      if (rule->options)
        llvm::append_range(out, rule->options());
    return out;
  }();
  return options;
}

const std::vector<std::string> &default_third_party() {
  static const std::vector<std::string> globs = {"third_party", "3rdparty", "vendor", "external", "node_modules", "_deps"};
  return globs;
}

} // namespace tenterhook::engine
