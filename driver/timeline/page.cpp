// The page: page.html with style, script and data put in. The data is JSON for what is shared (strings, captions,
// stacks) and for each row of spans a base64 string of variable-length numbers, some nine bytes a span: a million spans
// is a page of 12 MB. page_data.js reads what is written here.
#include "timeline/writers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/Base64.h"
#include "llvm/Support/JSON.h"

namespace tenterhook::timeline {

// By CMake: page.html and what it holds.
extern const std::pair<std::string_view, std::string_view> page_files[];
extern const std::size_t page_files_count;

namespace {

std::string_view file(llvm::StringRef name) {
  for (std::size_t i = 0; i < page_files_count; ++i)
    if (name == llvm::StringRef(page_files[i].first))
      return page_files[i].second;
  llvm_unreachable("not embedded");
}

// Numbers of seven bits a byte, the lowest first, as LEB128.
class Numbers {
public:
  void add(std::uint64_t value) {
    for (; value >= 0x80; value >>= 7)
      bytes_.push_back(char(value | 0x80));
    bytes_.push_back(char(value));
  }
  std::string base64() const { return llvm::encodeBase64(bytes_); }

private:
  std::string bytes_;
};

class Page {
public:
  Page(const Picture &picture, llvm::json::OStream &out) : picture_(picture), out_(out) {}

  void write() {
    out_.object([&] {
      out_.attribute("title", llvm::json::fixUTF8(picture_.title));
      out_.attribute("process", picture_.process);
      out_.attribute("length", picture_.length);
      out_.attribute("events", picture_.events);
      out_.attributeArray("notes", [&] {
        for (const std::string &note : picture_.notes)
          out_.value(llvm::json::fixUTF8(note));
      });
      out_.attributeArray("strings", [&] {
        for (const std::string &text : picture_.strings)
          out_.value(llvm::json::fixUTF8(text));
      });
      out_.attributeArray("captions", [&] {
        for (const Caption &caption : picture_.captions)
          for (std::uint32_t part : {caption.name, caption.place, caption.note, caption.stack, std::uint32_t(caption.trouble)})
            out_.value(part);
      });
      out_.attributeArray("stacks", [&] {
        for (const auto &stack : picture_.stacks)
          out_.array([&] {
            for (std::uint32_t frame : stack)
              out_.value(frame);
          });
      });
      out_.attributeArray("lanes", [&] {
        for (const Lane &lane : picture_.lanes)
          write(lane);
      });
      out_.attribute("tasks", tasks());
      out_.attribute("flows", flows());
    });
  }

private:
  std::string spans(const std::vector<Span> &all) {
    Numbers numbers;
    std::int64_t before = 0;
    for (const Span &span : all) {
      numbers.add(std::uint64_t(span.begin - before));
      numbers.add(std::uint64_t(span.end - span.begin));
      numbers.add(span.caption);
      numbers.add(unsigned(span.category) << 4 | span.row);
      before = span.begin;
    }
    return numbers.base64();
  }
  void write(const Lane &lane) {
    out_.object([&] {
      out_.attribute("thread", lane.thread);
      out_.attribute("name", llvm::json::fixUTF8(lane.name));
      out_.attribute("role", runs::label(lane.role));
      out_.attribute("dropped", lane.dropped);
      out_.attribute("entry", lane.entry);
      out_.attribute("from", lane.from);
      out_.attribute("to", lane.to);
      out_.attribute("runs", spans(lane.runs));
      out_.attribute("stalls", spans(lane.stalls));
      out_.attribute("held", spans(lane.held));
    });
  }
  std::string tasks() {
    Numbers numbers;
    std::int64_t before = 0;
    for (const TaskBar &task : picture_.tasks) {
      numbers.add(std::uint64_t(task.begin - before));
      numbers.add(std::uint64_t(task.end - task.begin));
      numbers.add(task.caption);
      numbers.add(task.id);
      numbers.add(task.parent);
      numbers.add(task.slices.size());
      std::int64_t last = task.begin;
      for (const runs::Slice &slice : task.slices) {
        std::int64_t begin = std::clamp(slice.begin, last, task.end), end = std::clamp(slice.end, begin, task.end);
        numbers.add(std::uint64_t(begin - last));
        numbers.add(std::uint64_t(end - begin));
        numbers.add(slice.thread);
        last = end;
      }
      before = task.begin;
    }
    return numbers.base64();
  }
  std::string flows() {
    Numbers numbers;
    for (const Flow &flow : picture_.flows) {
      numbers.add(std::uint64_t(flow.from));
      numbers.add(std::uint64_t(flow.to - flow.from));
      numbers.add(flow.from_thread);
      numbers.add(flow.to_thread);
    }
    return numbers.base64();
  }

  const Picture &picture_;
  llvm::json::OStream &out_;
};

// JSON within <script>: no "</script>" and no "<!--" may come to be.
class ScriptSafe : public llvm::raw_ostream {
public:
  explicit ScriptSafe(llvm::raw_ostream &to) : to_(to) { SetUnbuffered(); }
  ~ScriptSafe() override { flush(); }

private:
  void write_impl(const char *bytes, std::size_t size) override {
    llvm::StringRef rest(bytes, size);
    for (std::size_t at; (at = rest.find('<')) != llvm::StringRef::npos; rest = rest.substr(at + 1))
      to_ << rest.take_front(at) << "\\u003c";
    to_ << rest;
    position_ += size;
  }
  std::uint64_t current_pos() const override { return position_; }
  llvm::raw_ostream &to_;
  std::uint64_t position_ = 0;
};

} // namespace

void write_page(llvm::ArrayRef<Picture> pictures, llvm::raw_ostream &out) {
  llvm::StringRef rest = file("page.html");
  // {{name}} stands for that file, {{data}} for the traces.
  for (std::size_t at; (at = rest.find("{{")) != llvm::StringRef::npos;) {
    out << rest.take_front(at);
    rest = rest.substr(at + 2);
    auto [name, behind] = rest.split("}}");
    rest = behind;
    if (name != "data") {
      out << llvm::StringRef(file(name));
      continue;
    }
    ScriptSafe safe(out);
    llvm::json::OStream json(safe);
    json.array([&] {
      for (const Picture &picture : pictures)
        Page(picture, json).write();
    });
  }
  out << rest;
}

} // namespace tenterhook::timeline
