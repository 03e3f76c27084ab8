// The lists of held locks, and the events that are made from them. All of it runs only while tracing is on, or for a
// lock that was taken while it was.
#include <tenterhook/block_event.h>
#include <tenterhook/executor.h>
#include <tenterhook/held_locks.h>

#include <memory>
#include <mutex>
#include <new>

namespace tenterhook::detail {

namespace {

std::mutex free_lists_mutex; // leaf: nothing else is locked under it
held_list *free_lists = nullptr;

} // namespace

constinit thread_local held_list *held = nullptr;

held_list *lock_tracer::mine() noexcept {
  if (held) [[likely]]
    return held;
  // Hands the list to the next thread when this one ends. What the thread still held then stays locked for ever, and is
  // nobody's any more.
  struct giver {
    bool armed = false;
    ~giver() {
      if (!held)
        return;
      for (held_list::entry &each : held->entries_)
        each.lock.store(nullptr, std::memory_order_relaxed);
      held->used_ = 0;
      held->taken_.store(held->struck_.load(std::memory_order_relaxed), std::memory_order_relaxed);
      held->thread_.store(0, std::memory_order_relaxed);
      std::lock_guard guard(free_lists_mutex);
      held->next_free_ = free_lists;
      free_lists = std::exchange(held, nullptr);
    }
  };
  static thread_local giver at_thread_exit;
  {
    std::lock_guard guard(free_lists_mutex);
    if (free_lists) {
      held = free_lists;
      free_lists = held->next_free_;
    }
  }
  if (!held)
    held = new (std::nothrow) held_list;
  at_thread_exit.armed = true;
  return held;
}

void lock_tracer::about_to_lock(const void *lock, const std::source_location &site) noexcept {
  const held_list *list = held;
  if (!list || list->count() == 0)
    return;
  // A gate is any other lock that excludes other threads while this thread waits: of several, the one held longest.
  const void *outermost = nullptr, *second = nullptr;
  for (unsigned i = 0; i != list->used_; ++i) {
    const held_list::entry &each = list->entries_[i];
    const void *its = each.lock.load(std::memory_order_acquire);
    if (!its || its == lock || each.shared.load(std::memory_order_relaxed))
      continue;
    if (!outermost) {
      outermost = its;
    } else {
      second = its;
      break;
    }
  }
  for (unsigned i = 0; i != list->used_; ++i) {
    const held_list::entry &each = list->entries_[i];
    const void *first = each.lock.load(std::memory_order_acquire);
    if (!first || first == lock)
      continue;
    const void *gate = first == outermost ? second : outermost;
    trace::LockEdge edge{};
    edge.first = reinterpret_cast<std::uint64_t>(first);
    edge.second = reinterpret_cast<std::uint64_t>(lock);
    edge.first_site = each.site.load(std::memory_order_relaxed);
    edge.second_site = trace::key(site);
    edge.thread = trace::thread_index();
    edge.flags = 1 | 2 | (gate ? 8 : 0);
    edge.gate = reinterpret_cast<std::uint64_t>(gate);
    trace::lock_edge(edge);
  }
}

// By the owner: entries at the end that were struck out are free.
inline void lock_tracer::drop_struck(held_list &mine) noexcept {
  while (mine.used_ != 0 && !mine.entries_[mine.used_ - 1].lock.load(std::memory_order_relaxed))
    --mine.used_;
}

held_list *lock_tracer::locked(const void *lock, const std::source_location &site, bool shared, std::uint64_t waited) noexcept {
  const auto address = reinterpret_cast<std::uint64_t>(lock);
  bool in_task = current_task() != 0;
  held_list *list = mine();
  if (waited != 0) {
    trace::BlockDetail detail{};
    detail.duration = waited;
    detail.descriptor = -1;
    detail.locks_held = held_lock_count();
    detail.flags = block_flags();
    // A stack costs microseconds: for waits that count, where they delay more than this thread.
    if (waited >= trace::block_threshold() && (detail.flags & (trace::in_coroutine | trace::on_loop_thread | trace::under_lock)))
      detail.stack = trace::stack(1);
    trace::emit(trace::Kind::lock_wait, address, site, shared, detail);
  }
  // A reading of the clock is most of what an event costs, so the list takes the event's.
  std::uint64_t ticks = trace::active() ? trace::detail::put<void *>(trace::Kind::lock, address, trace::key(site),
                                                                     trace::site_is_key, shared, nullptr)
                                        : 0;
  if (!list)
    return nullptr;
  list->thread_.store(trace::detail::ring ? trace::detail::ring->thread : trace::thread_index(), std::memory_order_relaxed);
  drop_struck(*list);
  if (list->used_ == held_list::capacity)
    return list;
  held_list::entry &entry = list->entries_[list->used_++];
  entry.acquired.store(ticks ? ticks : trace::now(), std::memory_order_relaxed);
  entry.site.store(trace::key(site), std::memory_order_relaxed);
  entry.shared.store(shared, std::memory_order_relaxed);
  entry.in_coroutine.store(in_task, std::memory_order_relaxed);
  entry.lock.store(lock, std::memory_order_release);
  list->taken_.store(list->taken_.load(std::memory_order_relaxed) + 1, std::memory_order_relaxed);
  return list;
}

void lock_tracer::strike(held_list &from, held_list::entry &which) noexcept {
  which.lock.store(nullptr, std::memory_order_relaxed);
  if (&from == held)
    from.taken_.store(from.taken_.load(std::memory_order_relaxed) - 1, std::memory_order_relaxed);
  else
    from.struck_.fetch_add(1, std::memory_order_relaxed);
}

namespace {
trace::HeldDetail describe(const held_list::entry &entry, std::uint32_t owner) noexcept {
  trace::HeldDetail detail{};
  detail.acquired = entry.acquired.load(std::memory_order_relaxed);
  detail.acquired_site = entry.site.load(std::memory_order_relaxed);
  detail.owner = owner;
  detail.flags = trace::acquired_is_key;
  if (entry.in_coroutine.load(std::memory_order_relaxed))
    detail.flags |= trace::acquired_in_coroutine;
  return detail;
}
} // namespace

void lock_tracer::unlocking(const void *lock, const std::source_location &site, held_list *owner) noexcept {
  const auto address = reinterpret_cast<std::uint64_t>(lock);
  held_list *list = owner ? owner : held;
  held_list::entry *found = nullptr;
  if (list) {
    // The owner knows how far its list goes; another thread looks at all of it.
    for (unsigned i = list == held ? list->used_ : held_list::capacity; i-- != 0 && !found;)
      if (list->entries_[i].lock.load(std::memory_order_acquire) == lock)
        found = &list->entries_[i];
  }
  if (owner && owner != held && found) {
    trace::HeldDetail detail = describe(*found, owner->thread_.load(std::memory_order_relaxed));
    detail.stack = trace::active() ? trace::stack(1) : 0;
    trace::emit(trace::Kind::foreign_unlock, address, site, 0, detail);
  }
  bool shared = found && found->shared.load(std::memory_order_relaxed);
  if (found)
    strike(*list, *found);
  if (list && list == held)
    drop_struck(*list);
  trace::emit(trace::Kind::unlock, address, site, shared);
}

void lock_tracer::emit_held_at_suspend(const std::source_location &await, trace::Wait why) noexcept {
  for (unsigned i = 0; i != held->used_; ++i) {
    const held_list::entry &each = held->entries_[i];
    if (const void *lock = each.lock.load(std::memory_order_acquire))
      trace::emit(trace::Kind::held_at_suspend, reinterpret_cast<std::uint64_t>(lock), await, std::uint32_t(why),
                  describe(each, held->thread_.load(std::memory_order_relaxed)));
  }
}

void lock_tracer::emit_held_at_wait() noexcept {
  for (unsigned i = 0; i != held->used_; ++i) {
    const held_list::entry &each = held->entries_[i];
    const void *lock = each.lock.load(std::memory_order_acquire);
    if (!lock)
      continue;
    if (!trace::active())
      return;
    trace::HeldDetail detail = describe(each, held->thread_.load(std::memory_order_relaxed));
    trace::detail::put(trace::Kind::held_at_wait, reinterpret_cast<std::uint64_t>(lock), detail.acquired_site, trace::site_is_key,
                       0, &detail);
  }
}

} // namespace tenterhook::detail
