// The summary: counts, and every trouble with its reason.
//
// Left out on purpose: Report::bodies_shared. It depends on which TUs ran at the same time, and the same code must give
// the same bytes at -j1 and -jN.
#include "output/summary.h"
#include "output/names.h"
#include "output/terminal.h"
#include "llvm/ADT/StringExtras.h"
#include <algorithm>
#include <numeric>

namespace tenterhook::driver {

namespace {

// "2 certain, 1 likely"
std::string by_confidence(const ConfidenceCounts &counts) {
  std::string text;
  for (const auto confidence : confidences)
    if (const std::uint32_t count = counts[static_cast<std::size_t>(confidence)])
      text += (text.empty() ? "" : ", ") + std::to_string(count) + " " + findings::to_string(confidence);
  return text;
}

std::uint32_t total(const ConfidenceCounts &counts) { return std::accumulate(counts.begin(), counts.end(), 0u); }

} // namespace

std::map<std::string, ConfidenceCounts> counts_by_rule(const Report &report) {
  std::map<std::string, ConfidenceCounts> counts;
  for (const findings::Finding &finding : report.findings)
    ++counts[finding.rule][static_cast<std::size_t>(finding.confidence)];
  return counts;
}

std::string one_line(const Trouble &trouble, const Report &report) {
  std::string text;
  if (!trouble.file.empty()) {
    text += shown_path(trouble.file, report);
    if (trouble.line != 0)
      text += ":" + llvm::utostr(trouble.line);
    if (trouble.line != 0 && trouble.column != 0)
      text += ":" + llvm::utostr(trouble.column);
    text += ": ";
  }
  return (llvm::Twine(text) + label(trouble.kind) + ": " + trouble.message).str();
}

void write_summary(const Report &report, const TextStyle &style, llvm::raw_ostream &out) {
  const Paint paint(style.colour);
  const std::map<std::string, ConfidenceCounts> counts = counts_by_rule(report);
  if (counts.empty()) {
    out << paint(Colour::bold, "No findings.") << '\n';
  } else {
    ConfidenceCounts sum{};
    std::size_t widest = 0;
    for (const auto &[rule, of_rule] : counts) {
      std::transform(sum.begin(), sum.end(), of_rule.begin(), sum.begin(), std::plus<>());
      widest = std::max(widest, rule.size());
    }
    out << paint(Colour::bold, count_of(total(sum), "finding")) << " (" << by_confidence(sum) << ")\n";
    for (const auto &[rule, of_rule] : counts)
      out << "  " << rule << std::string(widest - rule.size(), ' ') << "  "
          << llvm::right_justify(llvm::utostr(total(of_rule)), 5) << "  (" << by_confidence(of_rule) << ")\n";
  }
  if (report.below_threshold > 0)
    out << count_of(report.below_threshold, "finding") << " of lower confidence not shown; "
        << "--min-confidence possible shows all\n";
  if (!report.suppressed.empty())
    out << count_of(report.suppressed.size(), "finding") << " suppressed by NOLINT\n";
  out << report.units_analysed << " of " << count_of(report.units, "translation unit") << " analysed, "
      << count_of(report.functions, "function") << '\n';
  const auto failures =
      std::count_if(report.troubles.begin(), report.troubles.end(), [](const Trouble &t) { return is_failure(t.kind); });
  if (failures > 0)
    out << paint(Colour::red, count_of(static_cast<std::uint64_t>(failures), "problem")) << " left code unchecked:\n";
  const auto write = [&](bool failure) {
    for (const Trouble &trouble : report.troubles)
      if (is_failure(trouble.kind) == failure)
        Paragraph(out, paint, style.width, 0, {"    ", 4})
            .add_whole("  ")
            .add(printable(one_line(trouble, report)), failure ? Colour::bold : Colour::plain)
            .end();
  };
  write(true);
  if (static_cast<std::size_t>(failures) < report.troubles.size())
    out << "Limits and notes:\n";
  write(false);
  if (std::any_of(report.troubles.begin(), report.troubles.end(),
                  [](const Trouble &t) { return t.kind == Trouble::parse_error; }))
    out << "Functions with errors were left out: findings of these files may be incomplete.\n";
}

} // namespace tenterhook::driver
