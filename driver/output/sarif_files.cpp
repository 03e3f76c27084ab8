// Files and places in SARIF.
//
// Every file below the root is relative to %SRCROOT%, so that a report means the same on another machine; others are
// absolute URIs. A contextRegion must be larger than its region (SARIF §3.29.5): where the region is the whole file
// there is none.
#include "output/names.h"
#include "output/sarif_parts.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/SHA256.h"
#include <algorithm>

namespace tenterhook::driver::sarif {

Json Files::artifact_location(llvm::StringRef path, Role role) {
  const auto [entry, is_new] = index_.try_emplace(path.str(), files_.size());
  if (is_new)
    files_.emplace_back(path.str(), 0);
  files_[entry->second].second |= role;
  Json location;
  if (const auto relative = below_root(path, report_.root)) {
    location["uri"] = uri_path(*relative);
    location["uriBaseId"] = "%SRCROOT%";
  } else {
    location["uri"] = file_uri(path);
  }
  location["index"] = entry->second;
  return location;
}

Json Files::physical_location(const findings::Place &raw, Role role, unsigned context) {
  Json physical{{"artifactLocation", artifact_location(raw.file, role)}};
  if (raw.line == 0)
    return physical;
  const SourceFile *file = sources_.get(raw.file);
  const findings::Place place = normalised(raw, file);
  const auto column = [&](std::uint32_t line, std::uint32_t bytes) {
    return file && line <= file->line_count() ? utf16_length(file->line(line).take_front(bytes - 1)) + 1 : bytes;
  };
  physical["region"] = {{"startLine", place.line},
                        {"startColumn", column(place.line, place.column)},
                        {"endLine", place.end_line},
                        {"endColumn", column(place.end_line, place.end_column)}};
  if (!file || place.line > file->line_count())
    return physical;
  const auto first = place.line > context ? place.line - context : 1;
  const auto last = std::min(place.end_line + context, file->line_count());
  const bool larger =
      first < place.line || last > place.end_line || place.column > 1 || place.end_column <= file->line(place.end_line).size();
  if (larger)
    physical["contextRegion"] = {
        {"startLine", first}, {"endLine", last}, {"snippet", {{"text", file->lines(first, last).str()}}}};
  return physical;
}

Json Files::location(const findings::Place &place, Role role, unsigned context) {
  Json location = Json::object();
  if (!place.file.empty())
    location["physicalLocation"] = physical_location(place, role, context);
  return location;
}

Json Files::artifacts() {
  Json artifacts = Json::array();
  for (std::size_t i = 0; i < files_.size(); ++i) {
    const auto [path, roles] = files_[i];
    Json artifact{{"location", artifact_location(path, Role(0))}};
    Json names = Json::array();
    if (roles & analysis_target)
      names.push_back("analysisTarget");
    if (roles & result_file)
      names.push_back("resultFile");
    if (roles & traced_file)
      names.push_back("tracedFile");
    artifact["roles"] = std::move(names);
    if (const SourceFile *file = sources_.get(path)) {
      const llvm::StringRef text = file->text();
      const auto digest = llvm::SHA256::hash({text.bytes_begin(), text.size()});
      artifact["length"] = text.size();
      artifact["sourceLanguage"] = llvm::StringRef(path).ends_with(".c") ? "c" : "cplusplus";
      artifact["hashes"] = {{"sha-256", llvm::toHex(digest, /*LowerCase=*/true)}};
    }
    artifacts.push_back(std::move(artifact));
  }
  return artifacts;
}

} // namespace tenterhook::driver::sarif
