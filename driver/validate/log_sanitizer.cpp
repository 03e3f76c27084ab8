// ThreadSanitizer and RealtimeSanitizer: reports in a stream of text.
//
// A ThreadSanitizer report is "WARNING: ThreadSanitizer: KIND (pid=1)", then sections (a heading, frames below it) up
// to "SUMMARY: ThreadSanitizer:" or a line of "=". A RealtimeSanitizer report is "==1==ERROR: RealtimeSanitizer:
// KIND", a sentence, frames, "SUMMARY: RealtimeSanitizer:". Both are read from logs in which a program writes between
// the lines.
#include "validate/logs.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/Path.h"
#include "llvm/Support/Regex.h"
#include <memory>
#include <optional>

namespace tenterhook::validate {

using namespace findings;

namespace {

bool is_hex(llvm::StringRef text) { return !text.empty() && llvm::all_of(text, llvm::isHexDigit); }

// Takes " (…)" from the end of `text` if `accept` takes what is in it.
template <typename Accept> void take_parenthesis(llvm::StringRef &text, Accept accept) {
  if (!text.ends_with(")"))
    return;
  std::size_t open = text.rfind(" (");
  if (open != llvm::StringRef::npos && accept(text.slice(open + 2, text.size() - 1)))
    text = text.take_front(open).rtrim();
  else if (open == llvm::StringRef::npos && text.starts_with("(") && accept(text.drop_front().drop_back()))
    text = "";
}

// ":12:3" or ":12" at the end of a place.
bool take_number(llvm::StringRef &text, std::uint32_t &number) {
  std::size_t colon = text.rfind(':');
  if (colon == llvm::StringRef::npos || colon == 0)
    return false;
  std::uint32_t value = 0;
  if (text.drop_front(colon + 1).getAsInteger(10, value))
    return false;
  number = value;
  text = text.take_front(colon);
  return true;
}

void take_place(llvm::StringRef &text, Frame &frame) {
  llvm::StringRef rest = text;
  std::uint32_t last = 0, before = 0;
  if (!take_number(rest, last))
    return;
  bool two = take_number(rest, before);
  // A path may hold blanks, so an absolute one begins at the last blank before a slash; a relative one at the last
  // blank.
  std::size_t start = rest.rfind(" /");
  if (start == llvm::StringRef::npos)
    start = rest.rfind(' ');
  if (start == llvm::StringRef::npos)
    return;
  llvm::SmallString<256> file(rest.drop_front(start + 1));
  llvm::sys::path::remove_dots(file, /*remove_dot_dot=*/true); // "/usr/lib/gcc/x/12/../../../include/…"
  frame.file = file.str().str();
  frame.line = two ? before : last;
  frame.column = two ? last : 0;
  text = text.take_front(start).rtrim();
}

struct Section {
  std::string heading;
  Stack stack;
};

struct Raw {
  SourceKind source;
  std::string kind, sentence;
  std::vector<Section> sections;
};

// A report whose end has not come: its lines, as slices of the text, and what tells whether it came before.
struct Unread {
  static constexpr std::size_t most_lines = 4096;
  SourceKind source;
  llvm::StringRef kind, sentence;
  std::vector<llvm::StringRef> lines;
  std::uint64_t key = 0;
};

bool is_frame(llvm::StringRef line) { return line.ltrim().starts_with("#"); }
bool is_heading(llvm::StringRef line) { return line.starts_with("  ") && !line.starts_with("   ") && line.size() > 2; }

Raw read(const Unread &report) {
  Raw raw{report.source, report.kind.str(), report.sentence.str(), {}};
  for (llvm::StringRef line : report.lines) {
    Frame frame;
    if (read_frame(line, frame)) {
      if (raw.sections.empty())
        raw.sections.push_back({});
      raw.sections.back().stack.push_back(std::move(frame));
    } else if (is_heading(line)) {
      raw.sections.push_back({line.trim().rtrim(':').str(), {}});
    }
  }
  return raw;
}

std::string thread_in(llvm::StringRef heading) {
  if (heading.contains("main thread"))
    return "main";
  llvm::SmallVector<llvm::StringRef> match;
  if (llvm::Regex("thread (T[0-9]+)").match(heading, &match))
    return "thread " + match[1].str();
  return "";
}

std::uint64_t address_in(llvm::StringRef heading) {
  std::size_t at = heading.find("0x");
  std::uint64_t value = 0;
  if (at != llvm::StringRef::npos)
    heading.drop_front(at + 2).take_while(llvm::isHexDigit).getAsInteger(16, value);
  return value;
}

bool has_access(llvm::StringRef heading) {
  std::string lower = heading.lower();
  return llvm::StringRef(lower).contains(" of size ") || llvm::StringRef(lower).contains("vptr");
}

// "M0 (0x12) => M1 (0x34) => M0": addresses by name.
std::map<std::string, std::uint64_t> mutexes(llvm::StringRef heading) {
  std::map<std::string, std::uint64_t> found;
  llvm::SmallVector<llvm::StringRef> parts;
  heading.split(parts, "=>");
  for (llvm::StringRef part : parts) {
    llvm::StringRef name = part.rsplit(':').second.empty() ? part.trim() : part.rsplit(':').second.trim();
    if (std::uint64_t address = address_in(name))
      found[name.take_until([](char c) { return c == ' '; }).str()] = address;
  }
  return found;
}

void lock_order(const Raw &raw, Evidence &evidence) {
  Observation report;
  report.kind = Observed::report;
  report.what = "lock-order inversion";
  report.timed = false;
  std::map<std::string, std::uint64_t> addresses;
  llvm::Regex acquired("Mutex (M[0-9]+) acquired here while holding mutex (M[0-9]+)");
  for (std::size_t i = 0; i < raw.sections.size(); ++i) {
    const Section &section = raw.sections[i];
    if (llvm::StringRef(section.heading).contains("=>"))
      addresses = mutexes(section.heading);
    llvm::SmallVector<llvm::StringRef> match;
    if (!acquired.match(section.heading, &match))
      continue;
    Observation edge;
    edge.kind = Observed::lock_edge;
    edge.timed = false;
    edge.stack = section.stack;
    edge.thread = thread_in(section.heading);
    if (auto it = addresses.find(match[1].str()); it != addresses.end())
      edge.object = it->second;
    if (auto it = addresses.find(match[2].str()); it != addresses.end())
      edge.other_object = it->second;
    if (i + 1 < raw.sections.size() && llvm::StringRef(raw.sections[i + 1].heading).contains("previously acquired"))
      edge.other = raw.sections[i + 1].stack;
    if (report.stack.empty()) {
      report.stack = edge.stack;
      report.thread = edge.thread;
    } else if (report.other.empty()) {
      report.other = edge.stack;
      report.other_thread = edge.thread;
    }
    evidence.seen.push_back(std::move(edge));
  }
  evidence.seen.push_back(std::move(report));
}

void add(const Raw &raw, Evidence &evidence) {
  llvm::StringRef kind = raw.kind;
  if (raw.source == SourceKind::thread_sanitizer && kind.contains("lock-order-inversion"))
    return lock_order(raw, evidence);
  Observation seen;
  seen.timed = false;
  seen.what = raw.kind;
  const Section *first = nullptr, *second = nullptr;
  for (const Section &section : raw.sections) {
    if (section.stack.empty() || second)
      continue;
    (first ? second : first) = &section;
  }
  if (first) {
    seen.stack = first->stack;
    seen.thread = thread_in(first->heading);
    seen.object = address_in(first->heading);
  }
  if (raw.source == SourceKind::realtime_sanitizer) {
    seen.kind = Observed::block;
    llvm::StringRef sentence = raw.sentence;
    llvm::StringRef name = sentence.split('`').second.split('`').first;
    seen.what = name.empty() ? raw.kind : name.str();
  } else if (kind.contains("race") || kind.contains("vptr")) {
    seen.kind = Observed::race;
    const Section *previous = nullptr;
    for (const Section &section : raw.sections)
      if (&section != first && !section.stack.empty() && llvm::StringRef(section.heading).starts_with("Previous"))
        previous = previous ? previous : &section;
    if (previous) {
      seen.other = previous->stack;
      seen.other_thread = thread_in(previous->heading);
    }
    if (first && has_access(first->heading))
      seen.what = llvm::StringRef(first->heading).split(" at 0x").first.lower();
    if (previous && has_access(previous->heading))
      seen.what += " after " + llvm::StringRef(previous->heading).split(" at 0x").first.lower();
  } else if (kind.contains("unlock of an unlocked mutex")) {
    seen.kind = Observed::foreign_unlock;
  } else if (second && llvm::StringRef(second->heading) == "and") {
    seen.other = second->stack; // "destroy of a locked mutex … and:"
  }
  evidence.seen.push_back(std::move(seen));
}

class SanitizerReader {
public:
  SanitizerReader(llvm::StringRef file, llvm::StringRef text, Release release) : file_(file), rest_(text), release_(release) {}

