// What an event_loop knows of one file descriptor: who waits to read and who to write. One of each at a time.
#ifndef TENTERHOOK_DETAIL_DESCRIPTOR_H
#define TENTERHOOK_DETAIL_DESCRIPTOR_H

namespace tenterhook {
class event_loop;
}

namespace tenterhook::detail {

enum class direction : unsigned { read = 0, write = 1 };

// A system call that is tried again when its descriptor becomes ready.
struct io_attempt {
  bool (*attempt)(io_attempt *, int fd) noexcept = nullptr; // true: it came to a result, the wait is over
  void (*complete)(io_attempt *) noexcept = nullptr;        // after that; continues who waits
};

// Registered edge-triggered and for both directions, once. `may[d]`: an attempt may succeed; false after one said that
// it would block (or found less than it wanted), until epoll reports the next edge. `ended[d]`: the last edge was
// reported, there will be none for the end of the stream that follows what is read now.
struct descriptor {
  event_loop *loop;
  int fd;
  io_attempt *waiting[2] = {};
  bool may[2] = {true, true};
  bool ended[2] = {false, false};
  descriptor *next_closed = nullptr;
  unsigned uses = 0; // by waits for a descriptor that is not the loop's
};

} // namespace tenterhook::detail

#endif
