// Events to spans, part by part. A span whose beginning or end was not seen (the trace began later, events were dropped)
// reaches to the next thing that is known, never further. See picture.h.
#include "timeline/picture.h"
#include "timeline/causes.h"
#include "timeline/rows.h"
#include "timeline/task_bars.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include <map>
#include <optional>

namespace tenterhook::timeline {
namespace {

using runs::Event, runs::Kind, runs::SiteRef;

constexpr std::int64_t not_cut = INT64_MAX; // the end of an open span, unless it sticks out of what it began in
constexpr std::size_t most_open = 64;       // of a thread at a time; what nests deeper has lost the ends of its outermost

class Painter {
public:
  explicit Painter(const runs::TraceFile &file) : run_(file.run), captions_(run_, picture_), tasks_(captions_, picture_) {
    picture_.title = run_.path;
    picture_.process = run_.process;
    picture_.length = std::max<std::int64_t>(run_.length, 1);
    picture_.events = file.count();
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
  }

  // The window that the file has now.
  Picture &paint(bool last) {
    picture_.last = last;
    tasks_.take(run_);
    for (const Event &event : run_.events)
      take(event);
    if (last)
      close_all();
    for (auto [lane, open] : llvm::zip(picture_.lanes, open_)) {
      nest(lane.runs, open.by_begin());
      pack(lane.stalls);
      pack(lane.held);
    }
    tasks_.tell(last);
    picture_.notes = run_.notes;
    if (last)
      llvm::append_range(picture_.notes, captions_.notes()); // what has no lines at first may have some later
    tell_causes(picture_, captions_);
    return picture_;
  }

  // The part was taken. Its spans stay for one more, for what ends later and began among them.
  void go_on() {
    picture_.first = false;
    picture_.tasks.clear();
    picture_.flows.clear();
    for (Lane &lane : picture_.lanes)
      for (auto *spans : {&lane.runs, &lane.stalls, &lane.held}) {
        llvm::erase_if(*spans, [](const Span &span) { return span.told; });
        for (Span &span : *spans)
          span.told = true;
      }
  }

private:
  struct Open { // of one thread
    std::vector<Span> tasks, works;
    std::optional<Span> wait;
    std::vector<Span *> by_begin() {
      std::vector<Span *> all;
      for (auto *spans : {&tasks, &works})
        for (Span &span : *spans)
          all.push_back(&span);
      if (wait)
        all.push_back(&*wait);
      llvm::sort(all, [](const Span *a, const Span *b) {
        return std::tuple(a->begin, a->category, a) < std::tuple(b->begin, b->category, b); // within one vector: as opened
      });
      return all;
    }
  };

  void put(std::vector<Span> &to, Span span, std::int64_t end) {
    span.begin = std::clamp<std::int64_t>(span.begin, 0, picture_.length);
    span.end = std::clamp(std::min(end, span.end), span.begin, picture_.length);
    to.push_back(span);
  }

