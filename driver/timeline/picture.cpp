// Events to spans. A span whose beginning or end was not seen (the trace began later, events were dropped) reaches to
// the next thing that is known, never further. See picture.h.
#include "timeline/picture.h"
#include "trace/symbols.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/Path.h"
#include <optional>

namespace tenterhook::timeline {
namespace {

using runs::Event, runs::Kind, runs::SiteRef;

std::string lock_name(std::uint64_t address) { return llvm::formatv("lock {0:x}", address).str(); }

class Painter {
public:
  explicit Painter(const runs::Run &run) : run_(run), symbols_(run) {
    picture_.strings.emplace_back();
    picture_.title = run.path;
    picture_.process = run.process;
    picture_.length = std::max<std::int64_t>(run.length, 1);
    picture_.events = run.events.size();
  }

  Picture paint() {
    for (const runs::RunThread &thread : run_.threads) {
      Lane lane;
      lane.thread = thread.index;
      lane.name = thread.name;
      lane.role = thread.role;
      lane.dropped = thread.dropped;
      lane.from = std::clamp<std::int64_t>(thread.first, 0, picture_.length);
      lane.to = std::clamp(thread.last, lane.from, picture_.length);
      index_[thread.index] = picture_.lanes.size();
      picture_.lanes.push_back(std::move(lane));
    }
    open_.resize(picture_.lanes.size());
    for (const Event &event : run_.events) take(event);
    close_all();
    for (Lane &lane : picture_.lanes) {
      nest(lane.runs);
      pack(lane.stalls);
      pack(lane.held);
    }
    paint_tasks();
    picture_.notes = run_.notes;
    llvm::append_range(picture_.notes, symbols_.notes());
    return std::move(picture_);
  }

private:
  struct Open { // of one thread
    std::vector<Span> tasks, works;
    std::optional<Span> wait;
    std::map<std::uint64_t, Span> locks;
  };

  std::uint32_t string(llvm::StringRef text) {
    if (text.empty()) return 0;
    auto [found, fresh] = numbers_.try_emplace(text, std::uint32_t(picture_.strings.size()));
    if (fresh) picture_.strings.push_back(text.str());
    return found->second;
  }

  std::uint32_t stack(std::uint32_t id) {
    if (id == 0 || run_.stack(id).empty()) return 0;
    auto [found, fresh] = stacks_.try_emplace(id, 0);
    if (fresh) {
      std::vector<std::uint32_t> frames;
      for (const runs::Frame &frame : symbols_.stack(id)) frames.push_back(string(runs::describe(frame)));
      picture_.stacks.push_back(std::move(frames));
      found->second = std::uint32_t(picture_.stacks.size());
    }
    return found->second;
  }

  // Code that a person wrote: where the standard library waits for it tells nothing.
  static bool is_own(const runs::Frame &frame) {
    return frame.line != 0 && !frame.file.empty() && !llvm::StringRef(frame.file).starts_with("/usr/");
  }
  const runs::Frame *frame(SiteRef site) {
    if (!site) return nullptr;
    const std::vector<runs::Frame> &frames = symbols_.at(site).frames;
    auto own = llvm::find_if(frames, is_own);
    return own == frames.end() ? &frames.front() : &*own;
  }
  std::uint32_t place(SiteRef site) {
    const runs::Frame *at = frame(site);
    return at ? string(runs::describe(*at)) : 0;
  }
  // The innermost frame of the stack that is the program's own, or else the site.
  std::uint32_t place(SiteRef site, std::uint32_t stack_id) {
    if (stack_id == 0) return place(site);
    auto [found, fresh] = own_frames_.try_emplace(stack_id, 0);
    if (fresh) {
      std::vector<runs::Frame> frames = symbols_.stack(stack_id);
      if (auto own = llvm::find_if(frames, is_own); own != frames.end()) found->second = string(runs::describe(*own));
    }
    return found->second ? found->second : place(site);
  }
  // A thread's own function is below all that it does, wherever a stack was taken.
  void learn_entry(Lane &lane, std::uint32_t stack_id) {
    if (lane.entry || !stack_id) return;
    auto [found, fresh] = entries_.try_emplace(stack_id, 0);
    if (fresh) {
      std::vector<runs::Frame> frames = symbols_.stack(stack_id);
      for (const runs::Frame &frame : llvm::reverse(frames))
        if (is_own(frame)) {
          found->second = string(frame.file + " " + frame.function); // a function, whatever line it is at
          break;
        }
    }
    lane.entry = found->second;
  }
  // "handle" for "tenterhook::task<void> server::handle(int)": what fits on a bar.
  static std::string short_name(llvm::StringRef function) {
    constexpr llvm::StringLiteral unnamed = "(anonymous namespace)::";
    std::string named = function.str();
    for (std::size_t at; (at = named.find(unnamed)) != std::string::npos;) named.erase(at, unnamed.size());
    llvm::StringRef head = named;
    int angle = 0;
    for (std::size_t i = 0; i < head.size(); ++i) { // up to the parameters
      angle += (head[i] == '<') - (head[i] == '>');
      if (head[i] == '(' && angle == 0 && i && !head.substr(0, i).ends_with("operator")) {
        head = head.take_front(i);
        break;
      }
    }
    angle = 0;
    for (std::size_t i = head.size(); i--;) { // the last word outside of <…>
      angle += (head[i] == '>') - (head[i] == '<');
      if (head[i] == ' ' && angle == 0) return head.substr(i + 1).str();
    }
    return head.str();
  }
  std::string name_of_task(std::uint64_t id) {
    const runs::Task *task = run_.task(id);
    const runs::Frame *at = task ? frame(task->site) : nullptr;
    return at && !at->function.empty() && at->function != "?" ? short_name(at->function)
                                                               : ("task " + llvm::Twine(id)).str();
  }

