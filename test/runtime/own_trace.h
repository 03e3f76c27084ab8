// Reads trace files for the tests of what writes them, independently of driver/trace: it believes nothing, and throws. And
// the trace that a test makes of itself.
#ifndef TENTERHOOK_TEST_RUNTIME_OWN_TRACE_H
#define TENTERHOOK_TEST_RUNTIME_OWN_TRACE_H

#include "trace/trace.h"

#include <array>
#include <cstdio>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <unistd.h>
#include <vector>

namespace tenterhook::test {

struct trace_event {
  trace::Kind kind;
  std::uint64_t object, site;
  std::uint32_t arg, thread;
  unsigned line; // of the site, 0 if that is an address
  trace::Record detail;

  template <typename Detail> Detail as() const {
    Detail read;
    std::memcpy(&read, &detail, sizeof read);
    return read;
  }
};

struct trace_file {
  trace::FileHeader header{};
  std::vector<std::pair<std::uint32_t, trace::Record>> records; // thread, record; details are records too
  std::vector<trace_event> events; // the same; of one thread in its order, threads one after the other, chunk by chunk
  std::map<std::uint32_t, std::string> threads, strings;
  std::map<std::uint32_t, trace::Role> roles;
  std::map<std::uint64_t, unsigned> lines; // by key, as the next
  std::map<std::uint64_t, std::string> files, functions;
  std::map<std::uint32_t, std::vector<std::uint64_t>> stacks;
  std::vector<std::string> modules;
  std::map<std::pair<std::uint64_t, std::uint32_t>, trace::ReachTotal> reach; // site, function
  std::map<std::pair<std::uint64_t, std::uint64_t>, trace::LockEdge> edges;   // first, second
  std::map<std::uint32_t, std::uint64_t> dropped;
  trace::Settings settings{};
  std::optional<trace::End> end;
  std::size_t clocks = 0;
  bool torn = false;

  static trace_file read(const std::string &path) {
    std::ifstream in(path, std::ios::binary);
    if (!in)
      throw std::runtime_error(path + " is not there");
    std::string bytes(std::filesystem::file_size(path), '\0'); // a character at a time takes minutes under ThreadSanitizer
    in.read(bytes.data(), std::streamsize(bytes.size()));
    return trace_file(bytes);
  }

  explicit trace_file(const std::string &bytes) {
    if (bytes.size() < sizeof header)
      throw std::runtime_error("no header");
    std::memcpy(&header, bytes.data(), sizeof header);
    if (std::memcmp(header.magic, trace::magic, sizeof trace::magic) != 0 || header.version != trace::format_version)
      throw std::runtime_error("no trace");
    for (std::size_t at = header.size; at < bytes.size();) {
      trace::ChunkHeader chunk;
      if (bytes.size() - at < sizeof chunk) {
        torn = true;
        return;
      }
      std::memcpy(&chunk, &bytes[at], sizeof chunk);
      at += sizeof chunk;
      if (bytes.size() - at < chunk.size) {
        torn = true;
        return;
      }
      std::string payload = bytes.substr(at, chunk.size);
      if (crc(payload) != chunk.checksum || chunk.size % 8 != 0)
        throw std::runtime_error("chunk at " + std::to_string(at) + " is damaged");
      take(chunk, payload);
      at += chunk.size;
    }
  }

  std::vector<trace_event> of(trace::Kind kind) const {
    std::vector<trace_event> found;
    for (const trace_event &each : events)
      if (each.kind == kind)
        found.push_back(each);
    return found;
  }
  std::vector<trace_event> of(trace::Kind kind, const void *object) const {
    std::vector<trace_event> found;
    for (const trace_event &each : of(kind))
      if (each.object == reinterpret_cast<std::uint64_t>(object))
        found.push_back(each);
    return found;
  }
  std::size_t count(trace::Kind kind) const { return of(kind).size(); }
  std::uint64_t all_dropped() const {
    std::uint64_t sum = 0;
    for (auto [thread, count] : dropped)
      sum += count;
    return sum;
  }

private:
  static std::uint32_t crc(const std::string &bytes) {
    static const auto table = [] {
      std::array<std::uint32_t, 256> made{};
      for (std::uint32_t i = 0; i < 256; ++i) {
        std::uint32_t value = i;
        for (int bit = 0; bit < 8; ++bit)
          value = (value >> 1) ^ (value & 1 ? 0x82f63b78u : 0);
        made[i] = value;
      }
      return made;
    }();
    std::uint32_t value = ~0u;
    for (unsigned char byte : bytes)
      value = (value >> 8) ^ table[(value ^ byte) & 0xff];
    return ~value;
  }