  void take(const Event &event) {
    auto found = index_.find(event.thread);
    if (found == index_.end())
      return; // of a thread without an entry: the file is torn there
    Lane &lane = picture_.lanes[found->second];
    Open &open = open_[found->second];
    Span span{event.time, not_cut, event.object, 0, Category::task, 0};
    switch (event.kind) {
    case Kind::task_start:
    case Kind::task_resume: {
      llvm::StringRef note = event.kind == Kind::task_start ? "started" : "";
      span.caption = captions_.make(tasks_.name(event.object), captions_.place(event.site), note);
      open_span(open.tasks, lane.runs, span);
      break;
    }
    case Kind::task_suspend:
    case Kind::task_done: close(open.tasks, lane.runs, event); break;
    case Kind::task_destroy: {
      close(open.tasks, lane.runs, event);
      auto end = runs::TaskEnd(event.arg);
      if (end != runs::TaskEnd::done)
        mark(lane, event,
             name_of_task(event.object) + (end == runs::TaskEnd::unstarted ? ": never started" : ": destroyed while suspended"),
             end == runs::TaskEnd::unstarted);
      break;
    }
    case Kind::work_start:
      span.category = Category::work;
      span.caption = caption_of_work(event.object);
      open_span(open.works, lane.runs, span);
      if (auto submitted = submits_.find(event.object); submitted != submits_.end()) {
        picture_.flows.push_back({submitted->second.time, event.time, submitted->second.thread, event.thread, event.object});
        submits_.erase(submitted);
      }
      break;
    case Kind::work_end: close(open.works, lane.runs, event); break;
    case Kind::submit: submits_[event.object] = {event.time, event.thread, event.site}; break;
    case Kind::loop_wait:
      span.category = Category::wait;
      span.caption = captions_.make(captions_.string("waits for events"), captions_.place(event.site));
      open.wait = span;
      break;
    case Kind::loop_wake:
      if (open.wait)
        put(lane.runs, *open.wait, event.time);
      open.wait.reset();
      break;
    case Kind::stall: stall(lane, event); break;
    case Kind::block:
    case Kind::lock_wait: block(lane, event); break;
    case Kind::lock:
      span.category = Category::held;
      span.caption =
          captions_.make(event.arg ? captions_.string(lock_name(event.object) + " (shared)") : captions_.lock_name(event.object),
                         captions_.place(event.site));
      locks_[{event.object, found->second}] = span;
      break;
    case Kind::unlock: unlock(locks_.find({event.object, found->second}), event); break;
    case Kind::foreign_unlock:
      mark(lane, event, lock_name(event.object) + ": unlocked by another thread", true);
      for (auto at = locks_.lower_bound({event.object, 0}); at != locks_.end() && at->first.first == event.object;)
        unlock(at++, event);
      break;
    case Kind::held_at_wait: mark(lane, event, lock_name(event.object) + ": held while the loop waits", true); break;
    case Kind::held_at_suspend: mark(lane, event, lock_name(event.object) + ": held across a suspension", true); break;
    case Kind::race: mark(lane, event, "race", true); break;
    default: break;
    }
  }

  std::string name_of_task(std::uint64_t id) { return captions_.text(tasks_.name(id)).str(); }
  std::string lock_name(std::uint64_t lock) { return captions_.text(captions_.lock_name(lock)).str(); }

  std::uint32_t caption_of_work(std::uint64_t work) {
    auto submitted = submits_.find(work);
    SiteRef site = submitted == submits_.end() ? SiteRef() : submitted->second.site;
    std::uint32_t by = captions_.short_name(site);
    return captions_.make(captions_.string(by ? "work of " + captions_.text(by).str() : "work"), captions_.place(site));
  }

  // Of which the ends were dropped, one reaches to the next that began in it.
  void open_span(std::vector<Span> &open, std::vector<Span> &to, const Span &span) {
    if (open.size() == most_open) {
      put(to, open[0], open[1].begin);
      open.erase(open.begin());
    }
    open.push_back(span);
  }

  // The innermost open span of the event's object; what was opened in it and not closed ends with it.
  void close(std::vector<Span> &open, std::vector<Span> &to, const Event &event) {
    auto found = std::find_if(open.rbegin(), open.rend(), [&](const Span &span) { return span.object == event.object; });
    if (found == open.rend())
      return;
    std::size_t keep = std::size_t(open.rend() - found) - 1;
    for (std::size_t i = open.size(); i-- > keep;)
      put(to, open[i], event.time);
    open.resize(keep);
  }

  using Locks = std::map<std::pair<std::uint64_t, std::size_t>, Span>; // by lock and lane
  void unlock(Locks::iterator held, const Event &event) {
    if (held == locks_.end())
      return;
    put(picture_.lanes[held->first.second].held, held->second, event.time);
    locks_.erase(held);
  }

  void mark(Lane &lane, const Event &event, const std::string &name, bool trouble) {
    std::uint32_t stack_id = 0;
    if (event.kind == Kind::task_destroy || event.kind == Kind::race) {
      if (auto detail = run_.detail<runs::StackDetail>(event))
        stack_id = detail->stack;
    } else if (auto held = run_.detail<runs::HeldDetail>(event)) {
      stack_id = held->stack;
    }
    Span span{event.time,     event.time,
              event.object,   captions_.make(captions_.string(name), captions_.place(event.site), "", stack_id, trouble),
              Category::mark, 0};
    put(lane.stalls, span, event.time);
  }

