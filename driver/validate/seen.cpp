// Joining by place. See judge.h.
#include "validate/judge.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/SmallVector.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include <algorithm>
#include <set>
#include <tuple>

namespace tenterhook::validate {

using namespace findings;

namespace {

llvm::SmallVector<llvm::StringRef, 16> components(llvm::StringRef path) {
  llvm::SmallVector<llvm::StringRef, 16> parts;
  for (llvm::StringRef part : llvm::split(path, '/')) {
    if (part == ".." && !parts.empty() && parts.back() != "..")
      parts.pop_back();
    else if (!part.empty() && part != ".")
      parts.push_back(part);
  }
  return parts;
}

// The bare name: "run" of "app::server<int>::run(int) const [clone .actor]"; empty for what has none.
llvm::StringRef bare_name(llvm::StringRef name) {
  if (name.contains("operator") || name.contains("lambda") || name.contains("'unnamed") || name.contains("{unnamed"))
    return "";
  int depth = 0;
  std::size_t end = name.size();
  for (std::size_t i = 0; i < name.size(); ++i) { // up to the parameters, whatever stands in template arguments
    char c = name[i];
    if (c == '<')
      ++depth;
    else if (c == '>')
      --depth;
    else if (depth == 0 && (c == '(' || c == '[')) {
      if (name.substr(i).starts_with("(anonymous namespace)")) {
        i += 20;
        continue;
      }
      end = i;
      break;
    }
  }
  name = name.take_front(end).rtrim();
  if (name.ends_with(">")) {
    depth = 0;
    for (std::size_t i = name.size(); i-- > 0;) {
      depth += name[i] == '>' ? 1 : name[i] == '<' ? -1 : 0;
      if (depth == 0) {
        name = name.take_front(i);
        break;
      }
    }
  }
  std::size_t start = name.size();
  while (start > 0 && (llvm::isAlnum(name[start - 1]) || name[start - 1] == '_' || name[start - 1] == '~' ||
                       name[start - 1] == '$' || static_cast<unsigned char>(name[start - 1]) >= 0x80 || name[start - 1] == '.'))
    --start;
  name = name.drop_front(start);
  return name.split('.').first; // "run.resume", "run.actor"
}

} // namespace

FileMatch same_file(llvm::StringRef left, llvm::StringRef right) {
  if (left.empty() || right.empty())
    return FileMatch::none;
  if (left == right)
    return FileMatch::equal;
  auto a = components(left), b = components(right);
  bool absolute = left.starts_with("/") && right.starts_with("/");
  if (a.empty() || b.empty() || a.back() != b.back())
    return FileMatch::none;
  if (absolute && a == b)
    return FileMatch::equal;
  std::size_t common = 0;
  while (common < a.size() && common < b.size() && a[a.size() - 1 - common] == b[b.size() - 1 - common])
    ++common;
  if (absolute) // another checkout: the name alone would join every main.cpp
    return common >= 2 ? FileMatch::by_suffix : FileMatch::none;
  const auto &relative = left.starts_with("/") ? b : a;
  std::size_t up = std::count(relative.begin(), relative.end(), "..");
  return common + up >= relative.size() ? FileMatch::by_suffix : FileMatch::none;
}

bool same_function(llvm::StringRef symbol, llvm::StringRef display) {
  llvm::StringRef a = bare_name(symbol), b = bare_name(display);
  return a.empty() || b.empty() || a == b;
}

FileMatch frame_within(const Frame &frame, const Place &place, const Within &within) {
  if (frame.line == 0 || within.line == 0 || frame.line < within.line || frame.line > within.end_line ||
      !same_function(frame.function, within.function))
    return FileMatch::none;
  return same_file(frame.file, place.file);
}

bool is_lock(llvm::StringRef function) { return function.contains("lock") && !function.contains("clock"); }

FileMatch frame_at(const Frame &frame, const Place &place, const Within &within) {
  if (frame.line < place.line || frame.line > std::max(place.line, place.end_line))
    return FileMatch::none;
  return frame_within(frame, place, within);
}

namespace {

// Compilers name a call by a column between the start of the callee's name and its closing parenthesis, which is where a
// place ends.
bool in_columns(const Frame &frame, const Place &call) { return frame.column >= call.column && frame.column <= call.end_column; }

bool on_one_line(const Place &place) { return place.column != 0 && place.end_line == place.line; }

std::uint32_t width(const Place &place) { return place.end_column - place.column; }

} // namespace

bool is_beside(const Frame &frame, const Place &call) {
  return frame.column != 0 && frame.line == call.line && on_one_line(call) && !in_columns(frame, call);
}

void Seen::add_call(const Place &of_a_finding) {
  if (on_one_line(of_a_finding))
    calls_[llvm::sys::path::filename(of_a_finding.file)][of_a_finding.line].push_back(of_a_finding);
}

bool Seen::is_of_another_call(const Frame &frame, const Place &call) const {
  auto file = calls_.find(llvm::sys::path::filename(call.file));
  if (frame.column == 0 || !on_one_line(call) || file == calls_.end())
    return false;
  auto line = file->second.find(call.line);
  return line != file->second.end() && llvm::any_of(line->second, [&](const Place &other) {
           return other != call && in_columns(frame, other) && same_file(other.file, call.file) != FileMatch::none &&
                  (!in_columns(frame, call) || width(other) < width(call));
         });
}

Seen::Seen(std::vector<const Evidence *> evidence) : evidence_(std::move(evidence)) {
  for (std::uint32_t e = 0; e < evidence_.size(); ++e)
    for (std::uint32_t o = 0; o < evidence_[e]->seen.size(); ++o)
      for (bool in_other : {false, true}) {
        const Observation &seen = evidence_[e]->seen[o];
        const Stack &stack = in_other ? seen.other : seen.stack;
        for (std::uint32_t f = 0; f < stack.size(); ++f)
          if (!stack[f].file.empty() && stack[f].line != 0)
            index_[llvm::sys::path::filename(stack[f].file)][stack[f].line].push_back({e, o, f, in_other});
      }
  for (const Evidence *file : evidence_)
    collect_unplaced(*file);
}

// Of the calls that a place without a line counts, those that stacks of blocking events show are not unplaced.
void Seen::collect_unplaced(const Evidence &evidence) {
  using Place = std::tuple<llvm::StringRef, llvm::StringRef, std::uint32_t, std::uint32_t>; // function, file, line, column
  std::map<std::pair<llvm::StringRef, Place>, std::uint64_t> blocks; // how many calls of what, by a frame that they have
  auto place_of = [](const Frame &frame) { return Place(frame.function, frame.file, frame.line, frame.column); };
  for (const Observation &seen : evidence.seen)
    if (seen.kind == Observed::block && in_sources(seen.stack)) {
      std::set<Place> places;
      for (const Frame &frame : seen.stack)
        if (places.insert(place_of(frame)).second)
          blocks[{seen.what, place_of(frame)}] += seen.count;
    }
  for (const Observation &seen : evidence.seen) {
    if (seen.kind == Observed::held_at_suspend || seen.kind == Observed::held_at_wait || seen.kind == Observed::foreign_unlock ||
        (seen.kind == Observed::reach && llvm::StringRef(seen.what).contains("lock")))
      of_locks_.push_back({&evidence, &seen});
    if (seen.kind == Observed::stall && !in_sources(seen.stack))
      unplaced_stalls_.push_back(&seen);
    if (seen.kind != Observed::reach || (in_sources(seen.stack) && !seen.by_jump))
      continue;
    std::uint64_t explained = 0;
    if (!seen.stack.empty() && !seen.by_jump)
      if (auto found = blocks.find({seen.what, place_of(seen.stack.back())}); found != blocks.end())
        explained = found->second;
    unplaced_reaches_.push_back({&seen, explained});
  }
}

std::vector<Hit> Seen::at(Observed kind, const Place &place, const Within &within) const {
  std::vector<Hit> hits;
  auto file = index_.find(llvm::sys::path::filename(place.file));
  if (place.line == 0 || file == index_.end())
    return hits;
  const auto &lines = file->second;
  for (auto it = lines.lower_bound(place.line); it != lines.end() && it->first <= std::max(place.line, place.end_line); ++it)
    for (const Entry &entry : it->second) {
      const Evidence &evidence = *evidence_[entry.evidence];
      const Observation &seen = evidence.seen[entry.observation];
      if (seen.kind != kind)
        continue;
      FileMatch match = frame_at((entry.in_other ? seen.other : seen.stack)[entry.frame], place, within);
      if (match != FileMatch::none)
        hits.push_back({&evidence, &seen, entry.in_other, entry.frame, match});
    }
  std::sort(hits.begin(), hits.end(), [](const Hit &a, const Hit &b) { // addresses within one vector: in its order
    return std::tie(a.evidence, a.seen, a.in_other, a.frame) < std::tie(b.evidence, b.seen, b.in_other, b.frame);
  });
  hits.erase(std::unique(hits.begin(), hits.end(),
                         [](const Hit &a, const Hit &b) { return a.seen == b.seen && a.in_other == b.in_other; }),
             hits.end());
  return hits;
}

} // namespace tenterhook::validate