  template <typename T> static T get(const std::string &from, std::size_t &at) {
    T value;
    if (from.size() - at < sizeof value)
      throw std::runtime_error("short entry");
    std::memcpy(&value, &from[at], sizeof value);
    at += sizeof value;
    return value;
  }
  static std::string text(const std::string &from, std::size_t &at, std::size_t size) {
    if (from.size() - at < size)
      throw std::runtime_error("short text");
    std::string found = from.substr(at, size);
    at += size;
    return found;
  }

  void take_record(std::uint32_t thread, const std::string &from, std::size_t &at) {
    auto record = get<trace::Record>(from, at);
    records.emplace_back(thread, record);
    trace_event event{trace::Kind(record.kind & ~trace::site_is_key), record.object, record.site, record.arg, thread, 0, {}};
    for (unsigned i = 0; i < record.more; ++i) {
      event.detail = get<trace::Record>(from, at);
      records.emplace_back(thread, event.detail);
    }
    if (record.kind & trace::site_is_key)
      event.line = lines[record.site];
    events.push_back(event);
  }

  void take(const trace::ChunkHeader &chunk, const std::string &from) {
    for (std::size_t at = 0; at < from.size(); at = (at + 7) / 8 * 8) {
      switch (chunk.tag) {
      case trace::Tag::records: take_record(chunk.thread, from, at); break;
      case trace::Tag::clock: get<trace::ClockPair>(from, at), ++clocks; break;
      case trace::Tag::modules: {
        auto entry = get<trace::Module>(from, at);
        text(from, at, entry.build_id_size);
        modules.push_back(text(from, at, entry.path_size));
        break;
      }
      case trace::Tag::strings: {
        auto entry = get<trace::StringEntry>(from, at);
        strings[entry.id] = text(from, at, entry.size);
        break;
      }
      case trace::Tag::sites: {
        auto entry = get<trace::SiteEntry>(from, at);
        lines[entry.key] = entry.line;
        files[entry.key] = text(from, at, entry.file_size);
        functions[entry.key] = text(from, at, entry.function_size);
        break;
      }
      case trace::Tag::stacks: {
        auto entry = get<trace::StackEntry>(from, at);
        auto &stack = stacks[entry.id];
        stack.clear();
        for (std::uint32_t i = 0; i < entry.frames; ++i)
          stack.push_back(get<std::uint64_t>(from, at));
        break;
      }
      case trace::Tag::threads: {
        auto entry = get<trace::ThreadEntry>(from, at);
        threads[entry.index] = text(from, at, entry.name_size);
        roles[entry.index] = entry.role;
        break;
      }
      case trace::Tag::reach: {
        auto total = get<trace::ReachTotal>(from, at);
        reach[{total.site, total.function}] = total;
        break;
      }
      case trace::Tag::lock_edges: {
        auto edge = get<trace::LockEdge>(from, at);
        edges[{edge.first, edge.second}] = edge;
        break;
      }
      case trace::Tag::drops: {
        auto total = get<trace::DropTotal>(from, at);
        dropped[total.thread] = total.dropped;
        break;
      }
      case trace::Tag::settings: settings = get<trace::Settings>(from, at); break;
      case trace::Tag::end: end = get<trace::End>(from, at); break;
      default: throw std::runtime_error("unknown chunk");
      }
    }
  }
};

inline std::string own_trace_path() { return testing::TempDir() + "tenterhook-" + std::to_string(getpid()) + ".trace"; }

// What `body` leaves in a trace.
inline trace_file trace_of(const std::function<void()> &body) {
  std::string path = own_trace_path();
  if (!trace::start(path.c_str()))
    ADD_FAILURE() << path << ": " << std::strerror(errno);
  body();
  trace::stop();
  trace_file read = trace_file::read(path);
  std::remove(path.c_str());
  return read;
}

} // namespace tenterhook::test

#endif
