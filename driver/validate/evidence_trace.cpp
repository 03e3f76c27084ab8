// A trace as evidence: addresses become places, events that say the same become one with a count, and what the producer
// cannot see is told.
//
// Symbolizing is what costs: every address is asked once (trace/symbols.h remembers), and blocking events are merged by
// stack before they are resolved.
#include "trace/reader.h"
#include "trace/sources.h"
#include "trace/symbols.h"
#include "trace/tasks.h"
#include "validate/evidence_files.h"
#include "validate/loop_calls.h"
#include "llvm/ADT/SmallString.h"
#include "llvm/Support/Path.h"
#include <set>
#include <tuple>

namespace tenterhook::validate {

using namespace findings;

namespace {

constexpr std::size_t events_a_window = 1u << 16;

class Converter {
public:
  Converter(runs::TraceFile &trace, llvm::StringRef file)
      : trace_(trace), run_(trace.run), symbols_(run_), code_(run_), loop_calls_(run_, symbols_, code_) {
    out_.file = file.str();
  }

  Evidence convert(Release release) {
    while (trace_.next(events_a_window, release))
      for (const runs::Event &event : run_.events)
        learn(event);
    trace_.rewind();
    describe();
    while (trace_.next(events_a_window, release)) {
      tracker_.take(run_);
      for (const runs::Event &event : run_.events)
        take(event);
      for (runs::Task *task : tracker_.take_touched()) {
        task->slices.clear(); // when they ran decides nothing
        if (!task->destroyed)
          continue;
        tell(*task);
        tracker_.forget(task->id);
      }
    }
    for (const runs::Task &task : tracker_.finish(run_.length))
      tell(task);
    for (auto &[key, observation] : merged_)
      out_.seen.push_back(std::move(observation));
    for (auto &[fate, observation] : fates_)
      out_.seen.push_back(std::move(observation));
    totals();
    if (stalls_of_nobody_)
      out_.limits.push_back(std::to_string(stalls_of_nobody_) + (stalls_of_nobody_ == 1 ? " stall" : " stalls") +
                            " without a stack: whether a loop's function was running is not known, so they decide nothing");
    for (const std::string &note : run_.notes)
      out_.limits.push_back(note);
    for (const std::string &note : symbols_.notes())
      out_.limits.push_back(note);
    return std::move(out_);
  }

private:
  void describe() {
    bool recorder = run_.producer == runs::Producer::recorder;
    out_.source = recorder ? SourceKind::recorder_trace : SourceKind::runtime_trace;
    out_.block_threshold = run_.settings.block_threshold;
    out_.stall_threshold = run_.settings.stall_threshold;
    out_.events_lost = run_.torn || run_.dropped > 0 || run_.unknown_records > 0;
    out_.totals_lost = run_.torn || run_.settings.reach_lost > 0 || run_.settings.edges_lost > 0;
    out_.ended = !run_.torn && run_.end && run_.end->how == runs::Ending::exit;
    for (const auto &[id, text] : run_.strings) // a recorder names all that it takes part in
      out_.functions.insert(text);
    Sight &sight = out_.sight;
    sight.blocking = sight.reach = sight.locks = sight.waits_with_lock = sight.lock_edges = recorder;
    sight.loops = true;
    sight.stalls = run_.settings.stall_threshold != 0;
    sight.tasks = sight.suspends = has_tasks_ || !recorder;
    runs::Sources sources = runs::sources_of(run_);
    out_.sources = std::move(sources.files);
    out_.knows_sources = sources.known;
    if (!run_.modules.empty())
      out_.program = run_.modules.front().path;
  }

  // What later events are told by: which threads run loops, which calls the runtime tells of.
  void learn(const runs::Event &event) {
    has_tasks_ |= event.kind >= runs::Kind::task_new && event.kind <= runs::Kind::task_awaited;
    loop_calls_.learn(event);
    if (event.kind == runs::Kind::loop_enter) {
      loops_.insert(event.thread);
    } else if (event.kind == runs::Kind::block && event.site.is_key && run_.producer == runs::Producer::recorder) {
      if (auto detail = run_.detail<runs::BlockDetail>(event))
        runtime_calls_[event.thread].emplace_back(event.time - run_.nanoseconds(detail->duration), event.time);
    }
  }

  // A call of libc that a recorder saw within a call of the runtime, which told of itself: one wait, not two.
  bool is_within_runtime_call(const runs::Event &event, std::uint64_t lasted) const {
    auto calls = runtime_calls_.find(event.thread);
    if (event.site.is_key || calls == runtime_calls_.end())
      return false;
    auto ended_later = llvm::partition_point(calls->second, [&](const auto &call) { return call.second < event.time; });
    return ended_later != calls->second.end() && ended_later->first <= event.time - std::int64_t(lasted);
  }

