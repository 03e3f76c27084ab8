// The loop: rounds of ready work, then timers and descriptors.
//
// Waking: `remote` holds what other threads posted, or the mark asleep(), which the loop puts into the empty word
// before it sleeps. Whoever replaces the mark wakes the loop; all others are done with the loop as soon as their item is in,
// for it may run, and the loop be destroyed, at once. Who wakes announces that in `waking` first, and the destructor
// waits for it. So an eventfd write is paid only for a loop that sleeps.
#include <tenterhook/detail/descriptor.h>
#include <tenterhook/detail/test_window.h>
#include <tenterhook/event_loop.h>
#include <tenterhook/held_locks.h>

#include <cerrno>
#include <cstdio>
#include <limits>
#include <stdexcept>
#include <sys/epoll.h>
#include <sys/eventfd.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace tenterhook {

using trace::Kind;

constinit thread_local event_loop *event_loop::running = nullptr;

namespace detail {

timer_call::timer_call(event_loop &where, void (*how)(timer_call *, bool) noexcept, std::size_t size,
                       std::source_location at) noexcept
    : loop(where), finish(how), block_size(std::uint32_t(size)) {
  place = at;
  id = trace::active() ? trace::new_id() : 0;
  fire = [](timer_node *node) noexcept {
    auto *self = static_cast<timer_call *>(node);
    self->loop.ready.push(work(self));
  };
  act = [](work_item *item, bool run) noexcept {
    auto *self = static_cast<timer_call *>(item);
    if (std::exchange(self->live, false))
      self->finish(self, run);
    self->drop();
  };
}

} // namespace detail

timer_handle::~timer_handle() {
  if (call)
    call->drop();
}

bool timer_handle::cancel() noexcept {
  if (!call)
    return false;
  detail::timer_call *cancelled = std::exchange(call, nullptr);
  bool prevented = std::exchange(cancelled->live, false);
  if (prevented)
    cancelled->finish(cancelled, false);
  bool waits = cancelled->is_waiting();
  timer_wheel::cancel(*cancelled);
  cancelled->drop(waits ? 2 : 1); // the wheel's share too
  return prevented;
}

namespace {
std::system_error failure(const char *call) { return {errno, std::generic_category(), call}; }

// Ticks of trace::now() against nanoseconds, from the start of the process to now: the longer, the better.
struct tick_rate {
  std::uint64_t ticks = trace::now();
  std::chrono::steady_clock::time_point time = std::chrono::steady_clock::now();
};
const tick_rate process_start;

std::chrono::nanoseconds in_nanoseconds(std::uint64_t ticks) {
  std::chrono::duration<double, std::nano> passed = std::chrono::steady_clock::now() - process_start.time;
  return std::chrono::nanoseconds(std::int64_t(double(ticks) * passed.count() / double(trace::now() - process_start.ticks)));
}
} // namespace

event_loop::event_loop(event_loop_options options)
    : slow_ticks(options.slow_threshold.count() > 0 ? std::uint64_t(options.slow_threshold.count()) : 0), owner(getpid()),
      epoch(clock::now().time_since_epoch()), settings(std::move(options)) {
  // slow_ticks are nanoseconds: no processor's counter is slower than 1 GHz, so what is below that many ticks is below
  // the threshold too; the rest is looked at in slow().
  epoll_fd = epoll_create1(EPOLL_CLOEXEC);
  if (epoll_fd < 0)
    throw failure("epoll_create1");
  wake_fd = eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  epoll_event event{};
  event.events = EPOLLIN | EPOLLET;
  if (wake_fd < 0 || epoll_ctl(epoll_fd, EPOLL_CTL_ADD, wake_fd, &event) != 0) {
    std::system_error error = failure(wake_fd < 0 ? "eventfd" : "epoll_ctl");
    if (wake_fd >= 0)
      close(wake_fd);
    close(epoll_fd);
    throw error;
  }
  spawned = &tasks;
  trace::watch_stalls(slow_ticks); // nanoseconds, as above
}

