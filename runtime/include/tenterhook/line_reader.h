// line_reader: reads a socket by lines, or up to a delimiter.
//
//   line_reader lines(peer, 8192);                       // no line is longer than 8192 bytes
//   while (std::optional<std::string> line = co_await lines.read_line())
//     use(*line);                                        // without its end
//
// It reads ahead, so what follows a line is in its buffer: read the rest of the stream through it, too (read_exactly).
// Ownership: borrows the socket, which must outlive it, and keeps at most `limit` bytes and what one read gives. (After a
// read_exactly() that was stopped, what that had read.)
// Threads: the socket's loop's. One operation at a time. Resume thread: the loop's.
// Errors: limit_exceeded if no delimiter is among the first `limit` bytes; they stay in the buffer, so asking again gives the
// same. stream_ended if the stream ends within what was asked for. Of the socket: std::system_error.
// Cancellation: as the socket's; the bytes that were read stay in the buffer, and the next call goes on with them. So
// timeout(lines.read_line(), 5s) loses nothing.
#ifndef TENTERHOOK_LINE_READER_H
#define TENTERHOOK_LINE_READER_H

#include <tenterhook/socket.h>
#include <tenterhook/task.h>

#include <array>
#include <optional>
#include <string>

namespace tenterhook {

class limit_exceeded : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};
// The other side has finished early; `received` is what had come of it.
class stream_ended : public std::runtime_error {
public:
  explicit stream_ended(std::string bytes)
      : std::runtime_error("the stream ended after " + std::to_string(bytes.size()) + " bytes of what was asked for"),
        received(std::move(bytes)) {}
  std::string received;
};

class line_reader {
public:
  // Limit: of a line with its delimiter, in bytes; at least 1 (std::invalid_argument).
  explicit line_reader(socket &from, std::size_t limit = 65536);
  line_reader(const line_reader &) = delete;
  line_reader &operator=(const line_reader &) = delete;

  // Up to "\n", without that, and without a "\r" before it. A last line that has no end counts as one. Empty at the end.
  task<std::optional<std::string>> read_line();
  // Up to the delimiter, which is not empty and is taken from the stream but not given. Empty at the end of the stream;
  // stream_ended if that comes after other bytes.
  task<std::optional<std::string>> read_until(std::string delimiter);
  // As many bytes as there is room for; stream_ended if there are fewer, which are taken.
  task<> read_exactly(std::span<std::byte> into);

  // Bytes that were read ahead, until the next call.
  std::string_view buffered() const noexcept { return std::string_view(bytes).substr(begin); }

private:
  task<bool> fill(); // false at the end of the stream
  // Whether the delimiter is there, and then where; throws limit_exceeded.
  std::optional<std::size_t> find(std::string_view delimiter);
  std::string take(std::size_t count, std::size_t and_drop);
  std::size_t take_into(std::span<std::byte> room); // how much

  socket &from;
  const std::size_t limit;
  std::string bytes;
  std::size_t begin = 0;    // what is before was taken
  std::size_t searched = 0; // from `begin` on, where no delimiter begins
  bool ended = false;
  std::array<std::byte, 4096> chunk; // read_some reads here, so that a stopped one leaves `bytes` as they are
};

} // namespace tenterhook

#endif
