// See event_stream.h.
#include "trace/event_stream.h"
#include "llvm/ADT/STLExtras.h"
#include <algorithm>
#include <cstring>

namespace tenterhook::runs {

template <typename Take> std::size_t EventStream::each_record(std::size_t offset, std::size_t size, Take take) const {
  std::size_t at = 0;
  while (at < size) {
    Record record{};
    if (size - at < sizeof record)
      break;
    std::memcpy(&record, bytes_.data() + offset + at, sizeof record);
    std::size_t whole = (std::size_t(record.more) + 1) * sizeof record;
    if (size - at < whole)
      break;
    take(record, offset + at);
    at += whole;
  }
  return at;
}

std::size_t EventStream::add_chunk(std::uint32_t thread, std::size_t offset, std::size_t size) {
  Chunk chunk;
  chunk.offset = offset;
  chunk.ticks = ~std::uint64_t(0);
  chunk.thread = thread;
  std::uint64_t latest = 0, known = 0;
  std::size_t end = each_record(offset, size, [&](const Record &record, std::size_t at) {
    Kind kind = Kind(record.kind & ~site_is_key);
    if (label(kind).empty()) {
      ++unknown_records_;
      return;
    }
    ++known;
    chunk.ticks = std::min(chunk.ticks, record.ticks);
    latest = std::max(latest, record.ticks);
    if (kind != Kind::stall || !record.more)
      return;
    StallDetail detail{};
    std::memcpy(&detail, bytes_.data() + at + sizeof record, sizeof detail);
    stalls_.push_back({record.ticks, detail.duration, detail.loop, at, thread});
  });
  chunk.size = std::uint32_t(end);
  if (known) {
    auto [found, fresh] = ticks_.try_emplace(thread, chunk.ticks, latest);
    found->second = {std::min(found->second.first, chunk.ticks), std::max(found->second.second, latest)};
    threads_[thread].events += known;
    count_ += known;
    chunks_.push_back(chunk);
  }
  return end;
}

void EventStream::settle(const Clock &clock, double ticks_per_nanosecond) {
  clock_ = clock;
  for (Chunk &chunk : chunks_) // a nanosecond for rounding where the clock is pieced together
    chunk.key = clock_.nanoseconds(chunk.ticks) - 1;
  llvm::sort(chunks_, [](const Chunk &a, const Chunk &b) { return std::tie(a.key, a.offset) < std::tie(b.key, b.offset); });
  last_ = INT64_MIN;
  for (const auto &[thread, ticks] : ticks_) {
    Extent &extent = threads_[thread];
    extent.first = clock_.nanoseconds(ticks.first);
    extent.last = clock_.nanoseconds(ticks.second);
    last_ = std::max(last_, extent.last);
  }
  drop_unfinished_stalls(ticks_per_nanosecond);
}

// A stall that lasts for long is written while it lasts, since it may never end, and again at its end: then the first
// is a part of the last. Slices of one loop never overlap, so one that does is the same.
void EventStream::drop_unfinished_stalls(double ticks_per_nanosecond) {
  struct Timed {
    std::int64_t end;
    const Stall *stall;
  };
  std::vector<Timed> order;
  for (const Stall &stall : stalls_)
    order.push_back({clock_.nanoseconds(stall.ticks), &stall});
  llvm::sort(order, [](const Timed &a, const Timed &b) {
    return std::tie(a.end, a.stall->offset) > std::tie(b.end, b.stall->offset); // the last first
  });
  std::map<std::pair<std::uint32_t, std::uint64_t>, std::int64_t> later; // begin of the next, by thread and loop
  for (const auto &[end, stall] : order) {
    std::int64_t begin = end - in_range(double(stall->duration) / ticks_per_nanosecond);
    auto [next, first] = later.try_emplace({stall->thread, stall->loop}, begin);
    if (!first && end > next->second) {
      dropped_.insert(stall->offset);
      --threads_[stall->thread].events;
      --count_;
    } else
      next->second = begin;
  }
  stalls_.clear();
}

EventStream::Decoded EventStream::decode(const Chunk &chunk) const {
  Decoded decoded;
  decoded.events.reserve(chunk.size / sizeof(Record));
  each_record(chunk.offset, chunk.size, [&](const Record &record, std::size_t at) {
    Kind kind = Kind(record.kind & ~site_is_key);
    if (label(kind).empty() || (kind == Kind::stall && dropped_.count(at)))
      return;
    Placed &placed = decoded.events.emplace_back();
    placed.offset = at;
    placed.event.time = clock_.nanoseconds(record.ticks);
    placed.event.object = record.object;
    placed.event.site = {record.site, (record.kind & site_is_key) != 0};
    placed.event.arg = record.arg;
    placed.event.thread = chunk.thread;
    placed.event.detail = record.more ? 1 : 0;
    placed.event.kind = kind;
  });
  if (!llvm::is_sorted(decoded.events))
    llvm::sort(decoded.events);
  return decoded;
}

bool EventStream::next(std::size_t most, std::vector<Event> &events, std::vector<Record> &details, Release release) {
  events.clear();
  details.clear();
  auto later = [](const Decoded &a, const Decoded &b) { return b.front() < a.front(); };
  while (events.size() < most) {
    while (loaded_ < chunks_.size() && (merged_.empty() || chunks_[loaded_].key <= merged_.front().front().event.time)) {
      const Chunk &chunk = chunks_[loaded_++];
      Decoded decoded = decode(chunk);
      if (decoded.events.empty())
        continue; // nothing but stalls that a later one tells of
      merged_.push_back(std::move(decoded));
      std::push_heap(merged_.begin(), merged_.end(), later);
      since_release_ += chunk.size;
      if (release && since_release_ >= bytes_between_releases) {
        release();
        since_release_ = 0;
      }
    }
    if (merged_.empty())
      break;
    std::pop_heap(merged_.begin(), merged_.end(), later);
    Decoded &first = merged_.back();
    const Placed *other = merged_.size() > 1 ? &merged_.front().front() : nullptr;
    std::int64_t unloaded = loaded_ < chunks_.size() ? chunks_[loaded_].key : INT64_MAX;
    do {
      const auto &[event, offset] = first.events[first.at++];
      events.push_back(event);
      events.back().time += shift_;
      if (event.detail) {
        Record detail{};
        std::memcpy(&detail, bytes_.data() + offset + sizeof detail, sizeof detail);
        details.push_back(detail);
        events.back().detail = std::uint32_t(details.size());
      }
    } while (first.at < first.events.size() && events.size() < most && first.front().event.time < unloaded &&
             (!other || first.front() < *other));
    if (first.at == first.events.size())
      merged_.pop_back();
    else
      std::push_heap(merged_.begin(), merged_.end(), later);
  }
  return !events.empty();
}

void EventStream::rewind() {
  loaded_ = 0;
  merged_.clear();
}

} // namespace tenterhook::runs
