// Rings: a seat changes hands by compare-and-swap of its `seating`; only its thread takes it out of `taken`.
#include "trace/rings.h"
#include "trace/writer.h"

#include <iterator>
#include <linux/prctl.h>
#include <new>
#include <sys/mman.h>

namespace tenterhook::trace::detail {

TENTERHOOK_WRITTEN_BY_FORK constinit Rings rings;
constinit std::atomic<Seat *> Rings::seats[capacity] = {};

namespace {
thread_local Seat *seat __attribute__((tls_model("initial-exec"))) = nullptr;
thread_local unsigned refused __attribute__((tls_model("initial-exec"))) = 0;
thread_local unsigned rounds_of_end __attribute__((tls_model("initial-exec"))) = 0;
// The destructors of thread-specific data run in rounds, four at most, and sanitizers see a thread out in the last. A seat
// may be taken in the first round and is then asked back in the next: so it is put off once, no more.
constexpr unsigned last_round = 2;

void remember(Seat &taken, Ring **slot) noexcept {
  for (Ring **&known : taken.slots) {
    if (known == slot)
      break;
    if (!known) {
      known = slot;
      break;
    }
    if (&known == std::end(taken.slots) - 1)
      return; // too many copies of this code in one process: that one asks each time
  }
  *slot = &taken.ring;
}

void read_name(Seat &of) noexcept { // as pthread_setname_np left it
  if (of.named)
    return;
  char now[16] = {};
  system_call(SYS_prctl, PR_GET_NAME, word(now));
  Guard guard(rings.naming);
  if (std::memcmp(of.name, now, sizeof now) != 0) {
    std::memcpy(of.name, now, sizeof now);
    of.changed.store(true, std::memory_order_release);
  }
}
} // namespace

std::uint64_t Seat::waiting() const noexcept {
  std::uint64_t at = ring.tail.load(std::memory_order_relaxed), head = ring.head.load(std::memory_order_acquire);
  std::uint64_t events = ring.dropped.load(std::memory_order_relaxed) - drops_before - drops_written;
  for (; at < head; at += 1u + ring.records[at % Ring::capacity].more)
    ++events;
  return events;
}

bool Rings::prepare() noexcept {
  if (!prepared)
    prepared = pthread_key_create(&ending, [](void *) { rings.thread_ends(); }) == 0;
  return prepared;
}

Seat *Rings::find_free() noexcept {
  for (std::uint32_t i = 0, n = count(); i < n; ++i) {
    Seat *candidate = at(i);
    auto expected = Seating::free;
    if (candidate && candidate->seating.load(std::memory_order_relaxed) == Seating::free &&
        candidate->seating.compare_exchange_strong(expected, Seating::taken, std::memory_order_acquire))
      return candidate;
  }
  return nullptr;
}

Seat *Rings::make() noexcept {
  std::uint32_t index = size.load(std::memory_order_relaxed);
  do
    if (index >= capacity)
      return nullptr;
  while (!size.compare_exchange_weak(index, index + 1, std::memory_order_relaxed));
  void *memory = mmap(nullptr, sizeof(Seat), PROT_READ | PROT_WRITE, MAP_PRIVATE | MAP_ANONYMOUS | MAP_NORESERVE, -1, 0);
  if (memory == MAP_FAILED)
    return nullptr;               // the index stays empty
  auto *made = new (memory) Seat; // leaves the records alone: their pages come when they are used
  made->seating.store(Seating::taken, std::memory_order_relaxed);
  seats[index].store(made, std::memory_order_release);
  return made;
}

Seat *Rings::mine() noexcept { return seat; }

Seat *Rings::take(Ring **slot) noexcept {
  if (seat) {
    remember(*seat, slot);
    return seat;
  }
  if (rounds_of_end == last_round ||     // nobody would see a new seat given back
      (refused && ++refused % 256 != 0)) // do not search at every event
    return nullptr;
  Seat *taken = find_free();
  if (!taken)
    taken = make();
  if (!taken) {
    writer.flush(); // empties the rings of threads that have ended
    taken = find_free();
  }
  if (!taken) {
    refused = 1;
    return nullptr;
  }
  refused = 0;
  taken->system_id = thread_id();
  taken->role.store(taken->system_id == process_id() ? Role::main : Role::unknown, std::memory_order_relaxed);
  taken->named = false;
  std::memset(taken->name, 0, sizeof taken->name);
  for (Ring **&known : taken->slots)
    known = nullptr;
  taken->ring.thread = next_index.fetch_add(1, std::memory_order_relaxed);
  taken->ring.room_until = taken->ring.head.load(std::memory_order_relaxed); // the first event asks for room
  taken->ring.dropped.store(0, std::memory_order_relaxed);
  taken->ring.writing.store(false, std::memory_order_relaxed);
  seat = taken;
  read_name(*taken);
  taken->changed.store(true, std::memory_order_release);
  pthread_setspecific(ending, taken);
  taken->signal_stack.give();
  remember(*taken, slot);
  return taken;
}

void Rings::thread_ends() noexcept {
  if (++rounds_of_end < last_round)
    pthread_setspecific(ending, seat); // once more, after the others
  else
    release();
}

void Rings::release() noexcept {
  Seat *mine = seat;
  if (!mine)
    return;
  mine->signal_stack.take_back();
  read_name(*mine);
  for (Ring **slot : mine->slots)
    if (slot)
      *slot = nullptr;
  seat = nullptr;
  mine->seating.store(Seating::finished, std::memory_order_release);
  if (finished.fetch_add(1, std::memory_order_relaxed) >= 32)
    writer.wake();
}

void Rings::name(Seat &of, const char *given) noexcept {
  Guard guard(naming);
  std::memset(of.name, 0, sizeof of.name);
  for (unsigned i = 0; i + 1 < sizeof of.name && given[i]; ++i)
    of.name[i] = given[i];
  of.named = true;
  of.changed.store(true, std::memory_order_release);
}

void Rings::abandon() noexcept {
  if (Seat *mine = seat) {
    for (Ring **slot : mine->slots)
      if (slot)
        *slot = nullptr; // what is lent to it stays with the thread
  }
  seat = nullptr;
  size = 0; // others are made if need be: these hold the parent's last events, and to touch them is to copy them
  naming.reset();
  finished = 0;
  seatless = 0;
  next_index = 1;
}

void Rings::forget_the_past() noexcept {
  seatless = 0;
  for (std::uint32_t i = 0, n = count(); i < n; ++i)
    if (Seat *each = at(i)) {
      each->drained = each->drops_written = 0;
      each->drops_before = each->ring.dropped.load(std::memory_order_relaxed);
      each->ring.tail.store(each->ring.head.load(std::memory_order_acquire), std::memory_order_release);
    }
}

} // namespace tenterhook::trace::detail
