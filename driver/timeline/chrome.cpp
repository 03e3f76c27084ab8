// The Trace Event Format. What it demands: slices ("X") of one thread nest, async slices come as "b" and "e" of one
// (cat, id) with the begin first, a flow's ends lie in a slice of their thread. Perfetto drops flows whose id is no
// number, and shows async slices below their process only if their ids are local to it ("id2"). See writers.h.
#include "timeline/writers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/JSON.h"
#include <map>
#include <unordered_map>

namespace tenterhook::timeline {
namespace {

constexpr std::int64_t submit_length = 1000; // nanoseconds: a slice for the flow to begin in

// What goes on from part to part.
struct State {
  std::uint64_t flows = 0;  // of the whole file
  std::uint64_t asyncs = 0; // of one trace, as all that follows
  std::int64_t alive = 0;   // tasks
  std::int64_t counted_until = 0;
  std::size_t notes = 0; // that have been told
};

// One part.
class Chrome {
public:
  Chrome(const Picture &picture, State &state, llvm::json::OStream &out) : picture_(picture), out_(out), state_(state) {}

  void write() {
    if (picture_.first) {
      metadata("process_name", 0, [&] { out_.attribute("name", picture_.title); });
      for (const Lane &lane : picture_.lanes) {
        metadata("thread_name", lane.thread, [&] { out_.attribute("name", title(lane)); });
        metadata("thread_sort_index", lane.thread, [&] { out_.attribute("sort_index", lane.thread); });
      }
    }
    for (; state_.notes < picture_.notes.size(); ++state_.notes)
      note(picture_.notes[state_.notes]);
    for (const Lane &lane : picture_.lanes) {
      for (const Span &span : lane.runs)
        if (!span.told)
          slice(lane, span);
      for (const Span &span : lane.stalls) {
        if (span.told)
          continue;
        if (span.category == Category::mark)
          instant(lane, span);
        else
          async(lane, span, ++state_.asyncs);
      }
      for (const Span &span : lane.held)
        if (!span.told)
          async(lane, span, ++state_.asyncs);
    }
    for (const TaskBar &task : picture_.tasks)
      life(task);
    count_tasks();
    if (picture_.is_whole() && !picture_.flows.empty()) {
      for (const Flow &flow : picture_.flows)
        submits_[flow.from_thread].push_back(flow.from);
      for (auto &[thread, times] : submits_)
        llvm::sort(times);
      for (const Lane &lane : picture_.lanes)
        lanes_[lane.thread] = &lane;
    }
    for (const Flow &flow : picture_.flows)
      write(flow);
  }

  static std::string title(const Lane &lane) {
    std::string name = lane.name.empty() ? "thread " + std::to_string(lane.thread) : lane.name;
    name += " (" + runs::label(lane.role).str() + ")";
    return lane.dropped ? name + ", " + std::to_string(lane.dropped) + " events dropped" : name;
  }

private:
  template <typename Body> void event(const char *phase, std::uint32_t thread, Body body) {
    out_.object([&] {
      out_.attribute("ph", phase);
      out_.attribute("pid", picture_.process);
      out_.attribute("tid", thread);
      body();
    });
  }
  template <typename Body> void metadata(const char *what, std::uint32_t thread, Body body) {
    event("M", thread, [&] {
      out_.attribute("name", what);
      out_.attributeObject("args", body);
    });
  }
  // Microseconds, with the nanoseconds behind the point.
  void time(const char *key, std::int64_t nanoseconds) {
    out_.attributeBegin(key);
    out_.rawValue([&](llvm::raw_ostream &to) { // formatv() would take most of the time
      std::int64_t rest = nanoseconds % 1000;
      to << nanoseconds / 1000 << '.' << char('0' + rest / 100) << char('0' + rest / 10 % 10) << char('0' + rest % 10);
    });
    out_.attributeEnd();
  }
  void name(const Caption &caption, llvm::StringRef category) {
    out_.attribute("name", picture_.strings[caption.name]);
    out_.attribute("cat", category);
  }
  void arguments(const Caption &caption, std::uint64_t object) {
    out_.attributeObject("args", [&] {
      if (object)
        out_.attribute("object", hex(object));
      if (caption.place)
        out_.attribute("place", picture_.strings[caption.place]);
      if (caption.note)
        out_.attribute("note", picture_.strings[caption.note]);
      if (caption.stack)
        out_.attributeArray("stack", [&] {
          for (std::uint32_t frame : picture_.stacks[caption.stack - 1])
            out_.value(picture_.strings[frame]);
        });
    });
  }
  // Within the process. Numbers of spans and of tasks are apart by their categories.
  void local_id(std::uint64_t id) {
    out_.attributeObject("id2", [&] { out_.attribute("local", hex(id)); });
  }
  static std::string hex(std::uint64_t value) { return "0x" + llvm::utohexstr(value, /*LowerCase=*/true); }
  std::uint32_t first_thread() const { return picture_.lanes.empty() ? 0 : picture_.lanes.front().thread; }