  void stall(Lane &lane, const Event &event) {
    auto detail = run_.detail<runs::StallDetail>(event);
    std::int64_t duration = detail ? run_.nanoseconds(detail->duration) : 0;
    std::uint32_t stack_id = detail ? detail->stack : 0;
    std::string name = event.object ? "stall in " + name_of_task(event.object) : "stall";
    Span span{event.time - duration,
              event.time,
              event.object,
              captions_.make(captions_.string(name), captions_.place(event.site, stack_id), "the loop could do nothing else",
                             stack_id, true),
              Category::stall,
              0};
    put(lane.stalls, span, event.time);
  }

  void block(Lane &lane, const Event &event) {
    auto detail = run_.detail<runs::BlockDetail>(event);
    if (!detail)
      return;
    if (!lane.entry && detail->stack)
      lane.entry = captions_.entry(detail->stack);
    bool is_lock = event.kind == Kind::lock_wait;
    std::string name = is_lock ? "waits for " + lock_name(event.object) : run_.string(event.arg).str();
    if (name.empty())
      name = "a call that blocks";
    std::vector<llvm::StringRef> words;
    std::pair<std::uint32_t, llvm::StringRef> flags[] = {
        {runs::in_coroutine, "in a coroutine"}, {runs::nonblocking, "non-blocking"}, {runs::on_loop_thread, "on a loop's thread"},
        {runs::on_worker, "on a worker"},       {runs::under_lock, "under a lock"},  {runs::failed, "failed"},
        {runs::regular_file, "a regular file"}};
    for (auto [flag, word] : flags)
      if (detail->flags & flag)
        words.push_back(word);
    std::uint32_t at =
        captions_.is_own_place(event.site) ? captions_.place(event.site) : captions_.place(event.site, detail->stack);
    bool trouble = (detail->flags & runs::in_coroutine) && !(detail->flags & (runs::nonblocking | runs::on_worker));
    Span span{event.time - run_.nanoseconds(detail->duration),
              event.time,
              event.object,
              captions_.make(captions_.string(name), at, llvm::join(words, ", "), detail->stack, trouble),
              is_lock ? Category::lock_wait : Category::block,
              0};
    put(lane.runs, span, event.time);
  }

  void close_all() {
    for (auto [lane, open] : llvm::zip(picture_.lanes, open_)) {
      for (const Span &span : open.tasks)
        put(lane.runs, span, picture_.length);
      for (const Span &span : open.works)
        put(lane.runs, span, picture_.length);
      if (open.wait)
        put(lane.runs, *open.wait, picture_.length);
      open = {};
    }
    for (const auto &[key, span] : locks_)
      put(picture_.lanes[key.second].held, span, picture_.length);
  }

  struct Submit {
    std::int64_t time = 0;
    std::uint32_t thread = 0;
    SiteRef site;
  };

  const runs::Run &run_;
  Picture picture_;
  Captions captions_;
  TaskBars tasks_;
  std::unordered_map<std::uint32_t, std::size_t> index_; // of picture_.lanes by thread
  std::vector<Open> open_;                               // by lane
  Locks locks_;                                          // that are held
  std::unordered_map<std::uint64_t, Submit> submits_;
};

} // namespace

llvm::StringRef label(Category category) {
  static constexpr llvm::StringLiteral words[categories] = {"task",      "work",  "wait", "block",
                                                            "lock-wait", "stall", "held", "mark"};
  return words[unsigned(category)];
}

void draw(runs::TraceFile &file, std::size_t events_a_part, llvm::function_ref<void(Picture &)> take, runs::Release release) {
  Painter painter(file);
  for (std::uint64_t left = file.count();;) {
    file.next(events_a_part, release);
    left -= std::min<std::uint64_t>(left, file.run.events.size());
    bool last = left == 0 || file.run.events.empty();
    take(painter.paint(last));
    if (last)
      return;
    painter.go_on();
  }
}

Picture draw(runs::TraceFile &file) {
  Picture whole;
  draw(file, std::max<std::uint64_t>(file.count(), 1), [&](Picture &part) { whole = std::move(part); });
  return whole;
}

} // namespace tenterhook::timeline
