// Helgrind's and DRD's XML (protocol 4), read with expat as a stream, so that of a torn file all whole errors are kept.
#include "output/terminal.h"
#include "validate/file_error.h"
#include "validate/logs.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/StringSwitch.h"
#include <expat.h>
#include <memory>

namespace tenterhook::validate {

using namespace findings;

namespace {

struct Error {
  std::string unique, kind, what, tid;
  std::vector<std::string> auxwhat; // one for each stack but the first
  std::vector<std::string> threads;
  std::vector<Stack> stacks;
};

class ValgrindReader {
public:
  explicit ValgrindReader(llvm::StringRef file) { evidence_.file = file.str(); }

  llvm::Expected<Evidence> read(llvm::StringRef text, Release release) {
    std::unique_ptr<XML_ParserStruct, decltype(&XML_ParserFree)> parser(XML_ParserCreate(nullptr), &XML_ParserFree);
    XML_SetUserData(parser.get(), this);
    XML_SetElementHandler(
        parser.get(), [](void *self, const char *name, const char **) { static_cast<ValgrindReader *>(self)->open(name); },
        [](void *self, const char *name) { static_cast<ValgrindReader *>(self)->close(name); });
    XML_SetCharacterDataHandler(parser.get(), [](void *self, const char *data, int size) {
      static_cast<ValgrindReader *>(self)->text_.append(data, size);
    });
    parser_ = parser.get();
    constexpr std::size_t most = 1 << 20; // expat takes an int
    bool ok = true;
    for (llvm::StringRef rest = text; ok && !rest.empty(); rest = rest.drop_front(std::min(most, rest.size()))) {
      ok = XML_Parse(parser_, rest.data(), int(std::min(most, rest.size())), false) != XML_STATUS_ERROR;
      if (release && std::size_t(rest.data() - text.data()) % bytes_between_releases == 0)
        release();
    }
    ok = ok && XML_Parse(parser_, "", 0, true) != XML_STATUS_ERROR;
    std::string trouble, place;
    if (!ok) {
      trouble = XML_ErrorString(XML_GetErrorCode(parser_));
      place = "line " + std::to_string(XML_GetCurrentLineNumber(parser_));
    }
    if (tool_.empty())
      return wrong(evidence_.file, "XML, but not what `valgrind --tool=helgrind --xml=yes --xml-file=FILE` writes" +
                                       (ok ? "" : " (" + place + ": " + trouble + ")"));
    if (tool_ != "helgrind" && tool_ != "drd")
      return wrong(evidence_.file, "written by Valgrind's " + driver::printable(llvm::StringRef(tool_).take_front(40)) +
                                       "; run it with --tool=helgrind or --tool=drd");
    if (!ok) {
      evidence_.limits.push_back("the XML ends or is damaged at " + place + " (" + trouble + "); what is before was read");
      evidence_.events_lost = true;
    }
    evidence_.source = tool_ == "drd" ? SourceKind::drd : SourceKind::helgrind;
    evidence_.sight.races = true;
    for (const auto &[unique, times] : counts_)
      if (auto key = keys_.find(unique); key != keys_.end() && times > 1)
        repetitions_.add_count(key->second, times - 1);
    repetitions_.finish();
    if (evidence_.reports == 0)
      evidence_.limits.push_back("0 reports are in this file");
    return std::move(evidence_);
  }

private:
  void open(llvm::StringRef name) {
    ++depth_;
    if (depth_ > 64) { // no output of Valgrind is that deep
      XML_StopParser(parser_, XML_FALSE);
      return;
    }
    text_.clear();
    if (name == "error" && !error_)
      error_ = std::make_unique<Error>();
    else if (name == "stack")
      stack_.clear();
    else if (name == "frame")
      frame_ = Frame();
    else if (name == "pair")
      count_ = 0;
  }

  void close(llvm::StringRef name) {
    --depth_;
    llvm::StringRef text = llvm::StringRef(text_).trim();
    if (name == "protocoltool" || (name == "tool" && tool_.empty()))
      tool_ = text.str();
    else if (name == "fn")
      frame_.function = text.str();
    else if (name == "file")
      frame_.file += text.str();
    else if (name == "dir")
      frame_.file = text.str() + "/" + frame_.file;
    else if (name == "obj")
      frame_.module = text.rsplit('/').second.empty() ? text.str() : text.rsplit('/').second.str();
    else if (name == "line")
      text.getAsInteger(10, frame_.line);
    else if (name == "frame") {
      frame_.trust = frame_.file.empty() || frame_.line == 0 ? Trust::unknown : Trust::exact;
      stack_.push_back(std::move(frame_));
    } else if (name == "count")
      text.getAsInteger(10, count_);
    else if (name == "unique" && !error_)
      counts_[text.str()] = count_;
    else if (error_)
      close_in_error(name, text);
    text_.clear();
  }