  // Whether a loop runs what has this stack. The runtime says so itself, and a recorder of loops that are known to it.
  bool is_of_loop(const runs::Event &event, std::uint32_t stack, std::uint32_t flags) {
    bool told = flags & (event.site.is_key ? runs::on_loop_thread : runs::below_loop);
    return told || loop_calls_.made(event.thread, stack);
  }

  std::string thread_name(std::uint32_t index) const {
    const runs::RunThread *thread = run_.thread(index);
    if (!thread)
      return index ? "thread " + std::to_string(index) : "";
    if (thread->role == runs::Role::main || thread->system_id == run_.process)
      return "main";
    std::string number = "thread " + std::to_string(index); // names are the program's for most
    return thread->name.empty() ? number : number + " '" + thread->name + "'";
  }

  ThreadRole role(std::uint32_t index) const {
    if (loops_.count(index)) // the runtime says so before the first wait, by which a recorder knows a loop
      return ThreadRole::loop;
    const runs::RunThread *thread = run_.thread(index);
    switch (thread ? thread->role : runs::Role::unknown) {
    case runs::Role::unknown: return ThreadRole::unknown;
    case runs::Role::main: return ThreadRole::main;
    case runs::Role::loop: return ThreadRole::loop;
    case runs::Role::worker: return ThreadRole::worker;
    }
    return ThreadRole::unknown;
  }

  void add(Stack &stack, const runs::Resolved &resolved) {
    Trust trust = Trust::unknown;
    if (resolved.trust == runs::Trust::exact || resolved.trust == runs::Trust::unchecked)
      trust = Trust::exact;
    else if (resolved.trust == runs::Trust::other_build)
      trust = Trust::other_build;
    out_.other_build |= trust == Trust::other_build;
    for (const runs::Frame &frame : resolved.frames) {
      Frame to;
      to.function = frame.function;
      llvm::SmallString<256> file(frame.file); // "/src/./own.h"
      llvm::sys::path::remove_dots(file, /*remove_dot_dot=*/true);
      to.file = file.str().str();
      to.line = frame.line;
      to.column = frame.column;
      to.inlined = frame.inlined;
      to.trust = trust;
      if (resolved.module >= 0 && std::size_t(resolved.module) < run_.modules.size())
        to.module = llvm::sys::path::filename(run_.modules[resolved.module].path).str();
      stack.push_back(std::move(to));
    }
  }

  // The stack, or, where none was taken, the one place that is known.
  Stack stack(std::uint32_t id, runs::SiteRef site) {
    Stack frames;
    for (std::uint64_t address : run_.stack(id))
      add(frames, symbols_.at(address));
    if (frames.empty() && site)
      add(frames, symbols_.at(site));
    return frames;
  }

  // An observation of this kind, thread and place: a new one, or one more of what was seen already.
  using Key = std::tuple<runs::Kind, std::uint32_t, std::uint32_t, std::uint64_t, std::uint64_t, std::uint32_t, std::uint32_t>;
  Observation *merge(const Key &key) {
    auto [it, fresh] = merged_.try_emplace(key);
    if (!fresh)
      ++it->second.count;
    return fresh ? &it->second : nullptr;
  }

  void label(Observation &seen, const runs::Event &event) {
    seen.thread = thread_name(event.thread);
    seen.role = role(event.thread);
    seen.time = std::max<std::int64_t>(event.time, 0);
  }

  void set_flags(Observation &seen, const runs::Event &event, std::uint32_t stack, std::uint32_t flags) {
    seen.in_coroutine = flags & runs::in_coroutine;
    seen.nonblocking = flags & runs::nonblocking;
    seen.on_loop = is_of_loop(event, stack, flags);
    seen.on_worker = flags & runs::on_worker;
    seen.under_lock = flags & runs::under_lock;
  }

  void block(const runs::Event &event) {
    auto detail = run_.detail<runs::BlockDetail>(event);
    if (!detail)
      return;
    std::uint64_t lasted = run_.nanoseconds(detail->duration);
    if (is_within_runtime_call(event, lasted))
      return;
    bool slow = lasted >= out_.block_threshold;
    std::uint32_t flags = (detail->flags & ~std::uint32_t(runs::failed)) | (slow ? 1u << 31 : 0);
    Key key{event.kind, event.thread, detail->stack, event.site.value, 0, event.arg, flags};
    if (Observation *seen = merge(key)) {
      seen->kind = Observed::block;
      seen->what = event.kind == runs::Kind::lock_wait ? "lock" : run_.string(event.arg).str();
      if (seen->what.empty())
        seen->what = "a call";
      set_flags(*seen, event, detail->stack, detail->flags);
      seen->stack = stack(detail->stack, event.site);
    }
    Observation &seen = merged_[key];
    seen.in_callback |= seen.on_loop && slow && !seen.nonblocking;
    seen.total += lasted;
    if (lasted >= seen.duration) {
      seen.duration = lasted;
      label(seen, event);
    }
  }

