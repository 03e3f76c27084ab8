// Reads the trace that a test has just made of itself, enough of it to ask what is there. Files are whole here: what is
// torn, damaged or foreign is the business of the real reader.
#ifndef TENTERHOOK_TEST_RUNTIME_OWN_TRACE_H
#define TENTERHOOK_TEST_RUNTIME_OWN_TRACE_H

#include "trace/trace.h"

#include <cstdio>
#include <fstream>
#include <functional>
#include <gtest/gtest.h>
#include <iterator>
#include <map>
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

  template <typename Detail>
  Detail as() const {
    Detail read;
    std::memcpy(&read, &detail, sizeof read);
    return read;
  }
};

struct trace_file {
  std::vector<trace_event> events; // of one thread in its order; threads one after the other, chunk by chunk
  std::map<std::uint64_t, unsigned> lines;     // by key
  std::map<std::uint64_t, std::string> files;  // by key
  std::map<std::uint32_t, std::string> strings, threads;
  std::map<std::uint32_t, trace::Role> roles;
  std::map<std::pair<std::uint64_t, std::uint64_t>, trace::LockEdge> edges; // by the two locks
  std::vector<trace::ReachTotal> reach;
  trace::Settings settings{};

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
};

inline trace_file read_trace(const std::string &path) {
  trace_file read;
  std::ifstream in(path, std::ios::binary);
  std::string bytes(std::istreambuf_iterator<char>(in), {});
  auto get = [&](std::size_t at, auto &into) { std::memcpy(&into, bytes.data() + at, sizeof into); };
  auto padded = [](std::size_t size) { return (size + 7) / 8 * 8; };
  std::map<std::uint32_t, std::map<std::uint64_t, trace::ReachTotal>> totals;
  for (std::size_t at = sizeof(trace::FileHeader); at + sizeof(trace::ChunkHeader) <= bytes.size();) {
    trace::ChunkHeader chunk;
    get(at, chunk);
    at += sizeof chunk;
    const std::size_t end = at + chunk.size;
    for (std::size_t here = at; here < end;) {
      if (chunk.tag == trace::Tag::records) {
        trace::Record record;
        get(here, record);
        trace_event event{trace::Kind(record.kind & ~trace::site_is_key),
                          record.object,
                          record.site,
                          record.arg,
                          chunk.thread,
                          0,
                          {}};
        if (record.more != 0)
          get(here + sizeof record, event.detail);
        if (record.kind & trace::site_is_key)
          event.line = read.lines[record.site];
        read.events.push_back(event);
        here += sizeof record * (1u + record.more);
      } else if (chunk.tag == trace::Tag::sites) {
        trace::SiteEntry entry;
        get(here, entry);
        read.lines[entry.key] = entry.line;
        read.files[entry.key] = bytes.substr(here + sizeof entry, entry.file_size);
        here += padded(sizeof entry + entry.file_size + entry.function_size);
      } else if (chunk.tag == trace::Tag::strings) {
        trace::StringEntry entry;
        get(here, entry);
        read.strings[entry.id] = bytes.substr(here + sizeof entry, entry.size);
        here += padded(sizeof entry + entry.size);
      } else if (chunk.tag == trace::Tag::threads) {
        trace::ThreadEntry entry;
        get(here, entry);
        read.threads[entry.index] = bytes.substr(here + sizeof entry, entry.name_size);
        read.roles[entry.index] = entry.role;
        here += padded(sizeof entry + entry.name_size);
      } else if (chunk.tag == trace::Tag::lock_edges) {
        trace::LockEdge edge;
        get(here, edge);
        read.edges[{edge.first, edge.second}] = edge;
        here += sizeof edge;
      } else if (chunk.tag == trace::Tag::reach) {
        trace::ReachTotal total;
        get(here, total);
        totals[total.function][total.site] = total;
        here += sizeof total;
      } else if (chunk.tag == trace::Tag::settings) {
        get(here, read.settings);
        here += sizeof read.settings;
      } else {
        break;
      }
    }
    at = end;
  }
  for (auto &[function, sites] : totals)
    for (auto &[site, total] : sites)
      read.reach.push_back(total);
  return read;
}

inline std::string own_trace_path() {
  return testing::TempDir() + "tenterhook-" + std::to_string(getpid()) + ".trace";
}

// What `body` leaves in a trace.
inline trace_file trace_of(const std::function<void()> &body) {
  std::string path = own_trace_path();
  if (!trace::start(path.c_str()))
    ADD_FAILURE() << path << ": " << std::strerror(errno);
  body();
  trace::stop();
  trace_file read = read_trace(path);
  std::remove(path.c_str());
  return read;
}

} // namespace tenterhook::test

#endif