  void close_in_error(llvm::StringRef name, llvm::StringRef text) {
    if (name == "unique")
      error_->unique = text.str();
    else if (name == "tid")
      error_->tid = text.str();
    else if (name == "kind")
      error_->kind = text.str();
    else if (name == "hthreadid")
      error_->threads.push_back(text.str());
    else if ((name == "what" || name == "text") && error_->what.empty())
      error_->what = text.str();
    else if (name == "auxwhat" || name == "text")
      error_->auxwhat.push_back(text.str());
    else if (name == "stack")
      error_->stacks.push_back(std::move(stack_));
    else if (name == "error") {
      take(*error_);
      error_.reset();
    }
  }

  static std::uint64_t address(llvm::StringRef text, unsigned nth = 0) {
    std::uint64_t value = 0;
    for (;; --nth) {
      std::size_t at = text.find("0x");
      if (at == llvm::StringRef::npos)
        return 0;
      text = text.drop_front(at + 2);
      if (nth == 0)
        break;
    }
    text.take_while(llvm::isHexDigit).getAsInteger(16, value);
    return value;
  }

  void take(const Error &error) {
    std::uint64_t key = add_heading_to_key(add_to_key(0, error.kind), error.what);
    for (const std::string &text : error.auxwhat)
      key = add_heading_to_key(key, text);
    for (const Stack &stack : error.stacks)
      for (const Frame &frame : stack)
        key = add_to_key(add_to_key(key + frame.line, frame.file), frame.function.empty() ? frame.module : frame.function);
    keys_[error.unique] = key;
    if (!repetitions_.is_new(key))
      return;
    std::size_t first = evidence_.seen.size();
    add(error);
    repetitions_.keep(key, first);
  }

  void add(const Error &error) {
    Observation seen;
    seen.timed = false;
    seen.what = llvm::StringRef(error.what).split(" at 0x").first.str();
    seen.object = address(error.what);
    if (!error.stacks.empty())
      seen.stack = error.stacks.front();
    bool numbered = !error.threads.empty(); // DRD's threads are its own ids
    seen.thread = "thread " + (numbered ? error.threads.front() : error.tid);
    llvm::StringRef what = error.what;
    if (error.kind == "Race" || error.kind == "ConflictingAccess") {
      seen.kind = Observed::race;
      if (error.stacks.size() > 1 && !error.auxwhat.empty() &&
          llvm::StringRef(error.auxwhat.front()).starts_with("This conflicts")) {
        seen.other = error.stacks[1];
        if (error.threads.size() > 1)
          seen.other_thread = "thread " + error.threads[1];
      }
    } else if (error.kind == "UnlockForeign" || what.starts_with("Mutex not locked by calling thread")) {
      seen.kind = Observed::foreign_unlock;
      if (error.threads.size() > 1)
        seen.other_thread = "thread " + error.threads[1];
    } else if (error.kind == "LockOrder") {
      seen.what = "lock-order inversion";
      if (error.stacks.size() > 2)
        seen.other = error.stacks[2];
      // "lock order "A before B" violated": B is held and A taken now; before, A was held and B was taken.
      Observation now = seen, before = seen;
      now.kind = before.kind = Observed::lock_edge;
      now.object = before.other_object = address(what, 0);
      now.other_object = before.object = address(what, 1);
      now.other.clear();
      if (error.stacks.size() > 2) {
        before.stack = error.stacks[2];
        before.other = error.stacks[1];
        before.thread.clear();
      }
      evidence_.seen.push_back(std::move(now));
      evidence_.seen.push_back(std::move(before));
    }
    evidence_.seen.push_back(std::move(seen));
  }

  Evidence evidence_;
  XML_Parser parser_ = nullptr;
  unsigned depth_ = 0;
  std::string text_, tool_;
  std::unique_ptr<Error> error_;
  Repetitions repetitions_{evidence_};
  Stack stack_;
  Frame frame_;
  std::uint64_t count_ = 0;
  std::map<std::string, std::uint64_t> counts_, keys_; // by the error's number
};

} // namespace

llvm::Expected<Evidence> read_valgrind_xml(llvm::StringRef file, llvm::StringRef text, Release release) {
  return ValgrindReader(file).read(text, release);
}

} // namespace tenterhook::validate