  // What limits this trace, where a person sees it: neither viewer shows otherData.
  void note(const std::string &text) {
    event("i", first_thread(), [&] {
      out_.attribute("name", llvm::json::fixUTF8("note: " + text));
      out_.attribute("cat", "note");
      out_.attribute("s", "p");
      time("ts", 0);
    });
  }
  void slice(const Lane &lane, const Span &span) {
    const Caption &caption = picture_.captions[span.caption];
    event("X", lane.thread, [&] {
      name(caption, label(span.category));
      time("ts", span.begin);
      time("dur", span.end - span.begin);
      if (caption.trouble)
        out_.attribute("cname", "terrible");
      arguments(caption, span.object);
    });
  }
  void instant(const Lane &lane, const Span &span) {
    const Caption &caption = picture_.captions[span.caption];
    event("i", lane.thread, [&] {
      name(caption, label(span.category));
      out_.attribute("s", "t");
      time("ts", span.begin);
      arguments(caption, span.object);
    });
  }
  void async(const Lane &lane, const Span &span, std::uint64_t id) {
    const Caption &caption = picture_.captions[span.caption];
    for (const char *phase : {"b", "e"})
      event(phase, lane.thread, [&] {
        name(caption, label(span.category));
        local_id(id);
        time("ts", *phase == 'b' ? span.begin : span.end);
        if (*phase == 'b')
          arguments(caption, span.object);
      });
  }
  // A task's life, and in it the stretches in which it ran.
  void life(const TaskBar &task) {
    const Caption &caption = picture_.captions[task.caption];
    std::uint32_t thread = task.slices.empty() ? first_thread() : task.slices.front().thread;
    auto part = [&](const char *phase, std::int64_t at, const char *text) {
      event(phase, thread, [&] {
        out_.attribute("name", text ? llvm::StringRef(text) : llvm::StringRef(picture_.strings[caption.name]));
        out_.attribute("cat", "tasks");
        local_id(task.id);
        time("ts", at);
        // What comes of a task is known at its end.
        if (!text && (*phase == 'b' || !task.begins))
          arguments(caption, task.id);
      });
    };
    if (task.begins)
      part("b", task.begin, nullptr);
    std::int64_t last = task.begin;
    for (const runs::Slice &slice : task.slices) {
      std::int64_t begin = std::clamp(slice.begin, last, task.end), end = std::clamp(slice.end, begin, task.end);
      part("b", begin, "runs");
      part("e", end, "runs");
      last = end;
    }
    if (task.ends)
      part("e", task.end, nullptr);
  }
  // How many there are at a time: a program that loses tasks, or takes on more than it ends, rises.
  void count_tasks() {
    std::vector<std::pair<std::int64_t, int>> changes;
    auto change = [&](std::int64_t at, int by) { changes.emplace_back(std::max(at, state_.counted_until), by); };
    for (const TaskBar &task : picture_.tasks) {
      if (task.begins)
        change(task.begin, 1);
      if (task.ends)
        change(task.end, -1);
    }
    llvm::sort(changes);
    for (std::size_t i = 0; i < changes.size(); ++i) {
      state_.alive += changes[i].second;
      state_.counted_until = changes[i].first;
      if (i + 1 < changes.size() && changes[i + 1].first == changes[i].first)
        continue;
      event("C", first_thread(), [&] {
        out_.attribute("name", "tasks alive");
        out_.attribute("cat", "tasks");
        time("ts", changes[i].first);
        out_.attributeObject("args", [&] { out_.attribute("tasks", state_.alive); });
      });
    }
  }
  void write(const Flow &flow) {
    std::uint64_t number = ++state_.flows;
    event("X", flow.from_thread, [&] {
      out_.attribute("name", "submit");
      out_.attribute("cat", "submit");
      time("ts", flow.from);
      time("dur", fitting(flow));
    });
    for (const char *phase : {"s", "f"})
      event(phase, *phase == 's' ? flow.from_thread : flow.to_thread, [&] {
        out_.attribute("name", "handed over");
        out_.attribute("cat", "submit");
        out_.attribute("id", number);
        time("ts", *phase == 's' ? flow.from : flow.to);
        if (*phase == 'f')
          out_.attribute("bp", "e");
      });
  }
  // As long as it neither leaves the innermost slice it begins in nor reaches what begins next on that thread; which a part
  // does not tell of, since it may end much later.
  std::int64_t fitting(const Flow &flow) {
    if (!picture_.is_whole())
      return 1;
    std::int64_t end = flow.from + submit_length;
    if (std::int64_t next = next_of(submits_[flow.from_thread], flow.from); next >= 0)
      end = std::min(end, next);
    auto found = lanes_.find(flow.from_thread);
    if (found == lanes_.end())
      return end - flow.from;
    const Lane *lane = found->second;
    auto next = llvm::upper_bound(lane->runs, flow.from, [](std::int64_t at, const Span &span) { return at < span.begin; });
    if (next != lane->runs.end())
      end = std::min(end, next->begin);
    unsigned looked = 0;
    for (auto span = next; span != lane->runs.begin() && looked < 64; ++looked) {
      --span;
      if (span->end > flow.from)
        end = std::min(end, span->end);
    }
    return end - flow.from;
  }
  static std::int64_t next_of(const std::vector<std::int64_t> &times, std::int64_t after) {
    auto next = llvm::upper_bound(times, after);
    return next == times.end() ? -1 : *next;
  }