  void held(const runs::Event &event, Observed kind) {
    auto detail = run_.detail<runs::HeldDetail>(event);
    if (!detail)
      return;
    runs::SiteRef acquired{detail->acquired_site, bool(detail->flags & runs::acquired_is_key)};
    Key key{event.kind, event.thread, detail->stack, event.site.value, acquired.value, detail->acquired_stack, detail->flags};
    Observation *seen = merge(key);
    if (!seen)
      return;
    label(*seen, event);
    seen->kind = kind;
    seen->what = "lock";
    seen->object = event.object;
    seen->stack = stack(detail->stack, kind == Observed::held_at_wait ? runs::SiteRef() : event.site);
    if (kind == Observed::held_at_suspend && detail->stack) { // the await itself is first, whatever called the loop
      Stack await;
      if (event.site)
        add(await, symbols_.at(event.site));
      seen->stack.insert(seen->stack.begin(), await.begin(), await.end());
    }
    seen->other = stack(detail->acquired_stack, acquired                         ? acquired
                                                : kind == Observed::held_at_wait ? event.site
                                                                                 : runs::SiteRef());
    seen->other_thread = thread_name(detail->owner);
    seen->in_coroutine = detail->flags & runs::acquired_in_coroutine;
    seen->coroutine_on_stack = detail->flags & runs::coroutine_on_stack;
  }

  void stall(const runs::Event &event) {
    auto detail = run_.detail<runs::StallDetail>(event);
    if (!detail)
      return;
    if (!is_of_loop(event, detail->stack, detail->flags)) { // the loop was over, or is none
      if (detail->stack == 0 && !event.site.is_key)
        ++stalls_of_nobody_;
      return;
    }
    Key key{event.kind, event.thread, detail->stack, event.site.value, 0, 0, 0};
    if (Observation *seen = merge(key)) {
      seen->kind = Observed::stall;
      seen->what = "stall";
      set_flags(*seen, event, detail->stack, detail->flags);
      for (std::uint64_t address : run_.stack(detail->stack))
        add(seen->stack, symbols_.at(address));
      if (event.site)
        add(seen->other, symbols_.at(event.site)); // where the slice began
    }
    Observation &seen = merged_[key];
    std::uint64_t lasted = run_.nanoseconds(detail->duration);
    if (lasted >= seen.duration) {
      seen.duration = lasted;
      label(seen, event);
    }
  }

  void take(const runs::Event &event) {
    switch (event.kind) {
    case runs::Kind::block:
    case runs::Kind::lock_wait: return block(event);
    case runs::Kind::held_at_wait: return held(event, Observed::held_at_wait);
    case runs::Kind::held_at_suspend: return held(event, Observed::held_at_suspend);
    case runs::Kind::foreign_unlock: return held(event, Observed::foreign_unlock);
    case runs::Kind::stall: return stall(event);
    case runs::Kind::task_suspend:
      if (Observation *seen = merge({event.kind, 0, 0, event.site.value, 0, 0, event.site.is_key})) {
        seen->kind = Observed::suspend;
        label(*seen, event);
        seen->stack = stack(0, event.site);
      }
      return;
    case runs::Kind::lock:
      if (!event.site.is_key)
        return; // the recorder's own; its totals count them
      if (Observation *seen = merge({event.kind, 0, 0, event.site.value, 0, 0, event.site.is_key})) {
        seen->kind = Observed::reach;
        seen->what = "lock";
        seen->stack = stack(0, event.site);
      }
      ++merged_[{event.kind, 0, 0, event.site.value, 0, 0, event.site.is_key}].inside;
      return;
    case runs::Kind::race: {
      auto detail = run_.detail<runs::StackDetail>(event);
      if (Observation *seen =
              merge({event.kind, event.thread, detail ? detail->stack : 0, event.site.value, event.object, 0, 0})) {
        seen->kind = Observed::race;
        label(*seen, event);
        seen->what = "access";
        seen->object = event.object;
        seen->stack = stack(0, event.site);
        if (detail) {
          seen->other = stack(detail->stack, {});
          seen->other_thread = thread_name(detail->thread);
        }
      }
      return;
    }
    default: return;
    }
  }

