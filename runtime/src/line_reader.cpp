// Reading ahead, and finding ends of lines in what was read: each byte is looked at once, however it came.
#include <tenterhook/line_reader.h>

#include <algorithm>
#include <cstring>
#include <stdexcept>

namespace tenterhook {

line_reader::line_reader(socket &source, std::size_t longest) : from(source), limit(longest) {
  if (!limit)
    throw std::invalid_argument("a line_reader with a limit of 0 bytes reads nothing; give at least 1");
}

task<bool> line_reader::fill() {
  if (ended)
    co_return false;
  std::size_t got = co_await from.read_some(chunk);
  if (got == 0) {
    ended = true;
    co_return false;
  }
  if (begin > bytes.size() / 2) { // else a byte would be moved again and again
    bytes.erase(0, begin);
    begin = 0;
  }
  bytes.append(reinterpret_cast<const char *>(chunk.data()), got);
  co_return true;
}

std::optional<std::size_t> line_reader::find(std::string_view delimiter) {
  std::string_view rest = buffered();
  std::size_t at = rest.find(delimiter, searched);
  if (at != std::string_view::npos && at + delimiter.size() <= limit) {
    searched = 0;
    return at;
  }
  if (at != std::string_view::npos || rest.size() >= limit) {
    searched = 0;
    throw limit_exceeded("no end of a line within " + std::to_string(limit) + " bytes");
  }
  searched = rest.size() < delimiter.size() ? 0 : rest.size() - delimiter.size() + 1;
  return std::nullopt;
}

std::string line_reader::take(std::size_t count, std::size_t and_drop) {
  std::string taken = bytes.substr(begin, count);
  begin += count + and_drop;
  searched = 0;
  return taken;
}

task<std::optional<std::string>> line_reader::read_until(std::string delimiter) {
  if (delimiter.empty())
    throw std::invalid_argument("read_until of an empty delimiter");
  searched = 0; // the last call may have looked for another one
  for (;;) {
    if (std::optional<std::size_t> end = find(delimiter))
      co_return take(*end, delimiter.size());
    bool more = co_await fill();
    if (!more)
      break;
  }
  if (buffered().empty())
    co_return std::nullopt;
  throw stream_ended(take(buffered().size(), 0));
}

task<std::optional<std::string>> line_reader::read_line() {
  searched = 0;
  std::optional<std::size_t> end = find("\n");
  while (!end) {
    bool more = co_await fill();
    if (!more)
      break;
    end = find("\n");
  }
  if (!end && buffered().empty())
    co_return std::nullopt;
  std::string line = end ? take(*end, 1) : take(buffered().size(), 0);
  if (end && !line.empty() && line.back() == '\r')
    line.pop_back();
  co_return line;
}

std::size_t line_reader::take_into(std::span<std::byte> room) {
  std::size_t count = std::min(buffered().size(), room.size());
  std::copy_n(std::as_bytes(std::span(buffered())).begin(), count, room.begin());
  begin += count;
  searched = 0;
  return count;
}

task<> line_reader::read_exactly(std::span<std::byte> into) {
  std::size_t done = 0;
  try {
    for (;;) {
      done += take_into(into.subspan(done));
      if (done == into.size())
        co_return;
      std::span<std::byte> rest = into.subspan(done);
      std::size_t got = 0;
      if (rest.size() < chunk.size()) { // what follows is read along
        bool more = co_await fill();
        got = more;
      } else if (!ended) {
        got = co_await from.read_some(rest);
        done += got;
      }
      if (got == 0) {
        ended = true;
        throw stream_ended(std::string(reinterpret_cast<const char *>(into.data()), done));
      }
    }
  } catch (const stream_ended &) {
    throw;
  } catch (...) { // a stopped wait loses nothing: the next call finds it where it was
    bytes.insert(begin, reinterpret_cast<const char *>(into.data()), done);
    throw;
  }
}

} // namespace tenterhook