  std::uint32_t caption(llvm::StringRef name, std::uint32_t place, llvm::StringRef note = {},
                        std::uint32_t stack_id = 0, bool trouble = false) {
    Caption made{string(name), place, string(note), stack(stack_id), trouble};
    auto [found, fresh] = captions_.try_emplace(made, std::uint32_t(picture_.captions.size()));
    if (fresh) picture_.captions.push_back(made);
    return found->second;
  }

  void put(std::vector<Span> &to, Span span, std::int64_t end) {
    span.begin = std::clamp<std::int64_t>(span.begin, 0, picture_.length);
    span.end = std::clamp(end, span.begin, picture_.length);
    to.push_back(span);
  }

  void take(const Event &event) {
    auto found = index_.find(event.thread);
    if (found == index_.end()) return; // of a thread without an entry: the file is torn there
    Lane &lane = picture_.lanes[found->second];
    Open &open = open_[found->second];
    Span span{event.time, event.time, event.object, 0, Category::task, 0};
    switch (event.kind) {
    case Kind::task_start:
    case Kind::task_resume: {
      llvm::StringRef note = event.kind == Kind::task_start ? "started" : "";
      span.caption = caption(name_of_task(event.object), place(event.site), note);
      open.tasks.push_back(span);
      break;
    }
    case Kind::task_suspend:
    case Kind::task_done: close(open.tasks, lane.runs, event); break;
    case Kind::task_destroy: {
      close(open.tasks, lane.runs, event);
      auto end = runs::TaskEnd(event.arg);
      if (end != runs::TaskEnd::done)
        mark(lane, event,
             name_of_task(event.object) +
                 (end == runs::TaskEnd::unstarted ? ": never started" : ": destroyed while suspended"),
             end == runs::TaskEnd::unstarted);
      break;
    }
    case Kind::work_start:
      span.category = Category::work;
      span.caption = caption(name_of_work(event.object), work_place(event.object));
      open.works.push_back(span);
      if (auto submitted = submits_.find(event.object); submitted != submits_.end()) {
        picture_.flows.push_back(
            {submitted->second.time, event.time, submitted->second.thread, event.thread, event.object});
        submits_.erase(submitted);
      }
      break;
    case Kind::work_end: close(open.works, lane.runs, event); break;
    case Kind::submit:
      submits_[event.object] = {event.time, event.thread, event.site};
      break;
    case Kind::loop_wait:
      span.category = Category::wait;
      span.caption = caption("waits for events", place(event.site));
      open.wait = span;
      break;
    case Kind::loop_wake:
      if (open.wait) put(lane.runs, *open.wait, event.time);
      open.wait.reset();
      break;
    case Kind::stall: stall(lane, event); break;
    case Kind::block:
    case Kind::lock_wait: block(lane, event); break;
    case Kind::lock:
      span.category = Category::held;
      span.caption = caption(lock_name(event.object) + (event.arg ? " (shared)" : ""), place(event.site));
      open.locks[event.object] = span;
      break;
    case Kind::unlock: unlock(lane, open, event); break;
    case Kind::foreign_unlock:
      mark(lane, event, lock_name(event.object) + ": unlocked by another thread", true);
      for (std::size_t i = 0; i < open_.size(); ++i) unlock(picture_.lanes[i], open_[i], event);
      break;
    case Kind::held_at_wait: mark(lane, event, lock_name(event.object) + ": held while the loop waits", true); break;
    case Kind::held_at_suspend: mark(lane, event, lock_name(event.object) + ": held across a suspension", true); break;
    case Kind::race: mark(lane, event, "race", true); break;
    default: break;
    }
  }

