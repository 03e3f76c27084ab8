// Names that all formats share.
#include "output/names.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/ErrorHandling.h"
#include <cassert>

namespace tenterhook::driver {

std::optional<llvm::StringRef> below_root(llvm::StringRef path, llvm::StringRef root) {
  root = root.rtrim('/');
  if (path.size() > root.size() + 1 && path.starts_with(root) && path[root.size()] == '/')
    return path.drop_front(root.size() + 1);
  return std::nullopt;
}

llvm::StringRef shown_path(llvm::StringRef path, const Report &report) { return below_root(path, report.root).value_or(path); }

std::string uri_path(llvm::StringRef path) {
  std::string uri;
  for (const char c : path) {
    if (llvm::isAlnum(c) || llvm::StringRef("-._~/").contains(c)) {
      uri += c;
    } else {
      const auto byte = static_cast<unsigned char>(c);
      uri += '%';
      uri += llvm::hexdigit(byte >> 4);
      uri += llvm::hexdigit(byte & 15);
    }
  }
  return uri;
}

std::string file_uri(llvm::StringRef absolute) { return "file://" + uri_path(absolute); }

std::string check_name(llvm::StringRef rule) { return ("tenterhook-" + rule).str(); }

llvm::StringRef identifier(Trouble::Kind kind) {
  switch (kind) {
  case Trouble::missing_file: return "missing-file";
  case Trouble::parse_error: return "parse-error";
  case Trouble::crash: return "crash";
  case Trouble::failed: return "failed";
  case Trouble::capped: return "capped";
  case Trouble::note: return "note";
  }
  llvm_unreachable("not a kind of trouble");
}

llvm::StringRef label(Trouble::Kind kind) {
  switch (kind) {
  case Trouble::missing_file: return "missing file";
  case Trouble::parse_error: return "does not parse";
  case Trouble::crash: return "crashed the parser";
  case Trouble::failed: return "not analysed";
  case Trouble::capped: return "analysed in part";
  case Trouble::note: return "note";
  }
  llvm_unreachable("not a kind of trouble");
}

bool is_failure(Trouble::Kind kind) { return kind != Trouble::capped && kind != Trouble::note; }

std::vector<Lane> lanes_of(const std::vector<findings::Step> &steps) {
  std::vector<Lane> lanes;
  for (const findings::Step &step : steps)
    if (const Lane lane{step.nesting, step.lane}; !llvm::is_contained(lanes, lane))
      lanes.insert(llvm::upper_bound(lanes, lane, [](const Lane &a, const Lane &b) { return a.number < b.number; }), lane);
  return lanes;
}

std::size_t lane_index(const std::vector<Lane> &lanes, const findings::Step &step) {
  const auto lane = llvm::find(lanes, Lane{step.nesting, step.lane});
  assert(lane != lanes.end() && "the lanes of another witness");
  return static_cast<std::size_t>(lane - lanes.begin());
}

std::string count_of(std::uint64_t count, llvm::StringRef noun) {
  return (llvm::Twine(count) + " " + noun + (count == 1 ? "" : "s")).str();
}

} // namespace tenterhook::driver