  const Picture &picture_;
  llvm::json::OStream &out_;
  State &state_;
  std::map<std::uint32_t, std::vector<std::int64_t>> submits_; // times, by thread
  std::unordered_map<std::uint32_t, const Lane *> lanes_;
};

} // namespace

struct ChromeWriter::Impl {
  explicit Impl(llvm::raw_ostream &to) : stream(to), out(to) {}

  void other_data(llvm::ArrayRef<std::string> all) {
    out.attributeObject("otherData", [&] {
      out.attribute("producer", "tenterhook " TENTERHOOK_VERSION);
      out.attributeArray("notes", [&] {
        for (const std::string &note : all)
          out.value(llvm::json::fixUTF8(note));
      });
    });
  }

  llvm::raw_ostream &stream;
  llvm::json::OStream out;
  State state;
  std::vector<std::string> notes; // that are told at the end
  bool notes_told = false;
};

ChromeWriter::ChromeWriter(llvm::raw_ostream &out) : impl_(std::make_unique<Impl>(out)) {}
ChromeWriter::~ChromeWriter() = default;

void ChromeWriter::begin(std::optional<std::vector<std::string>> notes) {
  impl_->out.objectBegin();
  impl_->out.attribute("displayTimeUnit", "ns");
  if (notes)
    impl_->other_data(*notes);
  impl_->notes_told = notes.has_value();
  impl_->out.attributeBegin("traceEvents");
  impl_->out.arrayBegin();
}

void ChromeWriter::write(const Picture &part) {
  if (part.first) {
    State fresh;
    fresh.flows = impl_->state.flows;
    impl_->state = fresh;
  }
  Chrome(part, impl_->state, impl_->out).write();
  if (part.last)
    llvm::append_range(impl_->notes, part.notes);
}

void ChromeWriter::end() {
  impl_->out.arrayEnd();
  impl_->out.attributeEnd();
  if (!impl_->notes_told)
    impl_->other_data(impl_->notes);
  impl_->out.objectEnd();
  impl_->out.flush();
  impl_->stream << '\n';
}

void write_chrome(llvm::ArrayRef<Picture> whole, llvm::raw_ostream &out) {
  ChromeWriter writer(out);
  std::vector<std::string> notes;
  for (const Picture &picture : whole)
    llvm::append_range(notes, picture.notes);
  writer.begin(std::move(notes));
  for (const Picture &picture : whole)
    writer.write(picture);
  writer.end();
}

} // namespace tenterhook::timeline