  std::string name_of_work(std::uint64_t work) {
    auto submitted = submits_.find(work);
    const runs::Frame *at = submitted == submits_.end() ? nullptr : frame(submitted->second.site);
    return at && !at->function.empty() && at->function != "?" ? "work of " + short_name(at->function) : "work";
  }
  std::uint32_t work_place(std::uint64_t work) {
    auto found = submits_.find(work);
    return found == submits_.end() ? 0 : place(found->second.site);
  }

  // The innermost open span of the event's object; what was opened in it and not closed ends with it.
  void close(std::vector<Span> &open, std::vector<Span> &to, const Event &event) {
    auto found =
        std::find_if(open.rbegin(), open.rend(), [&](const Span &span) { return span.object == event.object; });
    if (found == open.rend()) return;
    std::size_t keep = std::size_t(open.rend() - found) - 1;
    for (std::size_t i = open.size(); i-- > keep;) put(to, open[i], event.time);
    open.resize(keep);
  }

  void unlock(Lane &lane, Open &open, const Event &event) {
    auto found = open.locks.find(event.object);
    if (found == open.locks.end()) return;
    put(lane.held, found->second, event.time);
    open.locks.erase(found);
  }

  void mark(Lane &lane, const Event &event, const std::string &name, bool trouble) {
    std::uint32_t stack_id = 0;
    if (auto held = run_.detail<runs::HeldDetail>(event)) stack_id = event.kind == Kind::task_destroy ? 0 : held->stack;
    if (event.kind == Kind::task_destroy)
      if (auto detail = run_.detail<runs::StackDetail>(event)) stack_id = detail->stack;
    Span span{event.time,     event.time, event.object, caption(name, place(event.site), "", stack_id, trouble),
              Category::mark, 0};
    put(lane.stalls, span, event.time);
  }

  void stall(Lane &lane, const Event &event) {
    auto detail = run_.detail<runs::StallDetail>(event);
    std::int64_t duration = detail ? run_.nanoseconds(detail->duration) : 0;
    std::uint32_t stack_id = detail ? detail->stack : 0;
    std::string name = event.object ? "stall in " + name_of_task(event.object) : "stall";
    Span span{event.time - duration, event.time, event.object,
              caption(name, place(event.site, stack_id), "the loop could do nothing else", stack_id, true),
              Category::stall, 0};
    put(lane.stalls, span, event.time);
  }

  void block(Lane &lane, const Event &event) {
    auto detail = run_.detail<runs::BlockDetail>(event);
    if (!detail) return;
    learn_entry(lane, detail->stack);
    bool is_lock = event.kind == Kind::lock_wait;
    std::string name = is_lock ? "waits for " + lock_name(event.object) : run_.string(event.arg).str();
    if (name.empty()) name = "a call that blocks";
    std::vector<llvm::StringRef> words;
    std::pair<std::uint32_t, llvm::StringRef> flags[] = {
        {runs::in_coroutine, "in a coroutine"},       {runs::nonblocking, "non-blocking"},
        {runs::on_loop_thread, "on a loop's thread"}, {runs::on_worker, "on a worker"},
        {runs::under_lock, "under a lock"},           {runs::failed, "failed"},
        {runs::regular_file, "a regular file"}};
    for (auto [flag, word] : flags)
      if (detail->flags & flag) words.push_back(word);
    const runs::Frame *site = frame(event.site);
    std::uint32_t at = site && is_own(*site) ? place(event.site) : place(event.site, detail->stack);
    bool trouble = (detail->flags & runs::in_coroutine) && !(detail->flags & (runs::nonblocking | runs::on_worker));
    Span span{event.time - run_.nanoseconds(detail->duration), event.time, event.object,
              caption(name, at, llvm::join(words, ", "), detail->stack, trouble),
              is_lock ? Category::lock_wait : Category::block, 0};
    put(lane.runs, span, event.time);
  }

