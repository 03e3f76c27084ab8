// The Trace Event Format. What it demands: slices ("X") of one thread nest, async slices come as "b" and "e" of one
// (cat, id) with the begin first, a flow's ends lie in a slice of their thread. Perfetto drops flows whose id is no
// number, and shows async slices below their process only if their ids are local to it ("id2"). See writers.h.
#include "timeline/writers.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/JSON.h"

namespace tenterhook::timeline {
namespace {

constexpr std::int64_t submit_length = 1000; // nanoseconds: a slice for the flow to begin in

class Chrome {
public:
  // `flows` numbers the flows of the whole file.
  Chrome(const Picture &picture, std::uint64_t &flows, llvm::json::OStream &out)
      : picture_(picture), out_(out), flows_(flows) {}

  void write() {
    metadata("process_name", 0, [&] { out_.attribute("name", picture_.title); });
    for (const Lane &lane : picture_.lanes) {
      metadata("thread_name", lane.thread, [&] { out_.attribute("name", title(lane)); });
      metadata("thread_sort_index", lane.thread, [&] { out_.attribute("sort_index", lane.thread); });
    }
    for (const std::string &text : picture_.notes) note(text);
    for (const Lane &lane : picture_.lanes) {
      for (const Span &span : lane.runs) slice(lane, span);
      for (const Span &span : lane.stalls)
        if (span.category == Category::mark) instant(lane, span);
        else async(lane, span, ++asyncs_);
      for (const Span &span : lane.held) async(lane, span, ++asyncs_);
    }
    for (const TaskBar &task : picture_.tasks) life(task);
    count_tasks();
    for (const Flow &flow : picture_.flows) submits_[flow.from_thread].push_back(flow.from);
    for (auto &[thread, times] : submits_) llvm::sort(times);
    for (const Flow &flow : picture_.flows) write(flow);
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
    out_.rawValue(llvm::formatv("{0}.{1,0+3}", nanoseconds / 1000, nanoseconds % 1000).str());
    out_.attributeEnd();
  }
  void name(const Caption &caption, llvm::StringRef category) {
    out_.attribute("name", picture_.strings[caption.name]);
    out_.attribute("cat", category);
  }
  void arguments(const Caption &caption, std::uint64_t object) {
    out_.attributeObject("args", [&] {
      if (object) out_.attribute("object", llvm::formatv("{0:x}", object).str());
      if (caption.place) out_.attribute("place", picture_.strings[caption.place]);
      if (caption.note) out_.attribute("note", picture_.strings[caption.note]);
      if (caption.stack)
        out_.attributeArray("stack", [&] {
          for (std::uint32_t frame : picture_.stacks[caption.stack - 1]) out_.value(picture_.strings[frame]);
        });
    });
  }
  // Within the process. Numbers of spans and of tasks are apart by their categories.
  void local_id(std::uint64_t id) {
    out_.attributeObject("id2", [&] { out_.attribute("local", llvm::formatv("{0:x}", id).str()); });
  }
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
      if (caption.trouble) out_.attribute("cname", "terrible");
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
        if (*phase == 'b') arguments(caption, span.object);
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
        if (*phase == 'b' && !text) arguments(caption, task.id);
      });
    };
    part("b", task.begin, nullptr);
    std::int64_t last = task.begin;
    for (const runs::Slice &slice : task.slices) {
      std::int64_t begin = std::clamp(slice.begin, last, task.end), end = std::clamp(slice.end, begin, task.end);
      part("b", begin, "runs");
      part("e", end, "runs");
      last = end;
    }
    part("e", task.end, nullptr);
  }
  // How many there are at a time: a program that loses tasks, or takes on more than it ends, rises.
  void count_tasks() {
    std::vector<std::pair<std::int64_t, int>> changes;
    for (const TaskBar &task : picture_.tasks) changes.insert(changes.end(), {{task.begin, 1}, {task.end, -1}});
    llvm::sort(changes);
    std::int64_t alive = 0;
    for (std::size_t i = 0; i < changes.size(); ++i) {
      alive += changes[i].second;
      if (i + 1 < changes.size() && changes[i + 1].first == changes[i].first) continue;
      event("C", first_thread(), [&] {
        out_.attribute("name", "tasks alive");
        out_.attribute("cat", "tasks");
        time("ts", changes[i].first);
        out_.attributeObject("args", [&] { out_.attribute("tasks", alive); });
      });
    }
  }
  void write(const Flow &flow) {
    std::uint64_t number = ++flows_;
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
        if (*phase == 'f') out_.attribute("bp", "e");
      });
  }
  // As long as it neither leaves the innermost slice it begins in nor reaches what begins next on that thread.
  std::int64_t fitting(const Flow &flow) {
    std::int64_t end = flow.from + submit_length;
    if (std::int64_t next = next_of(submits_[flow.from_thread], flow.from); next >= 0) end = std::min(end, next);
    auto lane = llvm::find_if(picture_.lanes, [&](const Lane &l) { return l.thread == flow.from_thread; });
    if (lane == picture_.lanes.end()) return end - flow.from;
    auto next =
        llvm::upper_bound(lane->runs, flow.from, [](std::int64_t at, const Span &span) { return at < span.begin; });
    if (next != lane->runs.end()) end = std::min(end, next->begin);
    unsigned looked = 0;
    for (auto span = next; span != lane->runs.begin() && looked < 64; ++looked) {
      --span;
      if (span->end > flow.from) end = std::min(end, span->end);
    }
    return end - flow.from;
  }
  static std::int64_t next_of(const std::vector<std::int64_t> &times, std::int64_t after) {
    auto next = llvm::upper_bound(times, after);
    return next == times.end() ? -1 : *next;
  }

  const Picture &picture_;
  llvm::json::OStream &out_;
  std::uint64_t &flows_;
  std::uint64_t asyncs_ = 0;
  std::map<std::uint32_t, std::vector<std::int64_t>> submits_; // times, by thread
};

} // namespace

void write_chrome(llvm::ArrayRef<Picture> pictures, llvm::raw_ostream &stream) {
  llvm::json::OStream out(stream);
  out.object([&] {
    out.attribute("displayTimeUnit", "ns");
    out.attributeObject("otherData", [&] {
      out.attribute("producer", "tenterhook " TENTERHOOK_VERSION);
      out.attributeArray("notes", [&] {
        for (const Picture &picture : pictures)
          for (const std::string &note : picture.notes) out.value(llvm::json::fixUTF8(note));
      });
    });
    out.attributeArray("traceEvents", [&] {
      std::uint64_t flows = 0;
      for (const Picture &picture : pictures) Chrome(picture, flows, out).write();
    });
  });
  stream << '\n';
}

} // namespace tenterhook::timeline
