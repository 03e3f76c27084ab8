// The process that makes the children of a process_pool, also when the program has threads by then: it is forked while there
// is one thread, keeps nothing but its end of a socket, and forks when it is asked to.
//
// Invariants: children are the server's, so that only it reaps them, and only when asked to: until then a child keeps its
// number. It ends when the pool's end of the socket is closed, and with the program. Not thread-safe: the pool asks under a
// lock of its own.
#ifndef TENTERHOOK_SRC_FORK_SERVER_H
#define TENTERHOOK_SRC_FORK_SERVER_H

#include <functional>
#include <string>
#include <string_view>
#include <sys/types.h>

namespace tenterhook::detail {

// What is sent to children and comes back.
enum class sent { nothing, some, all }; // before it was found that the other side is gone
sent send_message(int socket, const std::string &bytes, bool failed) noexcept;
bool receive_message(int socket, std::string &bytes, bool &failed); // false if the other side is gone

class fork_server {
public:
  using serve_function = std::function<std::string(std::string_view)>;

  // Forks; does not return in the server and in the children, which answer each message with what `serve` gives. Throws
  // std::logic_error if the process has threads, else std::system_error.
  explicit fork_server(const serve_function &serve);
  fork_server(const fork_server &) = delete;
  fork_server &operator=(const fork_server &) = delete;
  ~fork_server() { stop(); }

  struct child {
    pid_t process;
    int socket;
  };
  child make(); // throws std::system_error
  // Waits until it has ended; it keeps its number.
  void await_end(pid_t process) noexcept;
  // Kills it if it has not ended; says how it did, as "was ended by signal 9 (Killed)".
  std::string reap(pid_t process) noexcept;
  // Ends the server; children that were not reaped are nobody's then.
  void stop() noexcept;

private:
  struct request;
  struct answer;
  bool ask(const request &, int descriptor, answer &) noexcept;
  [[noreturn]] static void be_server(int control, const serve_function &serve) noexcept;
  [[noreturn]] static void be_child(int socket, const serve_function &serve) noexcept;

  pid_t server_ = -1;
  int control_ = -1;
};

} // namespace tenterhook::detail

#endif