  std::vector<Evidence> run() {
    std::size_t next_release = rest_.size() - std::min(rest_.size(), bytes_between_releases);
    while (!rest_.empty()) {
      if (release_ && rest_.size() < next_release) {
        release_();
        next_release -= std::min(next_release, bytes_between_releases);
      }
      auto [line, rest] = rest_.split('\n');
      rest_ = rest;
      ++line_;
      take(line.rtrim("\r"));
    }
    if (open_) { // no SUMMARY: the log was torn, or the program was killed while the sanitizer wrote
      Evidence &evidence = *of(open_->source).evidence;
      evidence.limits.push_back("the log ends within the report that begins at line " + std::to_string(began_) +
                                "; that report was read as far as it goes");
      evidence.events_lost = true;
      finish();
    }
    std::vector<Evidence> all;
    for (Found &each : found_) {
      each.repetitions->finish();
      all.push_back(std::move(*each.evidence));
    }
    return all;
  }

private:
  struct Found { // of one sanitizer
    std::unique_ptr<Evidence> evidence;
    std::unique_ptr<Repetitions> repetitions;
  };

  Found &of(SourceKind source) {
    for (Found &each : found_)
      if (each.evidence->source == source)
        return each;
    auto evidence = std::make_unique<Evidence>();
    evidence->file = file_.str();
    evidence->source = source;
    evidence->sight.races = source == SourceKind::thread_sanitizer;
    auto repetitions = std::make_unique<Repetitions>(*evidence);
    found_.push_back({std::move(evidence), std::move(repetitions)});
    return found_.back();
  }

