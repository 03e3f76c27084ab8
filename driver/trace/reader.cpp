// The reader: chunk by chunk, every length checked before it is believed. See reader.h and runtime/trace/format.h.
#include "trace/reader.h"
#include "trace/clock.h"
#include "trace/tasks.h"
#include "llvm/ADT/STLExtras.h"
#include "llvm/ADT/StringExtras.h"
#include "llvm/ADT/bit.h"
#include "llvm/Support/Error.h"
#include "llvm/Support/FormatVariadic.h"
#include "llvm/Support/MathExtras.h"
#include "llvm/Support/MemoryBuffer.h"
#include <array>
#include <cstring>
#include <map>
#include <tuple>

namespace tenterhook::runs {
namespace {

llvm::Error trace_error(const llvm::Twine &message) {
  return llvm::createStringError(std::make_error_code(std::errc::invalid_argument), message);
}

std::uint32_t crc32c(llvm::StringRef bytes) {
  static const auto tables = [] { // eight bytes a step
    std::array<std::array<std::uint32_t, 256>, 8> made{};
    for (std::uint32_t i = 0; i < 256; ++i) {
      std::uint32_t value = i;
      for (int bit = 0; bit < 8; ++bit)
        value = (value >> 1) ^ (value & 1 ? 0x82f63b78u : 0);
      made[0][i] = value;
    }
    for (std::uint32_t i = 0; i < 256; ++i)
      for (int step = 1; step < 8; ++step)
        made[step][i] = (made[step - 1][i] >> 8) ^ made[0][made[step - 1][i] & 0xff];
    return made;
  }();
  std::uint32_t crc = ~0u;
  const char *at = bytes.data();
  std::size_t left = bytes.size();
  for (; left >= 8; left -= 8, at += 8) {
    std::uint64_t word;
    std::memcpy(&word, at, 8);
    word ^= crc;
    crc = 0;
    for (int i = 0; i < 8; ++i)
      crc ^= tables[7 - i][(word >> (8 * i)) & 0xff];
  }
  for (; left; --left)
    crc = (crc >> 8) ^ tables[0][(crc ^ static_cast<unsigned char>(*at++)) & 0xff];
  return ~crc;
}

// The payload of a chunk, taken from the front. Past the end everything reads as zero and `short_` is set.
class Cursor {
public:
  explicit Cursor(llvm::StringRef bytes) : rest_(bytes), size_(bytes.size()) {}
  bool done() const { return rest_.empty() || short_; }
  bool is_short() const { return short_; }
  std::size_t position() const { return size_ - rest_.size(); }
  std::size_t left() const { return rest_.size(); }
  template <typename T> T take() {
    T value{};
    if (rest_.size() < sizeof value)
      short_ = true;
    else {
      std::memcpy(&value, rest_.data(), sizeof value);
      rest_ = rest_.drop_front(sizeof value);
    }
    return value;
  }
  llvm::StringRef take_bytes(std::uint64_t count) {
    if (rest_.size() < count) {
      short_ = true;
      return {};
    }
    llvm::StringRef bytes = rest_.take_front(count);
    rest_ = rest_.drop_front(count);
    return bytes;
  }
  void pad() { rest_ = rest_.drop_front(std::min<std::size_t>(rest_.size(), (8 - position() % 8) % 8)); }

private:
  llvm::StringRef rest_;
  std::size_t size_;
  bool short_ = false;
};

class Reader {
public:
  Reader(llvm::StringRef bytes, llvm::StringRef path, Release release) : bytes_(bytes), release_(release), events_(bytes) {
    run_.path = path.str();
  }

  llvm::Expected<TraceFile> read() {
    if (llvm::Error error = read_header())
      return error;
    std::size_t release_at = offset_ + bytes_between_releases;
    while (offset_ < bytes_.size() && !run_.torn) {
      if (llvm::Error error = read_chunk())
        return error;
      if (release_ && offset_ >= release_at) {
        release_();
        release_at = offset_ + bytes_between_releases;
      }
    }
    finish();
    return TraceFile(std::move(run_), std::move(events_));
  }

private:
  llvm::Error damaged(std::uint64_t offset, const llvm::Twine &reason) {
    return trace_error(run_.path + ": offset " + llvm::Twine(offset) + ": " + reason +
                       "; the file was damaged after it was written: record the run again");
  }

