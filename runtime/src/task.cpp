// The rare ends of a task's life: the continuation on another executor, and the events of traced tasks.
#include <tenterhook/detail/latch.h>

namespace tenterhook::detail {

using trace::Kind;

namespace {
bool known(const std::source_location &place) { return trace::key(place) != 0; }
} // namespace

void promise_base::traced_new(std::uint64_t creator, std::uint64_t ramp, std::uint64_t frame,
                              const std::source_location &where) noexcept {
  id = trace::new_id();
  place = where;
  trace::TaskDetail detail{};
  detail.parent = context.task;
  detail.creator = creator;
  detail.frame = frame;
  auto distance = std::int64_t(ramp - creator);
  if (distance == std::int32_t(distance))
    detail.ramp = std::int32_t(distance);
  trace::emit(Kind::task_new, id, where, 0, detail);
}

void promise_base::traced_start() noexcept {
  started = true;
  context.task = context.last_task = id;
  trace::emit(Kind::task_start, id, place);
}

void promise_base::traced_done() noexcept {
  is_done = true;
  context.task = 0;
  trace::emit(Kind::task_done, id, place, failed);
}

void promise_base::traced_awaited(const std::source_location &at) noexcept {
  is_awaited = true;
  if (known(at))
    trace::emit(Kind::task_awaited, id, at);
  else
    trace::emit_at(Kind::task_awaited, id, 0);
}

void promise_base::traced_destroy() noexcept {
  trace::TaskEnd state = !started ? trace::TaskEnd::unstarted : is_done ? trace::TaskEnd::done : trace::TaskEnd::suspended;
  if (started && is_awaited) {
    trace::emit(Kind::task_destroy, id, place, std::uint32_t(state));
    return;
  }
  trace::StackDetail detail{};
  if (trace::active())
    detail.stack = trace::stack();
  trace::emit(Kind::task_destroy, id, place, std::uint32_t(state), detail);
}

std::coroutine_handle<> promise_base::end_elsewhere() noexcept {
  if (home == as_root()) {
    auto *root = static_cast<completion *>(owner);
    return root->done(root, *this);
  }
  if (!home) // awaited outside of all executors: there is nowhere to go back to
    return continuation;
  hop = new (recycled_allocate(sizeof(resumption))) resumption;
  has_hop = true;
  hop->suspend(continuation, place);
  hop->resume_on(home);
  return std::noop_coroutine();
}

void promise_base::drop_hop() noexcept {
  hop->~resumption();
  recycled_free(hop, sizeof(resumption));
}

namespace {
struct nested_starts {
  static constexpr unsigned deepest = 32;
  unsigned depth = 0;
  nested_start *first = nullptr, *last = nullptr;
};
constinit thread_local nested_starts starting;
} // namespace

bool nested_start::enter() noexcept {
  nested_starts &mine = starting;
  if (mine.depth != nested_starts::deepest) {
    ++mine.depth;
    return true;
  }
  next = nullptr;
  (mine.first ? mine.last->next : mine.first) = this;
  mine.last = this;
  return false;
}

void nested_start::leave() noexcept {
  nested_starts &mine = starting;
  if (mine.depth == nested_starts::deepest)
    while (nested_start *put_off = mine.first) {
      mine.first = put_off->next;
      put_off->start_later(put_off);
    }
  --mine.depth;
}

void destroy_unbegun(std::coroutine_handle<> frame, promise_base &dropped) noexcept {
  constexpr unsigned deepest = 200;
  static constinit thread_local unsigned depth = 0;
  static constinit thread_local promise_base *put_off = nullptr;
  if (depth == deepest) {
    dropped.continuation = frame;
    dropped.next_dropped = std::exchange(put_off, &dropped);
    return;
  }
  ++depth;
  frame.destroy();
  if (depth == deepest)
    while (promise_base *next = put_off) {
      put_off = next->next_dropped;
      next->continuation.destroy();
    }
  --depth;
}

void destroy_nested(std::coroutine_handle<> frame, promise_base &outermost) noexcept {
  promise_base *at = &outermost;
  auto running = [](promise_base &of) {
    while (!of.has_hop && of.children && !of.children->frame) // that one has ended
      of.children = of.children->next;
    return of.has_hop ? nullptr : of.children;
  };
  for (;;) {
    while (owned_frame *child = running(*at))
      at = child->child;
    if (at == &outermost)
      break;
    // Nothing waits for this one's children any more. Its parent then has one child less.
    owned_frame *innermost = at->owner;
    at = innermost->parent;
    at->children = innermost->next;
    std::exchange(innermost->frame, nullptr).destroy();
  }
  frame.destroy();
}

} // namespace tenterhook::detail
