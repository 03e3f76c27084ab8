// The passes, in order: link, analyse, run rules, merge, apply NOLINT.
#include "engine/engine.h"
#include "analysis/analysis.h"
#include "rules/rule.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/Support/GlobPattern.h"
#include "llvm/Support/Path.h"
#include <algorithm>

namespace tenterhook::engine {

using namespace findings;

namespace {

constexpr const char *classes_option = "blocking-call-in-coroutine.classes";

std::vector<std::string> class_names() {
  std::vector<std::string> names;
  for (std::size_t c = 0; c <= std::size_t(models::BlockClass::cpu); ++c) // the last
    names.push_back(models::to_string(models::BlockClass(c)).str());
  return names;
}

std::set<models::BlockClass> classes(const Options &options) {
  std::string list = all_options().front().default_value;
  if (auto it = options.check_options.find(classes_option); it != options.check_options.end())
    list = it->second;
  std::set<models::BlockClass> out;
  llvm::SmallVector<llvm::StringRef, 12> names;
  llvm::StringRef(list).split(names, ',', -1, false);
  for (llvm::StringRef n : names)
    if (auto c = models::block_class(n.trim()))
      out.insert(*c);
  return out;
}

// Globs over paths, compiled once: one without '/' is matched against each folder's name, another against the whole
// path; a file's answer is remembered, because rules ask for every function.
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
             (e.globs.empty() || std::any_of(e.globs.begin(), e.globs.end(), [&](const llvm::GlobPattern &p) { return p.match(name); }));
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
  for (const analysis::LimitHit &hit : analysis.locks.limits()) {
    const facts::Place &at = analysis.program.functions[hit.in].extent;
    out.push_back(analysis.program.str(at.file) + ":" + std::to_string(at.line) + ": locks of '" +
                  analysis.program.display(hit.in) + "' were followed in part: " + analysis::to_string(hit.limit));
  }
  const auto &ambiguous = analysis.calls.ambiguous();
  if (!ambiguous.empty())
    out.push_back("calls of " + std::to_string(ambiguous.size()) + " function" + (ambiguous.size() > 1 ? "s" : "") +
                  " were not followed, because files define them differently: " + *ambiguous.begin() +
                  (ambiguous.size() > 1 ? ", …" : ""));
  std::sort(out.begin(), out.end());
  out.erase(std::unique(out.begin(), out.end()), out.end());
  return out;
}

} // namespace

Result run(std::vector<facts::TUSummary> units, const models::Models &models, const Options &options) {
  analysis::BlockingOptions blocking{classes(options), options.allowed};
  analysis::Analysis analysis(analysis::link(std::move(units), options.world == rules::World::closed), models, std::move(blocking));
  auto third_party = std::make_shared<PathGlobs>(options.third_party);
  auto nolint = std::make_shared<Nolint>(analysis.program);
  rules::Context context{analysis, [third_party](const std::string &file) { return third_party->match(file); },
                         [nolint](const std::string &check, const Place &place) { return nolint->covers(check, place); }};
  std::vector<Finding> all;
  for (const rules::Rule *rule : rules::table()) {
    bool on = options.rules.empty() ? rule->info.default_on
                                    : std::find(options.rules.begin(), options.rules.end(), rule->info.name) != options.rules.end();
    if (!on)
      continue;
    std::size_t before = all.size();
    rule->run(context, all);
    if (rule->info.world == rules::World::closed && !analysis.program.whole)
      for (std::size_t i = before; i < all.size(); ++i)
        all[i].confidence = Confidence::possible;
  }
  sort_unique(all);
  // Instantiations of one template say the same of one place, with other types in it: the first says it.
  all.erase(std::unique(all.begin(), all.end(),
                        [](const Finding &a, const Finding &b) { return a.rule == b.rule && a.place == b.place; }),
            all.end());
  number_equals(all);
  Result result;
  for (Finding &f : all)
    (nolint->covers(f.rule, f.place) ? result.suppressed : result.findings).push_back(std::move(f));
  result.notes = notes(analysis);
  result.functions = static_cast<std::uint32_t>(analysis.program.functions.size());
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

const std::vector<OptionInfo> &all_options() {
  static const std::vector<OptionInfo> options = {
      {classes_option, "wait,sleep,socket,pipe,terminal,disk,name-lookup,process,database,http",
       "what counts as blocking; also known: lock, cpu", class_names()},
  };
  return options;
}

const std::vector<std::string> &default_third_party() {
  static const std::vector<std::string> globs = {"third_party", "3rdparty",     "vendor",
                                                 "external",    "node_modules", "_deps"};
  return globs;
}

} // namespace tenterhook::engine
