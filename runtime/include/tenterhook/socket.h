// socket: a non-blocking stream socket of an event_loop; reading, writing, accepting and connecting are awaited.
//
//   auto client = co_await tenterhook::socket::connect(endpoint("10.0.0.7", 80));
//   co_await client.write_all(std::as_bytes(std::span(request)));
//   std::size_t got = co_await client.read_some(buffer); // 0: the other side has finished
//
// Ownership: owns the descriptor; move-only; must not outlive its loop, nor be destroyed while a coroutine waits at it
// (close() it first). Buffers must live until the operation has ended.
// Threads: its loop's thread only. One reader and one writer at a time.
// Resume thread: the loop's; what is ready goes on in place, at most some hundred times in a row.
// Errors: std::system_error with what errno said. SIGPIPE is never raised.
// Cancellation: a stop request, and close(), end a wait with `cancelled`. Bytes that were transferred before that are
// gone.
#ifndef TENTERHOOK_SOCKET_H
#define TENTERHOOK_SOCKET_H

#include <tenterhook/detail/descriptor.h>
#include <tenterhook/detail/stoppable_wait.h>
#include <tenterhook/endpoint.h>

#include <cstddef>
#include <span>
#include <vector>

namespace tenterhook {

class socket;

namespace detail {

// Tries a system call, and where it would block, waits for the descriptor.
class io_wait : public stoppable_wait, protected io_attempt {
public:
  static constexpr trace::Wait wait_kind = trace::Wait::descriptor;

  bool await_ready() {
    if (at && at->loop != event_loop::current())
      throw std::logic_error("a socket is used on another thread than its loop's");
    if (!at || (at->may[way] && loop->may_complete_at_once() && attempt(this, at->fd)))
      return true;
    return false;
  }
  template <typename Promise> void await_suspend(std::coroutine_handle<Promise> handle) {
    if (at->waiting[way])
      throw std::logic_error("a socket has one reader and one writer at a time");
    abandon = [](stoppable_wait *wait) noexcept { static_cast<io_wait *>(wait)->leave(); };
    begin(handle);
    if (!is_pending()) // told to stop: nothing is taken that nobody would get
      return;
    if (at->may[way] && attempt(this, at->fd)) { // its turn to let others run first
      stoppable_wait::complete();
      return;
    }
    io_attempt::complete = [](io_attempt *self) noexcept { static_cast<io_wait *>(self)->stoppable_wait::complete(); };
    at->waiting[way] = this;
  }

protected:
  io_wait(descriptor *where, direction which, bool (*call)(io_attempt *, int) noexcept) noexcept
      : stoppable_wait(where ? where->loop : nullptr), at(where), way(unsigned(which)) {
    attempt = call;
  }
  io_wait(io_wait &&) noexcept = default;
  ~io_wait() {
    if (is_pending())
      leave();
  }
  // The result of a system call that counts; sets `may` for the next one. True unless it would block.
  bool counts(ssize_t result, std::size_t wanted) noexcept;
  void throw_if_failed(const char *call) const;
  void leave() noexcept {
    if (at->waiting[way] == this)
      at->waiting[way] = nullptr;
  }

  descriptor *at; // null: the socket is closed
  unsigned way;
  int error = 0;
  std::size_t count = 0;
  friend socket;
};

} // namespace detail

class socket {
public:
  socket() noexcept = default; // closed
  socket(socket &&other) noexcept : at(std::exchange(other.at, nullptr)) {}
  socket &operator=(socket &&other) noexcept {
    std::swap(at, other.at);
    return *this;
  }
  ~socket() { close(); }

  // Takes a connected or listening descriptor over and makes it non-blocking. On error the descriptor is closed.
  socket(int fd, event_loop &loop);

  class [[nodiscard]] read_awaiter : public detail::io_wait {
  public:
    read_awaiter(detail::descriptor *from, std::span<std::byte> into) noexcept
        : io_wait(from, detail::direction::read, receive), buffer(into) {}
    std::size_t await_resume() const {
      throw_if_aborted();
      throw_if_failed("recv");
      return count;
    }

  private:
    static bool receive(io_attempt *, int fd) noexcept;
    std::span<std::byte> buffer;
  };

  // Some bytes, at least one, or 0 at the end of the stream (or for an empty buffer).
  read_awaiter read_some(std::span<std::byte> buffer) noexcept { return {at, buffer}; }
  template <typename Byte, std::size_t Size> read_awaiter read_some(Byte (&buffer)[Size]) noexcept {
    return {at, std::as_writable_bytes(std::span(buffer))};
  }

  class [[nodiscard]] write_awaiter : public detail::io_wait {
  public:
    write_awaiter(detail::descriptor *to, std::span<const std::byte> from, bool whole) noexcept
        : io_wait(to, detail::direction::write, send), buffer(from), all(whole) {}
    std::size_t await_resume() const {
      throw_if_aborted();
      throw_if_failed("send");
      return done;
    }

  private:
    static bool send(io_attempt *, int fd) noexcept;
    std::span<const std::byte> buffer;
    std::size_t done = 0;
    bool all;
  };

  write_awaiter write_some(std::span<const std::byte> bytes) noexcept { return {at, bytes, false}; }
  write_awaiter write_all(std::span<const std::byte> bytes) noexcept { return {at, bytes, true}; }
  write_awaiter write_all(std::string_view text) noexcept { return {at, std::as_bytes(std::span(text)), true}; }

  class [[nodiscard]] accept_awaiter : public detail::io_wait {
  public:
    explicit accept_awaiter(detail::descriptor *from) noexcept : io_wait(from, detail::direction::read, take) {}
    accept_awaiter(accept_awaiter &&other) noexcept
        : io_wait(static_cast<io_wait &&>(other)), accepted(std::exchange(other.accepted, -1)) {}
    ~accept_awaiter();
    socket await_resume();

  private:
    static bool take(io_attempt *, int fd) noexcept;
    int accepted = -1;
  };

  // The next connection of a listening socket, on the same loop.
  accept_awaiter accept() noexcept { return accept_awaiter(at); }

  static socket listen(const endpoint &on, event_loop &loop, int backlog = 1024);
  static task<socket> connect(endpoint to); // on the current loop
  // The first that can be connected to, tried one after the other; the error of the last one if none can. Of an empty
  // list std::invalid_argument.
  static task<socket> connect(std::vector<endpoint> candidates);

  endpoint local_endpoint() const;
  int native_handle() const noexcept { return at ? at->fd : -1; }
  bool is_open() const noexcept { return at != nullptr; }

  // Ends what waits at it with `cancelled`, and closes the descriptor. Idempotent.
  void close() noexcept;
  // No more writes: the other side reads the end of the stream.
  void shutdown_write();

private:
  class connect_awaiter;
  detail::descriptor *at = nullptr;
};

} // namespace tenterhook

#endif