  // Who called the coroutine, where its ramp was inlined: what stands behind get_return_object and the ramp.
  std::optional<runs::Resolved> inlined_caller(const runs::Task &task) {
    if (!task.ramp)
      return std::nullopt;
    runs::Resolved caller = symbols_.at(task.ramp);
    if (caller.frames.size() <= 2)
      return std::nullopt;
    caller.frames.erase(caller.frames.begin(), caller.frames.begin() + 2);
    return caller;
  }

  // Tasks of one place with the same fate are one observation, of which the first made is shown.
  void tell(const runs::Task &task) {
    if (!task.created)
      return;
    // How it ended tells whether it started, also where that event was lost.
    bool started = task.started || task.done || (task.destroyed && task.end != runs::TaskEnd::unstarted);
    auto [it, fresh] = fates_.try_emplace({task.creator, task.ramp, task.site.value, started, task.done.has_value(),
                                           task.destroyed.has_value(), task.awaited, task.with_exception});
    Observation &seen = it->second;
    if (!fresh)
      ++seen.count;
    if (fresh || task.id < seen.object) {
      seen.thread = thread_name(task.thread);
      seen.role = role(task.thread);
      seen.time = std::max<std::int64_t>(*task.created, 0);
      seen.object = task.id;
    }
    if (!fresh)
      return;
    seen.kind = Observed::task;
    seen.what = "task";
    seen.started = started;
    seen.done = task.done.has_value();
    seen.destroyed = task.destroyed.has_value();
    seen.awaited = task.awaited;
    seen.failed = task.with_exception;
    if (task.site)
      add(seen.stack, symbols_.at(task.site));
    if (std::optional<runs::Resolved> caller = inlined_caller(task))
      add(seen.other, *caller);
    else if (task.creator)
      add(seen.other, symbols_.at(task.creator));
  }

  // Whether the call of the program at `site` was of a function of its own, of which no frame is left: that one ended
  // with a jump to what was counted. Templates of the standard library have frames; they are passed over as places.
  bool calls_what_jumps(std::uint64_t site) {
    runs::MachineCode::Call call = code_.call_at(site);
    if (call.direct == runs::Answer::no)
      return true;
    return call.callee && code_.function_of(call.callee + 1) &&
           !llvm::StringRef(symbols_.at(call.callee + 1).frames.back().file).starts_with("/usr/");
  }

  void totals() {
    for (const runs::ReachTotal &total : run_.reach) {
      Observation seen;
      seen.kind = Observed::reach;
      seen.what = run_.string(total.function).str();
      seen.outside = total.outside;
      seen.inside = total.inside;
      seen.could_not_wait = total.nonblocking;
      seen.slow = total.slow;
      seen.slow_inside = total.slow_inside;
      seen.longest = run_.nanoseconds(total.longest);
      add(seen.stack, symbols_.at(runs::SiteRef{total.site, bool(total.flags & 1)}));
      seen.by_jump = !(total.flags & 1) && calls_what_jumps(total.site);
      out_.seen.push_back(std::move(seen));
    }
    for (const runs::LockEdge &edge : run_.lock_edges) {
      Observation seen;
      seen.kind = Observed::lock_edge;
      seen.what = "lock order";
      seen.stack = stack(edge.second_stack, {edge.second_site, bool(edge.flags & 2)});
      seen.other = stack(edge.first_stack, {edge.first_site, bool(edge.flags & 1)});
      seen.object = edge.second;
      seen.other_object = edge.first;
      seen.thread = thread_name(edge.thread);
      seen.several_threads = edge.flags & 4;
      seen.gate = edge.flags & 8 ? edge.gate : 0;
      seen.count = edge.count;
      out_.seen.push_back(std::move(seen));
    }
  }

  runs::TraceFile &trace_;
  const runs::Run &run_; // its tables, and a window of its events
  runs::Symbols symbols_;
  runs::MachineCode code_;
  Evidence out_;
  bool has_tasks_ = false;
  runs::TaskTracker tracker_;
  std::set<std::uint32_t> loops_; // threads that ran a loop
  std::size_t stalls_of_nobody_ = 0;
  LoopCalls loop_calls_;
  std::map<std::uint32_t, std::vector<std::pair<std::int64_t, std::int64_t>>> runtime_calls_; // begin and end, by thread
  std::map<Key, Observation> merged_;
  using Fate = std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, bool, bool, bool, bool, bool>;
  std::map<Fate, Observation> fates_;
};

} // namespace

llvm::Expected<Evidence> read_trace_evidence(llvm::StringRef file, llvm::StringRef bytes, Release release) {
  llvm::Expected<runs::TraceFile> trace = runs::open_trace(bytes, file, release);
  if (!trace)
    return trace.takeError();
  return Converter(*trace, file).convert(release);
}

} // namespace tenterhook::validate