event_loop::~event_loop() {
  if (entered.load(std::memory_order_relaxed)) {
    std::fputs("tenterhook: an event_loop is destroyed while it runs; let run() return first\n", stderr);
    std::terminate();
  }
  // As if it ran: what is destroyed here takes its timers and its queued work out of this loop, and may add some.
  event_loop *outer = std::exchange(running, this);
  executor_scope inside(*this);
  do {
    // Before the list: a task that ended on another thread is in both, and leaves the list when its item is discarded.
    for (take_remote(); !ready.empty(); take_remote())
      work discarded = ready.pop();
    while (tasks.first)
      tasks.first->abandon();
    wheel.advance(std::numeric_limits<std::uint64_t>::max()); // call_later()s go to the ready queue, to be discarded
    take_remote();
  } while (!ready.empty() || wheel.next());
  running = outer;
  while (detail::descriptor *freed = closed) {
    closed = freed->next_closed;
    delete freed;
  }
  while (waking.load(std::memory_order_acquire) != 0 && getpid() == owner) // a fork has no other threads
    std::this_thread::yield();
  close(wake_fd);
  close(epoll_fd);
}

void event_loop::post(work added) noexcept {
  added.submitted(id());
  if (running == this) {
    ready.push(std::move(added));
    return;
  }
  work_item *item = added.release();
  work_item *seen = remote.load(std::memory_order_relaxed);
  bool wakes = false;
  do {
    if (bool sleeps = seen == asleep(); sleeps != wakes) {
      waking.fetch_add(sleeps ? 1u : -1u, std::memory_order_relaxed);
      wakes = sleeps;
    }
    item->next = wakes ? nullptr : seen;
  } while (!remote.compare_exchange_weak(seen, item, std::memory_order_acq_rel, std::memory_order_relaxed));
  TENTERHOOK_TEST_WINDOW("event_loop::post");
  if (wakes)
    write_wake_up();
}

// By who has announced itself in `waking`; afterwards the loop may be gone.
void event_loop::write_wake_up() noexcept {
  std::uint64_t one = 1;
  int before = errno; // of what a signal handler interrupted
  while (write(wake_fd, &one, sizeof one) < 0 && errno == EINTR) {
  }
  errno = before;
  waking.fetch_sub(1, std::memory_order_release);
}

void event_loop::take_remote() noexcept {
  work_item *taken = remote.load(std::memory_order_relaxed), *oldest = nullptr;
  if (!taken || taken == asleep())
    return;
  taken = remote.exchange(nullptr, std::memory_order_acquire);
  while (taken) {
    work_item *next = taken->next;
    taken->next = oldest;
    oldest = taken;
    taken = next;
  }
  while (oldest) {
    work_item *next = oldest->next;
    ready.push(work(oldest));
    oldest = next;
  }
}

void event_loop::forget(work_item &item) noexcept {
  assert(running == this && "a coroutine that waits at a loop is destroyed on its thread");
  take_remote();
  ready.remove(item);
}

void event_loop::lost(const lost_exception &what) noexcept {
  if (settings.on_lost)
    settings.on_lost(what);
  else
    executor::lost(what);
}

void event_loop::stop() noexcept {
  if (running == this) {
    stopping.store(true, std::memory_order_relaxed);
    // Asleep here means: by a signal handler, between the mark and the end of the sleep.
    work_item *sleeps = asleep();
    if (remote.load(std::memory_order_relaxed) != sleeps)
      return;
    waking.fetch_add(1, std::memory_order_relaxed);
    if (remote.compare_exchange_strong(sleeps, nullptr, std::memory_order_relaxed))
      write_wake_up();
    else
      waking.fetch_sub(1, std::memory_order_relaxed);
    return;
  }
  waking.fetch_add(1, std::memory_order_relaxed); // the loop may end, and be destroyed, as soon as it sees the request
  stop_asked.store(true, std::memory_order_seq_cst);
  TENTERHOOK_TEST_WINDOW("event_loop::stop");
  work_item *sleeps = asleep();
  if (remote.compare_exchange_strong(sleeps, nullptr, std::memory_order_seq_cst))
    write_wake_up();
  else
    waking.fetch_sub(1, std::memory_order_release);
}

event_loop::turn::turn(event_loop &entered_loop) : loop(entered_loop) {
  if (running)
    throw std::logic_error("an event loop runs on this thread already; await instead of running another");
  if (loop.entered.exchange(true, std::memory_order_acquire))
    throw std::logic_error("this event loop runs on another thread already; spawn() there instead");
  running = &loop;
  loop.take_remote(); // what was posted before comes first
}

