// Makes trace files byte by byte, for tests of what reads them: one tick is one nanosecond, the trace begins at tick
// 1000.
#ifndef TENTERHOOK_TEST_TRACE_BUILDER_H
#define TENTERHOOK_TEST_TRACE_BUILDER_H

#include "trace/format.h"
#include <cstring>
#include <map>
#include <string>
#include <string_view>
#include <vector>

namespace tenterhook::test {

using namespace tenterhook::trace;

class TraceBuilder {
public:
  static constexpr std::uint64_t begin = 1000;

  TraceBuilder() {
    FileHeader header{};
    std::memcpy(header.magic, magic, sizeof magic);
    header.version = format_version;
    header.size = sizeof header;
    header.producer = Producer::runtime;
    header.process = 4711;
    header.parent = 1;
    header.ticks = header.monotonic = begin;
    header.realtime = 1'700'000'000'000'000'000u;
    append(bytes_, header);
  }

  void chunk(Tag tag, std::uint32_t thread, std::string payload) {
    payload.resize((payload.size() + 7) / 8 * 8);
    append(bytes_, ChunkHeader{tag, thread, std::uint32_t(payload.size()), crc(payload)});
    bytes_ += payload;
  }
  template <typename T> void entry(Tag tag, const T &value, std::string_view more = {}, std::uint32_t thread = 0) {
    std::string payload;
    append(payload, value);
    payload += more;
    chunk(tag, thread, payload);
  }

  void thread(std::uint32_t index, Role role, std::string_view name) {
    entry(Tag::threads, ThreadEntry{index, 100 + index, role, std::uint32_t(name.size())}, name);
  }
  std::uint32_t string(std::string_view text) {
    entry(Tag::strings, StringEntry{++strings_, std::uint32_t(text.size())}, text);
    return strings_;
  }
  // The key of a place.
  std::uint64_t place(std::string_view file, unsigned line, std::string_view function) {
    std::uint64_t key = 0x1000 + 32 * ++places_;
    entry(Tag::sites, SiteEntry{key, line, 3, std::uint32_t(file.size()), std::uint32_t(function.size())},
          std::string(file) + std::string(function));
    return key;
  }
  std::uint32_t stack(const std::vector<std::uint64_t> &addresses) {
    std::string frames(addresses.size() * 8, 0);
    if (!addresses.empty())
      std::memcpy(frames.data(), addresses.data(), frames.size());
    entry(Tag::stacks, StackEntry{++stacks_, std::uint32_t(addresses.size())}, frames);
    return stacks_;
  }

  // An event at `time` nanoseconds after the beginning; kept until flush(). A key as site, or 0.
  void event(std::uint32_t thread, std::uint64_t time, Kind kind, std::uint64_t object, std::uint64_t key = 0,
             std::uint32_t arg = 0) {
    record(thread, {begin + time, object, key, arg, std::uint16_t(std::uint16_t(kind) | (key ? site_is_key : 0)), 0});
  }
  template <typename T>
  void event(std::uint32_t thread, std::uint64_t time, Kind kind, std::uint64_t object, std::uint64_t key, std::uint32_t arg,
             const T &detail) {
    record(thread, {begin + time, object, key, arg, std::uint16_t(std::uint16_t(kind) | (key ? site_is_key : 0)), 1});
    append(pending_[thread], detail);
  }
  void record(std::uint32_t thread, const Record &record) { append(pending_[thread], record); }

  void flush(std::uint64_t time) {
    for (auto &[thread, records] : pending_)
      if (!records.empty())
        chunk(Tag::records, thread, std::move(records));
    pending_.clear();
    entry(Tag::clock, ClockPair{begin + time, begin + time});
  }
  std::string finish(std::uint64_t time, End end = {Ending::exit, 0}) {
    flush(time);
    entry(Tag::end, end);
    return bytes_;
  }
  std::string bytes() const { return bytes_; }

  static std::uint32_t crc(std::string_view bytes) {
    std::uint32_t value = ~0u;
    for (unsigned char byte : bytes) {
      value ^= byte;
      for (int bit = 0; bit < 8; ++bit)
        value = (value >> 1) ^ (value & 1 ? 0x82f63b78u : 0);
    }
    return ~value;
  }
  template <typename T> static void append(std::string &to, const T &value) {
    to.append(reinterpret_cast<const char *>(&value), sizeof value);
  }

private:
  std::string bytes_;
  std::map<std::uint32_t, std::string> pending_;
  std::uint32_t strings_ = 0, stacks_ = 0;
  std::uint64_t places_ = 0;
};

} // namespace tenterhook::test

#endif
