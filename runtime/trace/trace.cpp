// trace.h's functions: by this copy's writer, or by the recorder's (`shared`).
#include "trace/trace.h"
#include "trace/share.h"
#include "trace/unwind.h"
#include "trace/writer.h"

namespace tenterhook::trace {
namespace detail {

extern const Table *shared;

namespace {
constinit std::atomic<std::uint64_t> next_block{0};
thread_local constinit std::uint64_t next_in_block = 0;

// Whether this copy's tables are to be written to: it is on, and the file of a forked child is there.
bool writing() noexcept { return active.load(std::memory_order_relaxed) && writer.ready(); }

std::uint32_t stack_here(unsigned skip, const void *return_address) noexcept {
  if (!writing())
    return 0;
  Inside inside_now;
  std::uint64_t frames[Tables::max_frames];
  std::uint32_t count = unwind(frames, Tables::max_frames, skip, return_address);
  return tables.add_stack(frames, count);
}
std::uint32_t intern_here(const char *text) noexcept { return tables.add_string(text); }
void reach_here(const Reach *at) noexcept { // makes no file: what a child counts may be worth none
  if (active.load(std::memory_order_relaxed))
    tables.add_reach(*at, writer.threshold_ticks());
}
std::uint32_t index_here() noexcept {
  Ring *mine = ring;
  if (!mine && active.load(std::memory_order_relaxed))
    mine = writer.attach(&ring, false);
  return mine ? mine->thread : 0;
}
void edge_here(const LockEdge *edge) noexcept {
  if (writing())
    tables.add_edge(*edge, edge->thread ? edge->thread : index_here());
}
void name_here(const char *name) noexcept {
  if (index_here())
    rings.name(*rings.mine(), name);
}
void role_here(Role role) noexcept {
  if (!index_here())
    return;
  rings.mine()->role.store(role, std::memory_order_relaxed);
  rings.mine()->changed.store(true, std::memory_order_release);
}
std::uint64_t id_block_here() noexcept { return next_block.fetch_add(1, std::memory_order_relaxed) * id_block_size + 1; }

void enter_loop_here(std::uint64_t loop, std::uint64_t threshold) noexcept {
  if (const LoopWatch *watch = loop_watch.load(std::memory_order_acquire))
    watch->enter(loop, threshold);
}
void leave_loop_here() noexcept {
  if (const LoopWatch *watch = loop_watch.load(std::memory_order_acquire))
    watch->leave();
}
std::uint32_t stall_stack_here(std::uint64_t ticks) noexcept {
  const LoopWatch *watch = loop_watch.load(std::memory_order_acquire);
  return watch ? watch->stall_stack(ticks) : 0;
}
void watch_stalls_here(std::uint64_t threshold) noexcept { writer.watch_stalls(threshold); }

constinit const Table table = {
    sizeof(Table),
    format_version,
    [](std::atomic<bool> *flag) { return writer.join(flag); },
    [](std::atomic<bool> *flag) { writer.leave(flag); },
    [](Ring **slot) { return writer.attach(slot, true); },
    [](Ring *of, unsigned units) { return writer.make_room(*of, units); },
    stack_here,
    intern_here,
    reach_here,
    edge_here,
    name_here,
    role_here,
    id_block_here,
    [] { writer.flush(); },
    [] { return writer.threshold_ticks(); },
    index_here,
    watch_stalls_here,
    enter_loop_here,
    leave_loop_here,
    stall_stack_here,
};

const Table &in_use() noexcept { return shared ? *shared : table; }
} // namespace

Ring *attach() noexcept { return in_use().attach(&ring); }
bool make_room(Ring &of, unsigned units) noexcept { return in_use().make_room(&of, units); }

} // namespace detail

const Table *own_table() noexcept { return &detail::table; }
TENTERHOOK_WRITTEN_BY_FORK constinit std::atomic<const LoopWatch *> loop_watch{nullptr};
bool wants_draining() noexcept { return detail::writer.wants_thread(); }
void start_draining(bool settled) noexcept { detail::writer.make_thread(settled); }
bool put_off_threads() noexcept { return detail::writer.put_off_thread(); }
bool threads_are_put_off() noexcept { return detail::writer.is_put_off(); }

std::uint32_t add_stack(const std::uint64_t *addresses, std::uint32_t count) noexcept {
  return detail::writing() ? detail::tables.add_stack(addresses, count) : 0;
}

__attribute__((noinline)) std::uint32_t stack(unsigned skip) noexcept {
  return active() ? detail::in_use().stack(skip, __builtin_return_address(0)) : 0;
}
std::uint32_t intern(const char *text) noexcept { return detail::in_use().intern(text); }
void reach(const Reach &at) noexcept {
  if (active())
    detail::in_use().reach(&at);
}
void lock_edge(const LockEdge &edge) noexcept {
  if (active())
    detail::in_use().lock_edge(&edge);
}
void name_thread(const char *name) noexcept {
  if (active())
    detail::in_use().name_thread(name);
}
void set_role(Role role) noexcept {
  if (active())
    detail::in_use().set_role(role);
}
std::uint64_t new_id() noexcept {
  // The last id of a block is one that divides by its size.
  if (detail::next_in_block % id_block_size == 0) {
    detail::next_in_block = detail::in_use().id_block();
    return detail::next_in_block;
  }
  return ++detail::next_in_block;
}
std::uint64_t block_threshold() noexcept { return detail::in_use().block_threshold(); }
void watch_stalls(std::uint64_t threshold) noexcept { detail::in_use().watch_stalls(threshold); }
void enter_loop(std::uint64_t loop, std::uint64_t threshold) noexcept {
  if (!active())
    return;
  set_role(Role::loop);
  emit_at(Kind::loop_enter, loop, 0);
  detail::in_use().enter_loop(loop, threshold);
}
void leave_loop(std::uint64_t loop) noexcept {
  if (!active())
    return;
  detail::in_use().leave_loop();
  emit_at(Kind::loop_leave, loop, 0);
}
std::uint32_t stall_stack(std::uint64_t ticks) noexcept { return active() ? detail::in_use().stall_stack(ticks) : 0; }
std::uint32_t thread_index() noexcept { return active() ? detail::in_use().thread_index() : 0; }

} // namespace tenterhook::trace
