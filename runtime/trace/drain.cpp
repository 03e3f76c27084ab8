// What a pass of the drain writes. Heads of all rings are read first, then the tables, then the records up to those
// heads: so what a record refers to stands before it in the file, wherever that is torn. Under the writer's lock.
#include "trace/share.h"
#include "trace/writer.h"

namespace tenterhook::trace::detail {
namespace {

// Used under the lock only. constinit: they are used before dynamic initializers run.
constinit ChunkBuffer chunk, site_chunk;
constinit KnownKeys known_keys;
constinit Modules modules;
std::uint64_t heads[Rings::capacity];
bool finished[Rings::capacity];
constexpr std::uint64_t nobody = ~std::uint64_t(0);

constexpr std::uint64_t totals_shortest = 250'000'000, totals_longest = 10'000'000'000; // nanoseconds

} // namespace

void ChunkBuffer::begin(Tag of, std::uint32_t index) noexcept {
  tag = of;
  thread = index;
  used = 0;
}

char *ChunkBuffer::room(std::uint32_t size) noexcept {
  std::uint32_t padded = (size + 7u) & ~7u;
  if (used + padded > capacity)
    end();
  char *at = bytes + sizeof(ChunkHeader) + used;
  if (padded != size)
    std::memset(at + size, 0, padded - size);
  used += padded;
  return at;
}

void ChunkBuffer::end() noexcept {
  if (used == 0)
    return;
  ChunkHeader header{tag, thread, used, crc32c(bytes + sizeof(ChunkHeader), used)};
  std::memcpy(bytes, &header, sizeof header);
  writer.write_chunk(bytes, sizeof header + used);
  ++chunks;
  used = 0;
}

bool KnownKeys::add(std::uint64_t key) noexcept {
  std::uint32_t at = std::uint32_t(mix(key) >> 48);
  for (; slots[at]; at = (at + 1) % size)
    if (slots[at] == key)
      return false;
  if (used >= size / 4 * 3)
    return false;
  slots[at] = key;
  ++used;
  return true;
}

void KnownKeys::clear() noexcept {
  if (used)
    std::memset(slots, 0, sizeof slots);
  used = 0;
}

void Writer::nothing_written() noexcept {
  tables.nothing_written();
  modules.nothing_written();
  known_keys.clear();
  settings_written = 0;
  fixed_done = false;
  next_totals = 0;
  strings_done = stacks_done = 0;
  for (std::uint32_t i = 0, n = rings.count(); i < n; ++i)
    if (Seat *seat = rings.at(i); seat && seat->seating.load(std::memory_order_acquire) != Seating::free)
      seat->changed.store(true, std::memory_order_relaxed);
}

void Writer::note_site(std::uint64_t key) noexcept {
  if (key == 0 || !known_keys.add(key))
    return;
  const Place *place = place_of(key, modules);
  if (!place)
    return;
  SiteEntry entry{key, place->line, place->column, std::uint32_t(strnlen(place->file, 4096)),
                  std::uint32_t(strnlen(place->function, 4096))};
  char *at = site_chunk.room(sizeof entry + entry.file_size + entry.function_size);
  std::memcpy(at, &entry, sizeof entry);
  std::memcpy(at + sizeof entry, place->file, entry.file_size);
  std::memcpy(at + sizeof entry + entry.file_size, place->function, entry.function_size);
}

void Writer::note_sites(const char *bytes, std::uint32_t count) noexcept {
  for (std::uint32_t i = 0; i < count;) {
    Record record;
    std::memcpy(&record, bytes + std::size_t(i) * sizeof record, sizeof record);
    if (record.kind & site_is_key)
      note_site(record.site);
    Kind kind = Kind(record.kind & ~site_is_key);
    if ((kind == Kind::held_at_wait || kind == Kind::foreign_unlock || kind == Kind::held_at_suspend) && record.more &&
        i + 1 < count) {
      HeldDetail detail;
      std::memcpy(&detail, bytes + (std::size_t(i) + 1) * sizeof record, sizeof detail);
      if (detail.flags & acquired_is_key)
        note_site(detail.acquired_site);
    }
    i += 1u + record.more;
  }
}

std::uint64_t Writer::drain_seat(Seat &seat, std::uint64_t head, bool ended) noexcept {
  Ring &ring = seat.ring;
  std::uint64_t tail = ring.tail.load(std::memory_order_relaxed), count = head - tail;
  if (count > Ring::capacity)
    count = 0;
  if (seat.changed.load(std::memory_order_acquire))
    drain_thread_entry(seat);
  if (count) {
    chunk.begin(Tag::records, ring.thread);
    char *to = chunk.room(std::uint32_t(count * sizeof(Record)));
    std::uint64_t from = tail % Ring::capacity, first = count < Ring::capacity - from ? count : Ring::capacity - from;
    std::memcpy(to, &ring.records[from], first * sizeof(Record));
    std::memcpy(to + first * sizeof(Record), &ring.records[0], (count - first) * sizeof(Record));
    ring.tail.store(head, std::memory_order_release);
    seat.drained += count;
    site_chunk.begin(Tag::sites, 0);
    note_sites(to, std::uint32_t(count));
    site_chunk.end();
    chunk.end();
  }
  drain_drops(seat, ended);
  if (ended) {
    seat.drained = seat.drops_written = seat.drops_before = 0;
    seat.ring.dropped.store(0, std::memory_order_relaxed); // before somebody else takes it
    seat.seating.store(Seating::free, std::memory_order_release);
    rings.finished.fetch_sub(1, std::memory_order_relaxed);
  }
  return count;
}

void Writer::drain_thread_entry(Seat &seat) noexcept {
  Guard guard(rings.naming);
  seat.changed.store(false, std::memory_order_relaxed);
  ThreadEntry entry{seat.ring.thread, seat.system_id, seat.role.load(std::memory_order_relaxed),
                    std::uint32_t(strnlen(seat.name, sizeof seat.name))};
  chunk.begin(Tag::threads, 0);
  char *at = chunk.room(sizeof entry + entry.name_size);
  std::memcpy(at, &entry, sizeof entry);
  std::memcpy(at + sizeof entry, seat.name, entry.name_size);
  chunk.end();
}

void Writer::drain_drops(Seat &seat, bool ended) noexcept {
  std::uint64_t dropped = seat.ring.dropped.load(std::memory_order_acquire) - seat.drops_before;
  if (dropped == seat.drops_written && !(ended && dropped))
    return;
  seat.drops_written = dropped;
  DropTotal total{seat.ring.thread, 0, dropped, seat.drained};
  chunk.begin(Tag::drops, 0);
  chunk.add(&total, sizeof total);
  chunk.end();
}

void Writer::drain_tables() noexcept {
  chunk.begin(Tag::modules, 0);
  while (const ModuleInfo *module = modules.next_unwritten()) {
    Module entry{module->begin, module->end, module->bias, module->build_id_size,
                 std::uint32_t(strnlen(module->path, sizeof module->path))};
    char *at = chunk.room(sizeof entry + entry.build_id_size + entry.path_size);
    std::memcpy(at, &entry, sizeof entry);
    std::memcpy(at + sizeof entry, module->build_id, entry.build_id_size);
    std::memcpy(at + sizeof entry + entry.build_id_size, module->path, entry.path_size);
  }
  chunk.end();
  // Entries come to `order` as they are claimed, and may be ready later than younger ones.
  chunk.begin(Tag::strings, 0);
  auto *text_of = fixed_done ? nullptr : fixed_string.load(std::memory_order_acquire);
  fixed_done = true;
  for (std::uint32_t i = 0; const char *text = text_of ? text_of(i) : nullptr; ++i) {
    StringEntry entry{first_fixed_string + i, std::uint32_t(std::strlen(text))};
    char *at = chunk.room(sizeof entry + entry.size);
    std::memcpy(at, &entry, sizeof entry);
    std::memcpy(at + sizeof entry, text, entry.size);
  }
  for (std::uint32_t j = strings_done, n = tables.strings.used.load(std::memory_order_acquire); j < n; ++j) {
    auto *slot = tables.strings.in_order(j);
    if (slot && !slot->value.written && slot->value.ready.load(std::memory_order_acquire)) {
      StringEntry entry{tables.strings.id_of(slot), slot->value.size};
      char *at = chunk.room(sizeof entry + entry.size);
      std::memcpy(at, &entry, sizeof entry);
      std::memcpy(at + sizeof entry, tables.text + slot->value.begin, entry.size);
      slot->value.written = true;
    }
    if (strings_done == j && slot && slot->value.written)
      ++strings_done;
  }
  chunk.end();
  chunk.begin(Tag::stacks, 0);
  for (std::uint32_t j = stacks_done, n = tables.stacks.used.load(std::memory_order_acquire); j < n; ++j) {
    auto *slot = tables.stacks.in_order(j);
    if (slot && !slot->value.written && slot->value.ready.load(std::memory_order_acquire)) {
      StackEntry entry{tables.stacks.id_of(slot), slot->value.size};
      char *at = chunk.room(std::uint32_t(sizeof entry + entry.frames * sizeof(std::uint64_t)));
      std::memcpy(at, &entry, sizeof entry);
      std::memcpy(at + sizeof entry, tables.frames + slot->value.begin, entry.frames * sizeof(std::uint64_t));
      slot->value.written = true;
    }
    if (stacks_done == j && slot && slot->value.written)
      ++stacks_done;
  }
  chunk.end();
}

void Writer::drain_settings() noexcept {
  std::uint64_t lost = tables.reach.lost + tables.edges.lost + tables.stacks.lost + tables.strings.lost;
  std::uint64_t version = settings_version.load() + lost;
  if (version == settings_written)
    return;
  settings_written = version;
  Settings settings{block_nanoseconds, stall_nanoseconds,  tables.reach.lost,
                    tables.edges.lost, tables.stacks.lost, tables.strings.lost};
  chunk.begin(Tag::settings, 0);
  chunk.add(&settings, sizeof settings);
  chunk.end();
}

// Totals are absolute, so writing what changed now and then is enough; ever more seldom, so that a long run's file does
// not consist of them.
void Writer::drain_totals(std::uint64_t now) noexcept {
  std::uint64_t pause = (now - begin.monotonic) / 16;
  next_totals = now + (pause < totals_shortest ? totals_shortest : pause > totals_longest ? totals_longest : pause);
  if (auto *add = before_totals.load(std::memory_order_acquire))
    add();
  site_chunk.begin(Tag::sites, 0);
  chunk.begin(Tag::reach, 0);
  for (std::uint32_t i = 0, n = tables.reach.used.load(std::memory_order_acquire); i < n; ++i) {
    auto *slot = tables.reach.in_order(i);
    if (!slot)
      continue;
    ReachTotal total = Tables::unpack(slot->key.load(std::memory_order_relaxed), slot->value);
    if (total.outside + total.inside == slot->value.seen)
      continue;
    slot->value.seen = total.outside + total.inside;
    if (total.flags & 1u)
      note_site(total.site);
    chunk.add(&total, sizeof total);
  }
  site_chunk.end();
  chunk.end();
  chunk.begin(Tag::lock_edges, 0);
  for (std::uint32_t i = 0, n = tables.edges.used.load(std::memory_order_acquire); i < n; ++i) {
    auto *slot = tables.edges.in_order(i);
    if (!slot || !slot->value.ready.load(std::memory_order_acquire))
      continue;
    EdgeCounts &counts = slot->value;
    std::uint64_t count = counts.count.load(std::memory_order_relaxed);
    if (count == counts.seen)
      continue;
    counts.seen = count;
    LockEdge edge = counts.first;
    edge.thread = counts.thread.load(std::memory_order_relaxed);
    edge.flags = counts.flags.load(std::memory_order_relaxed);
    edge.count = count;
    edge.gate = ~counts.gate.load(std::memory_order_relaxed);
    if (edge.flags & 1u)
      note_site(edge.first_site);
    if (edge.flags & 2u)
      note_site(edge.second_site);
    chunk.add(&edge, sizeof edge);
  }
  site_chunk.end();
  chunk.end();
  if (std::uint64_t lost = rings.seatless.load(std::memory_order_relaxed)) {
    DropTotal total{0, 0, lost, 0};
    chunk.begin(Tag::drops, 0);
    chunk.add(&total, sizeof total);
    chunk.end();
  }
}

void Writer::refresh_modules() noexcept { modules.refresh(); }
void Writer::reset_modules() noexcept { modules.in_forked_child(); }
bool Writer::keep_off_modules() noexcept { return modules.before_fork(); }
void Writer::let_modules_be_read(bool kept_off) noexcept { modules.in_parent(kept_off); }

std::uint64_t Writer::drain(bool all) noexcept {
  std::uint32_t count = rings.count();
  for (std::uint32_t i = 0; i < count; ++i) {
    Seat *seat = rings.at(i);
    auto seating = seat ? seat->seating.load(std::memory_order_acquire) : Seating::free;
    finished[i] = seating == Seating::finished;
    heads[i] = seating == Seating::free ? nobody : seat->ring.head.load(std::memory_order_acquire);
  }
  std::uint64_t before = chunk.chunks;
  drain_settings();
  drain_tables();
  std::uint64_t records = 0;
  for (std::uint32_t i = 0; i < count && running; ++i)
    if (heads[i] != nobody)
      records += drain_seat(*rings.at(i), heads[i], finished[i]);
  ClockPair clock = read_clocks();
  if (all || clock.monotonic >= next_totals)
    drain_totals(clock.monotonic);
  if (chunk.chunks != before || all) {
    chunk.begin(Tag::clock, 0);
    chunk.add(&clock, sizeof clock);
    chunk.end();
  }
  return records;
}

void Writer::write_end(Ending how, std::uint32_t value) noexcept {
  End end{how, value};
  chunk.begin(Tag::end, 0);
  chunk.add(&end, sizeof end);
  chunk.end();
}

} // namespace tenterhook::trace::detail