event_loop::turn::~turn() {
  running = nullptr;
  loop.entered.store(false, std::memory_order_release);
}

template <typename More> void event_loop::run_while(More more) noexcept {
  executor_scope inside(*this);
  trace::enter_loop(id(), slow_ticks); // nanoseconds, as above
  while (more()) {
    take_remote();
    run_ready();
    if (stop_asked.load(std::memory_order_relaxed) && stop_asked.exchange(false))
      stopping.store(true, std::memory_order_relaxed);
    if (stopping.load(std::memory_order_relaxed) || !more())
      break;
    poll(ready.empty());
  }
  stopping.store(false, std::memory_order_relaxed);
  trace::leave_loop(id());
}

void event_loop::run() {
  turn mine(*this);
  run_while([] { return true; });
}

void event_loop::run_until_done(detail::root_task &root) {
  root.stops_loop = this;
  run_while([&] { return !root.is_done(); });
  if (root.is_done())
    return;
  root.stops_loop = nullptr;
  throw std::logic_error("the event loop was stopped before the task of run_until_complete() had ended");
}

void event_loop::shutdown() {
  turn mine(*this);
  struct telling {
    detail::roster &all;
    ~telling() { all.stopping = false; }
  } until_all_have_ended{tasks};
  tasks.request_stop_of_all();
  auto some_left = [this] { return tasks.first || !ready.empty() || remote.load(std::memory_order_relaxed); };
  while (some_left()) // a stop() does not end it: one that came twice, or that a task asks for in its clean-up
    run_while(some_left);
}

void event_loop::run_ready() noexcept {
  unsigned left = batch;
  if (!slow_ticks) {
    while (left-- && !ready.empty() && !stopping.load(std::memory_order_relaxed))
      ready.pop().run();
    return;
  }
  std::uint64_t began = trace::now();
  while (left-- && !ready.empty() && !stopping.load(std::memory_order_relaxed)) {
    work next = ready.pop();
    std::source_location place = next.get()->place;
    detail::context.last_task = 0;
    next.run();
    std::uint64_t ended = trace::now();
    if (ended - began > slow_ticks) [[unlikely]]
      slow(ended - began, place, detail::context.last_task);
    began = ended;
  }
}

void event_loop::slow(std::uint64_t ticks, const std::source_location &place, std::uint64_t task_id) noexcept {
  std::chrono::nanoseconds duration = in_nanoseconds(ticks);
  if (duration < settings.slow_threshold)
    return;
  trace::StallDetail detail{};
  detail.duration = ticks;
  detail.flags = trace::on_loop_thread | (task_id ? std::uint32_t(trace::in_coroutine) : 0u);
  detail.loop = id();
  detail.stack = trace::stall_stack(ticks);
  trace::emit(Kind::stall, task_id, place, 0, detail);
  if (settings.on_slow)
    settings.on_slow({duration, place, task_id});
  else
    std::fprintf(stderr, "tenterhook: %s:%u: what went on here kept the event loop for %.1f ms\n", place.file_name(),
                 unsigned(place.line()), double(duration.count()) / 1e6);
}

// --- timers ----------------------------------------------------------------------------------------------------------

std::uint64_t event_loop::present_tick() const noexcept {
  return std::uint64_t((clock::now().time_since_epoch() - epoch).count()) >> tick_shift;
}

timer_handle event_loop::add_call(clock::time_point when, detail::timer_call *made) noexcept {
  if (made->id) [[unlikely]]
    trace::emit(Kind::submit, made->id, made->place, std::uint32_t(id()));
  add_timer(*made, when);
  return timer_handle(made);
}

// --- descriptors -----------------------------------------------------------------------------------------------------

void event_loop::watch(detail::descriptor &added) {
  if (int error = try_watch(added))
    throw std::system_error(error, std::generic_category(), "epoll_ctl");
}

int event_loop::try_watch(detail::descriptor &added) {
  epoll_event event{};
  event.events = EPOLLIN | EPOLLOUT | EPOLLRDHUP | EPOLLET;
  event.data.ptr = &added;
  if (epoll_ctl(epoll_fd, EPOLL_CTL_ADD, added.fd, &event) != 0)
    return errno;
  try {
    if (std::size_t(added.fd) >= watched.size())
      watched.resize(std::size_t(added.fd) + 1); // of one that is open: what is none may be any number
  } catch (...) {
    epoll_ctl(epoll_fd, EPOLL_CTL_DEL, added.fd, nullptr);
    throw;
  }
  watched[std::size_t(added.fd)] = &added;
  return 0;
}