  void begin(SourceKind source, llvm::StringRef kind) {
    if (open_)
      finish();
    std::size_t pid = kind.rfind(" (pid=");
    open_.emplace();
    open_->source = source;
    open_->kind = kind.take_front(pid).trim();
    open_->key = add_to_key(std::uint64_t(source), open_->kind);
    began_ = line_;
  }

  void finish() {
    Found &found = of(open_->source);
    if (found.repetitions->is_new(open_->key)) {
      std::size_t first = found.evidence->seen.size();
      add(read(*open_), *found.evidence);
      found.repetitions->keep(open_->key, first);
    }
    open_.reset();
  }

  void take(llvm::StringRef line) {
    if (line.contains("Sanitizer: ")) {
      if (auto [before, kind] = line.split("WARNING: ThreadSanitizer: "); !kind.empty())
        return begin(SourceKind::thread_sanitizer, kind);
      if (auto [before, kind] = line.split("ERROR: RealtimeSanitizer: "); !kind.empty())
        return begin(SourceKind::realtime_sanitizer, kind);
      if (open_ && (line.contains("SUMMARY: ThreadSanitizer:") || line.contains("SUMMARY: RealtimeSanitizer:")))
        return finish();
    }
    if (!open_)
      return;
    bool frame = is_frame(line);
    if (!frame && !is_heading(line)) {
      if (open_->source == SourceKind::realtime_sanitizer && open_->sentence.empty() && !line.trim().empty()) {
        open_->sentence = line.trim();
        open_->key = add_heading_to_key(open_->key, open_->sentence);
      }
    } else if (open_->lines.size() < Unread::most_lines) {
      open_->lines.push_back(line);
      open_->key = frame ? add_to_key(open_->key, line) : add_heading_to_key(open_->key, line);
    }
  }

  llvm::StringRef file_, rest_;
  Release release_;
  std::uint64_t line_ = 0, began_ = 0;
  std::optional<Unread> open_;
  std::vector<Found> found_;
};

} // namespace

bool read_frame(llvm::StringRef line, Frame &frame) {
  llvm::StringRef text = line.trim();
  if (!text.consume_front("#"))
    return false;
  llvm::StringRef number = text.take_while(llvm::isDigit);
  text = text.drop_front(number.size());
  if (number.empty() || !text.consume_front(" "))
    return false;
  frame = Frame();
  text = text.trim();
  if (text.starts_with("0x")) { // "0x55d1 in name"
    auto [address, name] = text.split(' ');
    if (is_hex(address.drop_front(2))) {
      text = name.trim();
      text.consume_front("in ");
    }
  }
  take_parenthesis(text, [](llvm::StringRef inside) { return inside.starts_with("BuildId: "); });
  take_parenthesis(text, [&](llvm::StringRef inside) {
    auto [module, offset] = inside.rsplit('+');
    if (!offset.starts_with("0x") || !is_hex(offset.drop_front(2)))
      return false;
    frame.module = module.rsplit('/').second.empty() ? module.str() : module.rsplit('/').second.str();
    return true;
  });
  if (text.ends_with(" <null>") || text == "<null>")
    text = text.drop_back(6).rtrim();
  take_place(text, frame);
  frame.function = text == "<null>" ? "" : text.str();
  frame.trust = frame.file.empty() ? Trust::unknown : Trust::exact;
  return true;
}

std::vector<Evidence> read_sanitizer_log(llvm::StringRef file, llvm::StringRef text, Release release) {
  return SanitizerReader(file, text, release).run();
}

} // namespace tenterhook::validate