  void close_all() {
    for (auto [lane, open] : llvm::zip(picture_.lanes, open_)) {
      for (const Span &span : open.tasks) put(lane.runs, span, picture_.length);
      for (const Span &span : open.works) put(lane.runs, span, picture_.length);
      if (open.wait) put(lane.runs, *open.wait, picture_.length);
      for (const auto &[lock, span] : open.locks) put(lane.held, span, picture_.length);
    }
  }

  static void sort(std::vector<Span> &spans) {
    llvm::sort(spans, [](const Span &a, const Span &b) {
      return std::tuple(a.begin, -a.end, a.category, a.object, a.caption) <
             std::tuple(b.begin, -b.end, b.category, b.object, b.caption);
    });
  }

  // Rows by nesting. What sticks out of the span it began in is cut there: viewers demand it, and so little sticks out
  // (a record is written after the call it tells of) that nothing is lost.
  static void nest(std::vector<Span> &spans) {
    sort(spans);
    std::vector<std::int64_t> ends;
    for (Span &span : spans) {
      while (!ends.empty() && ends.back() <= span.begin) ends.pop_back();
      if (!ends.empty()) span.end = std::min(span.end, ends.back());
      span.row = std::uint8_t(std::min<std::size_t>(ends.size(), 15));
      ends.push_back(span.end);
    }
  }
  // Rows so that nothing overlaps.
  static void pack(std::vector<Span> &spans) {
    sort(spans);
    std::vector<std::int64_t> rows;
    for (Span &span : spans) {
      auto free = llvm::find_if(rows, [&](std::int64_t end) { return end <= span.begin; });
      if (free == rows.end() && rows.size() < 16) free = rows.insert(rows.end(), 0);
      if (free == rows.end()) free = rows.end() - 1;
      *free = span.end;
      span.row = std::uint8_t(free - rows.begin());
    }
  }

  void paint_tasks() {
    for (const runs::Task &task : run_.tasks) {
      TaskBar bar;
      bar.id = task.id;
      bar.parent = task.parent;
      std::int64_t first = task.slices.empty() ? 0 : task.slices.front().begin;
      bar.begin = task.created.value_or(task.started.value_or(first));
      bar.end = task.destroyed.value_or(task.done.value_or(picture_.length));
      bar.begin = std::clamp<std::int64_t>(bar.begin, 0, picture_.length);
      bar.end = std::clamp(bar.end, bar.begin, picture_.length);
      std::string note;
      if (task.destroyed && task.end == runs::TaskEnd::unstarted) note = "never started";
      else if (task.destroyed && task.end == runs::TaskEnd::suspended) note = "destroyed while suspended";
      else if (task.done && task.created && !task.awaited) note = "nobody awaited it";
      else if (!task.done && !task.destroyed) note = "not done when the trace ended";
      bar.trouble = task.destroyed && task.end == runs::TaskEnd::unstarted;
      if (task.with_exception) note += note.empty() ? "ended with an exception" : "; ended with an exception";
      bar.caption = caption(name_of_task(task.id), place(task.site), note, task.stack, bar.trouble);
      bar.slices = task.slices;
      picture_.tasks.push_back(std::move(bar));
    }
    llvm::sort(picture_.tasks,
               [](const TaskBar &a, const TaskBar &b) { return std::tie(a.begin, a.id) < std::tie(b.begin, b.id); });
  }

  struct Submit {
    std::int64_t time = 0;
    std::uint32_t thread = 0;
    SiteRef site;
  };

  const runs::Run &run_;
  runs::Symbols symbols_;
  Picture picture_;
  llvm::StringMap<std::uint32_t> numbers_;
  std::unordered_map<std::uint32_t, std::uint32_t> stacks_, own_frames_, entries_; // by the trace's number of a stack
  std::map<Caption, std::uint32_t> captions_;
  std::unordered_map<std::uint32_t, std::size_t> index_; // of picture_.lanes by thread
  std::vector<Open> open_;
  std::unordered_map<std::uint64_t, Submit> submits_;
};

} // namespace

llvm::StringRef label(Category category) {
  static constexpr llvm::StringLiteral words[categories] = {"task",      "work",  "wait", "block",
                                                            "lock-wait", "stall", "held", "mark"};
  return words[unsigned(category)];
}

Picture draw(const runs::Run &run) {
  Picture picture = Painter(run).paint();
  tell_causes(picture);
  return picture;
}

} // namespace tenterhook::timeline