  llvm::Error read_header() {
    if (bytes_.empty())
      return trace_error(run_.path + ": the trace is empty: the program never started, or another one has just opened it; "
                                     "record the run again");
    if (!bytes_.starts_with(llvm::StringRef(magic, std::min(sizeof magic, bytes_.size()))))
      return trace_error(run_.path + ": offset 0: not a trace of Tenterhook; name a file written by `tenterhook record` or "
                                     "by a program that ran with TENTERHOOK_TRACE");
    if (bytes_.size() < offsetof(FileHeader, producer))
      return trace_error(run_.path + ": offset " + llvm::Twine(bytes_.size()) +
                         ": the file ends within its header; record the run again");
    FileHeader header{};
    std::memcpy(&header, bytes_.data(), std::min(sizeof header, bytes_.size()));
    if (header.version > format_version && llvm::byteswap(header.version) <= format_version)
      return trace_error(run_.path + ": offset 8: the trace was written by a machine with the other order of bytes; read it on "
                                     "one like that");
    if (header.version > format_version)
      return trace_error(run_.path + ": offset 8: the trace has version " + llvm::Twine(header.version) +
                         ", this tenterhook reads up to " + llvm::Twine(format_version) +
                         "; use the tenterhook that the program was built or recorded with");
    if (header.version == 0 || header.size < sizeof header || header.size % 8 != 0)
      return damaged(8, "the header is not one");
    if (bytes_.size() < header.size)
      return trace_error(run_.path + ": offset " + llvm::Twine(bytes_.size()) +
                         ": the file ends within its header; record the run again");
    offset_ = header.size;
    run_.producer = header.producer;
    run_.process = header.process;
    run_.parent = header.parent;
    run_.start_realtime = header.realtime;
    clock_.add({header.ticks, header.monotonic});
    return llvm::Error::success();
  }

  void tear() {
    run_.torn = true;
    run_.notes.push_back(llvm::formatv("{0}: offset {1}: the file ends within a chunk: the process was killed, or the disk "
                                       "was full; what was written before is used",
                                       run_.path, offset_));
  }

  llvm::Error read_chunk() {
    std::size_t left = bytes_.size() - offset_;
    ChunkHeader header{};
    if (left < sizeof header) {
      tear();
      return llvm::Error::success();
    }
    std::memcpy(&header, bytes_.data() + offset_, sizeof header);
    if (header.size % 8 != 0)
      return damaged(offset_, "a chunk has an impossible size");
    if (left - sizeof header < header.size) {
      tear();
      return llvm::Error::success();
    }
    llvm::StringRef payload = bytes_.substr(offset_ + sizeof header, header.size);
    if (crc32c(payload) != header.checksum)
      return damaged(offset_, "the checksum of a chunk is wrong");
    Cursor cursor(payload);
    take(header, cursor);
    if (cursor.is_short())
      return damaged(offset_ + sizeof header + cursor.position(), "an entry is longer than its chunk");
    offset_ += sizeof header + header.size;
    return llvm::Error::success();
  }

  void take(const ChunkHeader &header, Cursor &cursor) {
    switch (header.tag) {
    case Tag::records: return take_records(header.thread, cursor);
    case Tag::clock:
      while (!cursor.done())
        clock_.add(cursor.take<ClockPair>());
      return;
    case Tag::modules: return take_modules(cursor);
    case Tag::strings:
      while (!cursor.done()) {
        auto entry = cursor.take<StringEntry>();
        run_.strings[entry.id] = cursor.take_bytes(entry.size).str();
        cursor.pad();
      }
      return;
    case Tag::sites: return take_sites(cursor);
    case Tag::stacks: return take_stacks(cursor);
    case Tag::threads: return take_threads(cursor);
    case Tag::reach:
      while (!cursor.done()) {
        auto total = cursor.take<ReachTotal>();
        if (!cursor.is_short())
          reach_[{total.site, total.function, total.flags}] = total;
      }
      return;
    case Tag::lock_edges:
      while (!cursor.done()) {
        auto edge = cursor.take<LockEdge>();
        if (!cursor.is_short())
          edges_[{edge.first, edge.second, edge.first_site, edge.second_site}] = edge;
      }
      return;
    case Tag::drops:
      while (!cursor.done()) {
        auto total = cursor.take<DropTotal>();
        thread(total.thread).dropped = total.dropped;
      }
      return;
    case Tag::settings: { // may have grown
      llvm::StringRef bytes = cursor.take_bytes(cursor.left());
      run_.settings = {};
      std::memcpy(&run_.settings, bytes.data(), std::min(bytes.size(), sizeof run_.settings));
      return;
    }
    case Tag::end: run_.end = cursor.take<End>(); return;
    }
    ++run_.unknown_chunks;
  }

  void take_records(std::uint32_t index, Cursor &cursor) {
    thread(index);
    std::size_t size = cursor.left(), whole = events_.add_chunk(index, offset_ + sizeof(ChunkHeader), size);
    cursor.take_bytes(whole);
    if (whole < size)
      cursor.take_bytes(size + 1); // one is longer than the chunk
  }

  void take_modules(Cursor &cursor) {
    while (!cursor.done()) {
      auto entry = cursor.take<Module>();
      LoadedModule module{entry.begin, entry.end, entry.bias, cursor.take_bytes(entry.build_id_size).str(),
                          cursor.take_bytes(entry.path_size).str()};
      cursor.pad();
      if (!cursor.is_short())
        run_.modules.push_back(std::move(module));
    }
  }

  void take_sites(Cursor &cursor) {
    while (!cursor.done()) {
      auto entry = cursor.take<SiteEntry>();
      llvm::StringRef file = cursor.take_bytes(entry.file_size), function = cursor.take_bytes(entry.function_size);
      cursor.pad();
      if (!cursor.is_short())
        run_.sites[entry.key] = {file.str(), function.str(), entry.line, entry.column};
    }
  }

