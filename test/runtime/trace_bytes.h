// A small reader of trace files for the writer's tests, independent of driver/trace: it believes nothing, and throws.
#ifndef TENTERHOOK_TEST_RUNTIME_TRACE_BYTES_H
#define TENTERHOOK_TEST_RUNTIME_TRACE_BYTES_H

#include "trace/format.h"

#include <array>
#include <cstring>
#include <fstream>
#include <iterator>
#include <map>
#include <optional>
#include <stdexcept>
#include <string>
#include <tuple>
#include <vector>

namespace tenterhook::test {

struct TraceFile {
  trace::FileHeader header{};
  std::vector<std::pair<std::uint32_t, trace::Record>> records; // thread, record; details are records too
  std::map<std::uint32_t, std::string> threads, strings;
  std::map<std::uint32_t, trace::Role> roles;
  std::map<std::uint64_t, std::tuple<std::string, unsigned, std::string>> sites;
  std::map<std::uint32_t, std::vector<std::uint64_t>> stacks;
  std::vector<std::string> modules;
  std::map<std::pair<std::uint64_t, std::uint32_t>, trace::ReachTotal> reach; // site, function
  std::map<std::pair<std::uint64_t, std::uint64_t>, trace::LockEdge> edges;   // first, second
  std::map<std::uint32_t, std::uint64_t> dropped;
  trace::Settings settings{};
  std::optional<trace::End> end;
  std::size_t clocks = 0;
  bool torn = false;

  static TraceFile read(const std::string &path) {
    std::ifstream in(path, std::ios::binary);
    if (!in)
      throw std::runtime_error(path + " is not there");
    return TraceFile(std::string(std::istreambuf_iterator<char>(in), {}));
  }

  explicit TraceFile(const std::string &bytes) {
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

  std::size_t count(trace::Kind kind) const {
    std::size_t found = 0;
    for (std::size_t i = 0; i < records.size(); i += 1u + records[i].second.more)
      found += trace::Kind(records[i].second.kind & ~trace::site_is_key) == kind;
    return found;
  }
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

  void take(const trace::ChunkHeader &chunk, const std::string &from) {
    for (std::size_t at = 0; at < from.size(); at = (at + 7) / 8 * 8) {
      switch (chunk.tag) {
      case trace::Tag::records: records.emplace_back(chunk.thread, get<trace::Record>(from, at)); break;
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
        std::string file = text(from, at, entry.file_size);
        sites[entry.key] = {file, entry.line, text(from, at, entry.function_size)};
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

} // namespace tenterhook::test

#endif
