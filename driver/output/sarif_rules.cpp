// Checks and troubles as SARIF's reporting descriptors and notifications.
#include "output/names.h"
#include "output/sarif_parts.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"

namespace tenterhook::driver::sarif {

namespace {

// "LockAcrossAwait" of "lock-across-await": SARIF wants a rule's name in this form.
std::string pascal_case(llvm::StringRef kebab) {
  std::string name;
  bool upper = true;
  for (const char c : kebab) {
    if (c != '-')
      name += upper ? llvm::toUpper(c) : c;
    upper = c == '-';
  }
  return name;
}

// The first paragraph of a check's page, on one line; empty if the page has no prose.
std::string first_paragraph(llvm::StringRef markdown) {
  llvm::SmallVector<llvm::StringRef> lines;
  markdown.split(lines, '\n');
  std::string paragraph;
  for (const llvm::StringRef line : lines) {
    const llvm::StringRef text = line.trim();
    const bool prose = !text.empty() && !text.starts_with("#") && !text.starts_with("```") && !text.starts_with("|");
    if (prose)
      paragraph += (paragraph.empty() ? "" : " ") + text.str();
    else if (!paragraph.empty())
      break;
  }
  return paragraph;
}

std::string sentence(llvm::StringRef text) {
  std::string capital = text.str();
  if (!capital.empty())
    capital.front() = llvm::toUpper(capital.front());
  return llvm::StringRef(capital).ends_with(".") ? capital : capital + ".";
}

// How bad the consequence is, in the terms of GitHub's problem.severity.
const char *severity(rules::Category category) {
  switch (category) {
  case rules::Category::deadlock:
  case rules::Category::data_race:
  case rules::Category::dangling: return "error";
  case rules::Category::blocked_loop:
  case rules::Category::lost_task:
  case rules::Category::misuse: return "warning";
  }
  llvm_unreachable("not a category");
}

const char *notification_level(Trouble::Kind kind) {
  return is_failure(kind) ? "error" : kind == Trouble::capped ? "warning" : "note";
}

constexpr std::pair<Trouble::Kind, const char *> descriptions[] = {
    {Trouble::missing_file, "A file that the compilation database names does not exist, so it was not analysed."},
    {Trouble::parse_error, "A translation unit does not compile, so only what the parser understood was analysed."},
    {Trouble::crash, "The parser crashed on a translation unit, so it was not analysed."},
    {Trouble::failed, "A translation unit could not be read or parsed, so it was not analysed."},
    {Trouble::capped, "A limit of the analysis was reached, so a part of the code was not analysed."},
    {Trouble::note, "Something that a reader of the results should know."},
};

} // namespace

Json message(llvm::StringRef text) {
  std::string safe = text.str();
  for (std::size_t at = 0; (at = safe.find("](", at)) != std::string::npos;)
    safe.insert(at + 1, " ");
  return {{"text", safe}};
}

const char *level(findings::Confidence confidence) { return confidence == findings::Confidence::possible ? "note" : "warning"; }

Json rule(const rules::RuleInfo &info) {
  const std::string summary = sentence(info.summary);
  const llvm::StringRef help = info.help ? llvm::StringRef(info.help).trim() : llvm::StringRef();
  const std::string paragraph = first_paragraph(help);
  const llvm::StringRef text = help.empty() ? llvm::StringRef(summary) : help;
  Json tags{"concurrency", rules::to_string(info.category)};
  if (info.cwe != 0)
    tags.push_back("external/cwe/cwe-" + std::to_string(info.cwe));
  return {{"id", check_name(info.name)},
          {"name", pascal_case(info.name)},
          {"shortDescription", {{"text", summary}}},
          {"fullDescription", {{"text", paragraph.empty() ? summary : sentence(paragraph)}}},
          {"help", {{"text", text.str()}, {"markdown", text.str()}}},
          {"defaultConfiguration", {{"enabled", info.default_on}, {"level", "warning"}}},
          {"properties",
           {{"tags", std::move(tags)},
            {"precision", info.default_on ? "high" : "medium"},
            {"problem.severity", severity(info.category)},
            {"tenterhook/since", info.since}}}};
}

Json notification_descriptors() {
  Json descriptors = Json::array();
  for (const auto &[kind, text] : descriptions)
    descriptors.push_back({{"id", identifier(kind).str()},
                           {"shortDescription", {{"text", text}}},
                           {"fullDescription", {{"text", text}}},
                           {"help", {{"text", text}}},
                           {"defaultConfiguration", {{"level", notification_level(kind)}}}});
  return descriptors;
}

Json notification(const Trouble &trouble, Files &files) {
  Json notification{{"descriptor", {{"id", identifier(trouble.kind).str()}}},
                    {"level", notification_level(trouble.kind)},
                    {"message", message(sentence((label(trouble.kind) + ": " + trouble.message).str()))}};
  if (!trouble.file.empty())
    notification["locations"] =
        Json::array({files.location({trouble.file, trouble.line, trouble.column}, Files::analysis_target, 1)});
  return notification;
}

} // namespace tenterhook::driver::sarif