  void take_stacks(Cursor &cursor) {
    while (!cursor.done()) {
      auto entry = cursor.take<StackEntry>();
      llvm::StringRef bytes = cursor.take_bytes(std::uint64_t(entry.frames) * sizeof(std::uint64_t));
      if (cursor.is_short())
        return;
      std::vector<std::uint64_t> &stack = run_.stacks[entry.id];
      stack.resize(entry.frames);
      if (entry.frames)
        std::memcpy(stack.data(), bytes.data(), bytes.size());
    }
  }

  void take_threads(Cursor &cursor) {
    while (!cursor.done()) {
      auto entry = cursor.take<ThreadEntry>();
      llvm::StringRef name = cursor.take_bytes(entry.name_size);
      cursor.pad();
      if (cursor.is_short())
        return;
      RunThread &to = thread(entry.index);
      to.system_id = entry.system_id;
      to.role = entry.role;
      to.name = name.str();
    }
  }

  RunThread &thread(std::uint32_t index) {
    RunThread &found = threads_[index];
    found.index = index;
    return found;
  }

  // Times, sums, and what is to be said.
  void finish() {
    clock_.settle();
    run_.ticks_per_nanosecond = clock_.ticks_per_nanosecond();
    events_.settle(clock_, run_.ticks_per_nanosecond);
    run_.length = std::max(clock_.last(), events_.last());
    for (const auto &[index, extent] : events_.threads()) {
      RunThread &of = thread(index);
      of.events = extent.events;
      of.first = extent.first;
      of.last = extent.last;
    }
    for (auto &[key, total] : reach_)
      run_.reach.push_back(total);
    for (auto &[key, edge] : edges_)
      run_.lock_edges.push_back(edge);
    for (auto &[index, found] : threads_) {
      run_.dropped = llvm::SaturatingAdd(run_.dropped, found.dropped);
      if (index)
        run_.threads.push_back(std::move(found));
    }
    run_.unknown_records = events_.unknown_records();
    say();
  }

  void say() {
    auto note = [&](const llvm::Twine &text) { run_.notes.push_back((run_.path + ": " + text).str()); };
    if (!run_.end && !run_.torn) {
      run_.torn = true;
      note("the trace has no end: the process was killed, or is still running; what was written before is used");
    }
    if (run_.dropped)
      note(llvm::Twine(run_.dropped) + " of " + llvm::Twine(llvm::SaturatingAdd(run_.dropped, events_.count())) +
           " events were dropped because they came faster than they could be written; totals are complete");
    if (run_.settings.reach_lost || run_.settings.edges_lost)
      note("totals found no room: " + llvm::Twine(run_.settings.reach_lost) + " of reached calls, " +
           llvm::Twine(run_.settings.edges_lost) + " of lock orders");
    if (run_.settings.stacks_lost || run_.settings.names_lost)
      note(llvm::Twine(run_.settings.stacks_lost) + " stacks and " + llvm::Twine(run_.settings.names_lost) +
           " names found no room");
    if (run_.unknown_records || run_.unknown_chunks)
      note(llvm::Twine(run_.unknown_records) + " records and " + llvm::Twine(run_.unknown_chunks) +
           " chunks are of kinds that this tenterhook does not know");
  }

  llvm::StringRef bytes_;
  Release release_;
  std::size_t offset_ = 0;
  Run run_;
  EventStream events_;
  Clock clock_;
  std::map<std::uint32_t, RunThread> threads_;
  std::map<std::tuple<std::uint64_t, std::uint32_t, std::uint32_t>, ReachTotal> reach_;
  std::map<std::tuple<std::uint64_t, std::uint64_t, std::uint64_t, std::uint64_t>, LockEdge> edges_;
};

} // namespace

llvm::Expected<TraceFile> open_trace(llvm::StringRef bytes, llvm::StringRef path, Release release) {
  return Reader(bytes, path, release).read();
}

bool TraceFile::next(std::size_t most, Release release) { return events_.next(most, run.events, run.details, release); }

void TraceFile::shift(std::int64_t by) {
  events_.shift(by);
  run.length += by;
  for (RunThread &thread : run.threads)
    thread.first += by, thread.last += by;
}

llvm::Expected<Run> parse_trace(llvm::StringRef bytes, llvm::StringRef path) {
  llvm::Expected<TraceFile> file = open_trace(bytes, path);
  if (!file)
    return file.takeError();
  file->next(file->count());
  TaskTracker tasks;
  tasks.take(file->run);
  file->run.tasks = tasks.finish(file->run.length);
  return std::move(file->run);
}

llvm::Expected<Run> read_trace(llvm::StringRef path) {
  auto buffer = llvm::MemoryBuffer::getFile(path, false, false);
  if (!buffer)
    return trace_error(path + ": cannot be read: " + buffer.getError().message() +
                       "; name a trace that `tenterhook record` or a program with TENTERHOOK_TRACE wrote");
  return parse_trace((*buffer)->getBuffer(), path);
}

bool looks_like_trace(llvm::StringRef bytes) { return bytes.starts_with(llvm::StringRef(magic, sizeof magic)); }

} // namespace tenterhook::runs
