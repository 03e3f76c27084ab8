// The table of verdicts for a person: findings, what was not predicted, the evidence, totals.
#include "output/names.h"
#include "output/terminal.h"
#include "validate/validate.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include <set>

namespace tenterhook::validate {

using namespace findings;

namespace {

constexpr std::size_t most_unpredicted_frames = 4; // of an unpredicted observation's stack
constexpr std::size_t most_aside = 3;              // names of traces that no verdict looks at

std::string shown(const Place &place, llvm::StringRef root) {
  if (place.file.empty())
    return "(no place)";
  auto relative = driver::below_root(place.file, root);
  std::string text = (relative ? *relative : llvm::StringRef(place.file)).str();
  if (place.line)
    text += ":" + std::to_string(place.line) + ":" + std::to_string(place.column);
  return text;
}

driver::Colour colour(Judgement judgement) {
  switch (judgement) {
  case Judgement::confirmed: return driver::Colour::red;
  case Judgement::contradicted: return driver::Colour::green;
  case Judgement::inconclusive: return driver::Colour::yellow;
  case Judgement::not_exercised:
  case Judgement::no_rule: return driver::Colour::dim;
  }
  return driver::Colour::plain;
}

class Printer {
public:
  Printer(const LoadedReport &report, const driver::TextStyle &style, llvm::raw_ostream &out)
      : report_(report), paint_(style.colour), out_(out) {}

  // By what there is to do: what happened, what may have and needs another run, what did not, what was not reached.
  void verdicts(const Judgements &judgements) {
    for (Judgement judgement :
         {Judgement::confirmed, Judgement::inconclusive, Judgement::contradicted, Judgement::no_rule, Judgement::not_exercised})
      for (std::size_t i = 0; i < report_.subjects.size(); ++i)
        if (!report_.subjects[i].suppressed && judgements.verdicts[i].judgement == judgement)
          verdict(report_.subjects[i].finding, judgements.verdicts[i]);
  }

  void unpredicted(const std::vector<Unpredicted> &entries) {
    if (entries.empty())
      return;
    section("Seen in the runs and predicted by no finding:");
    for (const Unpredicted &entry : entries) {
      out_ << paint_(driver::Colour::magenta, llvm::formatv("{0,-14}", entry.kind).str())
           << clean(shown(entry.place, report_.root)) << "  " << clean(entry.what) << " (" << clean(entry.evidence);
      if (entry.time)
        out_ << llvm::formatv(" at +{0:f6} s", double(entry.time) / 1e9);
      if (!entry.thread.empty())
        out_ << " on " << clean(entry.thread);
      out_ << ")\n";
      stack(entry.stack, "");
      if (entry.kind == "data-race" || entry.kind == "lock-order")
        for (const Unpredicted::Side &side : entry.others)
          stack(side.stack, "  other side: ");
    }
  }

  void evidence(const std::vector<Evidence> &files, const std::map<std::string, std::string> &set_aside) {
    section("Evidence:");
    for (const Evidence &file : files) {
      if (set_aside.count(file.file))
        continue;
      out_ << "  " << clean(file.file) << ": " << to_string(file.source);
      bool trace = file.source == SourceKind::recorder_trace || file.source == SourceKind::runtime_trace;
      if (!trace)
        out_ << ", " << driver::count_of(file.reports, "report");
      else if (file.block_threshold)
        out_ << ", calls count as blocking from " << duration(file.block_threshold);
      out_ << '\n';
      for (llvm::StringRef limit : file.limits) {
        if (limit.consume_front(file.file)) // stands above
          limit.consume_front(": ");
        out_ << "    " << clean(limit) << '\n';
      }
    }
  }

  // A server may start hundreds of programs: one line.
  void aside(const std::map<std::string, std::string> &traces) {
    if (traces.empty())
      return;
    std::set<std::string> programs;
    std::string files;
    std::size_t named = 0;
    for (const auto &[file, program] : traces) {
      programs.insert("'" + program + "'");
      if (named++ < most_aside)
        files += (named > 1 ? ", " : "") + file;
    }
    out_ << "  " << driver::count_of(traces.size(), "trace") << " of " << clean(llvm::join(programs, ", "))
         << ", in which no file of this report is known; no verdict looks there: " << clean(files)
         << (named > most_aside ? ", …" : "") << '\n';
  }

private:
  void section(const char *title) {
    out_ << (started_ ? "\n" : "") << title << '\n';
    started_ = true;
  }

  void verdict(const Finding &finding, const Verdict &verdict) {
    started_ = true;
    out_ << paint_(colour(verdict.judgement), llvm::formatv("{0,-14}", to_string(verdict.judgement)).str())
         << clean(shown(finding.place, report_.root)) << "  " << clean(driver::check_name(finding.rule)) << '\n';
    out_.indent(14) << clean(verdict.reason);
    if (!verdict.evidence.empty())
      out_ << " (" << clean(verdict.evidence) << ' ' << clean(verdict.run) << ')';
    out_ << '\n';
  }

  // Names of instantiations fill screens; where it is says more.
  static std::string short_name(llvm::StringRef function) {
    constexpr std::size_t most = 80;
    return function.size() <= most ? function.str() : (function.take_front(most) + "…").str();
  }

  // Names and messages come from files: nothing in them may drive the terminal.
  static std::string clean(llvm::StringRef text) { return driver::printable(text); }

  void stack(const Stack &stack, const char *title) {
    std::size_t shown_frames = 0;
    for (const Frame &frame : stack) {
      if (is_system(frame))
        continue;
      if (++shown_frames > most_unpredicted_frames)
        break;
      out_.indent(16) << (shown_frames == 1 ? title : "") << clean(short_name(frame.function)) << "  "
                      << clean(shown({frame.file, frame.line, std::max(frame.column, 1u), 0, 0}, report_.root)) << '\n';
    }
  }

  const LoadedReport &report_;
  driver::Paint paint_;
  llvm::raw_ostream &out_;
  bool started_ = false; // something stands above
};

} // namespace

void print_summary(const LoadedReport &report, const std::vector<Evidence> &evidence, const Judgements &judgements,
                   const driver::TextStyle &style, llvm::raw_ostream &out) {
  Printer printer(report, style, out);
  printer.verdicts(judgements);
  printer.unpredicted(judgements.unpredicted);
  printer.evidence(evidence, judgements.set_aside);
  printer.aside(judgements.set_aside);
  std::size_t findings = 0;
  for (const auto &[judgement, count] : judgements.totals)
    findings += count;
  out << '\n' << driver::count_of(findings, "finding") << ":";
  for (Judgement judgement :
       {Judgement::confirmed, Judgement::contradicted, Judgement::not_exercised, Judgement::inconclusive, Judgement::no_rule}) {
    auto it = judgements.totals.find(judgement);
    std::size_t count = it == judgements.totals.end() ? 0 : it->second;
    if (count > 0 || judgement != Judgement::no_rule)
      out << (judgement == Judgement::confirmed ? " " : ", ") << count << ' ' << to_string(judgement);
  }
  out << "; " << judgements.unpredicted.size() << " unpredicted\n";
  if (judgements.unplaced)
    out << "note: " << driver::count_of(judgements.unplaced, "observation")
        << " could not be compared: no frame has a line of the program's sources; build with -g\n";
  for (const std::string &trace : judgements.lock_orders_cut)
    out << "note: " << trace << ": the search for circles of locks was given up: there may be more than are told\n";
  if (!report.has_kinds)
    out << "note: this report was written before findings said what their steps are; write it again\n";
}

} // namespace tenterhook::validate