void event_loop::unwatch(detail::descriptor &removed) noexcept {
  // Else the number was closed, which ended its registration, and is another one's by now.
  if (auto &registered = watched[std::size_t(removed.fd)]; registered == &removed) {
    registered = nullptr;
    if (getpid() == owner) // else the parent's loop would lose it
      epoll_ctl(epoll_fd, EPOLL_CTL_DEL, removed.fd, nullptr);
  }
  removed.waiting[0] = removed.waiting[1] = nullptr;
  removed.next_closed = closed;
  closed = &removed;
}

int event_loop::wait(epoll_event *events, int room, bool may_wait) noexcept {
  if (!may_wait)
    return epoll_wait(epoll_fd, events, room, 0);
  timespec limit{};
  std::optional<std::uint64_t> next = wheel.next();
  if (next) {
    // The last tick of all lies behind the last nanosecond.
    constexpr std::uint64_t last = std::numeric_limits<std::int64_t>::max();
    auto due = std::chrono::nanoseconds(std::int64_t(std::min(*next, last >> tick_shift) << tick_shift));
    std::chrono::nanoseconds left = due - (clock::now().time_since_epoch() - epoch);
    if (left.count() > 0)
      limit = {time_t(left.count() / 1'000'000'000), long(left.count() % 1'000'000'000)};
  }
  TENTERHOOK_TEST_WINDOW("event_loop::wait: awake");
  work_item *empty = nullptr;
  bool sleeps = remote.compare_exchange_strong(empty, asleep(), std::memory_order_seq_cst);
  int found = 0;
  std::atomic_signal_fence(std::memory_order_seq_cst); // a handler sees the mark, or this sees its request
  if (!sleeps || stop_asked.load(std::memory_order_seq_cst) || stopping.load(std::memory_order_relaxed)) {
    found = epoll_wait(epoll_fd, events, room, 0);
  } else {
    trace::emit_at(Kind::loop_wait, id(), 0, note_loop_wait());
    TENTERHOOK_TEST_WINDOW("event_loop::wait: asleep");
    found = epoll_pwait2(epoll_fd, events, room, next ? &limit : nullptr, nullptr);
    if (found < 0 && errno == ENOSYS) // before Linux 5.11: milliseconds, rounded up
      found = epoll_wait(epoll_fd, events, room,
                         next ? int(std::min<long>(limit.tv_sec, 1'000'000) * 1000 + (limit.tv_nsec + 999'999) / 1'000'000) : -1);
    trace::emit_at(Kind::loop_wake, id(), 0);
  }
  work_item *mark = asleep();
  remote.compare_exchange_strong(mark, nullptr, std::memory_order_relaxed);
  return found;
}

void event_loop::poll(bool may_wait) noexcept {
  constexpr int room = 128;
  epoll_event events[room];
  int found = wait(events, room, may_wait);
  for (int i = 0; i < found; ++i) {
    auto *ready_one = static_cast<detail::descriptor *>(events[i].data.ptr);
    if (!ready_one) { // the eventfd; edge-triggered, so its count is left alone
      continue;
    }
    constexpr std::uint32_t broken = EPOLLERR | EPOLLHUP;
    const std::uint32_t wanted[2] = {EPOLLIN | EPOLLRDHUP | broken, EPOLLOUT | broken};
    for (unsigned direction = 0; direction < 2; ++direction) {
      if (!(events[i].events & wanted[direction]))
        continue;
      ready_one->may[direction] = true;
      ready_one->ended[direction] |= (events[i].events & wanted[direction] & (EPOLLRDHUP | broken)) != 0;
      detail::io_attempt *waiting = ready_one->waiting[direction];
      if (waiting && waiting->attempt(waiting, ready_one->fd)) {
        ready_one->waiting[direction] = nullptr;
        waiting->complete(waiting);
      }
    }
  }
  if (wheel.next())
    wheel.advance(present_tick());
  at_once_left = batch;
  while (detail::descriptor *freed = closed) {
    closed = freed->next_closed;
    delete freed;
  }
}

} // namespace tenterhook
