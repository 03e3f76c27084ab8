// Making and ending the children of process_pool.h, and what is said to them.
#include "fork_server.h"

#include "trace/trace.h"

#include <algorithm>
#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <cstring>
#include <dirent.h>
#include <fstream>
#include <iterator>
#include <signal.h>
#include <stdexcept>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>
#include <utility>

namespace tenterhook::detail {

namespace {

// Before each message.
struct message_header {
  std::uint64_t size;
  std::uint64_t failed; // 1: the bytes are what an exception said
};

bool receive_all(int socket, void *to, std::size_t size) noexcept {
  char *bytes = static_cast<char *>(to);
  while (size != 0) {
    ssize_t got = ::recv(socket, bytes, size, 0);
    if (got < 0 && errno == EINTR)
      continue;
    if (got <= 0)
      return false;
    bytes += got;
    size -= std::size_t(got);
  }
  return true;
}
} // namespace

// Header and bytes in one call: a socket whose other side is gone takes nothing.
sent send_message(int socket, const std::string &bytes, bool failed) noexcept {
  message_header header{bytes.size(), failed};
  iovec parts[2] = {{&header, sizeof header}, {const_cast<char *>(bytes.data()), bytes.size()}};
  msghdr message{};
  message.msg_iov = parts;
  message.msg_iovlen = 2;
  sent so_far = sent::nothing;
  while (parts[0].iov_len + parts[1].iov_len != 0) {
    ssize_t count = ::sendmsg(socket, &message, MSG_NOSIGNAL);
    if (count < 0 && errno == EINTR)
      continue;
    if (count <= 0)
      return so_far;
    so_far = sent::some;
    for (iovec &part : parts) {
      std::size_t of_it = std::min(std::size_t(count), part.iov_len);
      part.iov_base = static_cast<char *>(part.iov_base) + of_it;
      part.iov_len -= of_it;
      count -= ssize_t(of_it);
    }
  }
  return sent::all;
}
bool receive_message(int socket, std::string &bytes, bool &failed) {
  message_header header;
  if (!receive_all(socket, &header, sizeof header))
    return false;
  bytes.resize(header.size);
  failed = header.failed != 0;
  return receive_all(socket, bytes.data(), bytes.size());
}

namespace {

// The threads of this process but for those that are made to survive a fork: the trace's, which is called "tenterhook",
// and the one that ThreadSanitizer has.
unsigned count_threads_now() {
  DIR *tasks = ::opendir("/proc/self/task");
  if (!tasks)
    throw std::system_error(errno, std::generic_category(), "process_pool: /proc/self/task");
  unsigned count = 0;
  while (const dirent *entry = ::readdir(tasks)) {
    if (entry->d_name[0] == '.')
      continue;
    std::string name;
    std::ifstream(std::string("/proc/self/task/") + entry->d_name + "/comm") >> name;
    count += name != "tenterhook" || std::stol(entry->d_name) == ::getpid();
  }
  ::closedir(tasks);
#if defined(__SANITIZE_THREAD__)
  if (count > 1)
    --count;
#elif defined(__has_feature)
#if __has_feature(thread_sanitizer)
  if (count > 1)
    --count;
#endif
#endif
  return count;
}

// A thread that was joined a moment ago may still be listed.
unsigned count_threads() {
  unsigned count = count_threads_now();
  for (int tries = 0; count > 1 && tries != 20; ++tries) {
    std::this_thread::sleep_for(std::chrono::milliseconds(1));
    count = count_threads_now();
  }
  return count;
}

} // namespace

// Each is one packet.
struct fork_server::request {
  enum : std::uint32_t { make, await_end, reap } what;
  pid_t process; // unless make, which brings the child's socket along
};
struct fork_server::answer {
  pid_t process; // of make: negative, an error number
  int status;    // of waitpid; `process` is -1 if nobody could be waited for
};

fork_server::fork_server(const serve_function &serve) {
  if (unsigned threads = count_threads(); threads > 1)
    throw std::logic_error("process_pool: made in a process with " + std::to_string(threads) +
                           " threads; make it before the first thread, since fork() leaves the locks of other threads "
                           "locked in the child");
  std::fflush(nullptr); // else what is buffered would be written once by each process
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_SEQPACKET | SOCK_CLOEXEC, 0, ends) != 0)
    throw std::system_error(errno, std::generic_category(), "process_pool: socketpair");
  server_ = ::fork();
  if (server_ == 0) {
    ::close(ends[0]);
    be_server(ends[1], serve);
  }
  int error = errno;
  ::close(ends[1]);
  control_ = ends[0];
  if (server_ < 0) {
    ::close(control_);
    throw std::system_error(error, std::generic_category(), "process_pool: fork");
  }
}

// Ctrl-C at a terminal, a hang-up and the end of a service reach all their processes; whether the program ends by it is the
// program's decision, and the children's. The program's SIGCHLD is not for the server's children: where that is ignored, or
// its handler waits for any child, a child's number would be given away before it is reaped. Does not return to the
// program: its destructors and atexit handlers are the parent's.
void fork_server::be_server(int control, const serve_function &serve) noexcept {
  constexpr int changed[] = {SIGINT, SIGQUIT, SIGTERM, SIGHUP, SIGCHLD};
  struct sigaction of_program[std::size(changed)];
  for (std::size_t i = 0; i != std::size(changed); ++i) {
    struct sigaction ours{};
    ours.sa_handler = changed[i] == SIGCHLD ? SIG_DFL : SIG_IGN;
    ::sigaction(changed[i], &ours, &of_program[i]);
  }
  for (;;) {
    request asked;
    alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int))];
    iovec part{&asked, sizeof asked};
    msghdr message{};
    message.msg_iov = &part;
    message.msg_iovlen = 1;
    message.msg_control = space;
    message.msg_controllen = sizeof space;
    ssize_t got = ::recvmsg(control, &message, MSG_CMSG_CLOEXEC);
    if (got < 0 && errno == EINTR)
      continue;
    if (got != ssize_t(sizeof asked))
      ::_exit(0);
    answer given{-1, 0};
    if (asked.what == request::make) {
      const cmsghdr *brought = CMSG_FIRSTHDR(&message);
      int socket = -1;
      if (brought)
        std::memcpy(&socket, CMSG_DATA(brought), sizeof socket);
      given.process = socket < 0 ? -EMFILE : ::fork();
      if (given.process == 0) {
        ::close(control);
        for (std::size_t i = 0; i != std::size(changed); ++i)
          ::sigaction(changed[i], &of_program[i], nullptr);
        be_child(socket, serve);
      }
      if (given.process == -1)
        given.process = -errno;
      if (socket >= 0)
        ::close(socket);
    } else if (asked.what == request::await_end) {
      siginfo_t how;
      while (::waitid(P_PID, id_t(asked.process), &how, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
      }
    } else {
      ::kill(asked.process, SIGKILL);
      do
        given.process = ::waitpid(asked.process, &given.status, 0);
      while (given.process < 0 && errno == EINTR);
    }
    while (::send(control, &given, sizeof given, MSG_NOSIGNAL) < 0)
      if (errno != EINTR)
        ::_exit(0);
  }
}

namespace {
// Where there is no memory for a request, that one fails and the next ones do not: its bytes are read all the same.
void reserve_or_skip(int socket, std::string &bytes, std::uint64_t size) {
  try {
    bytes.resize(size);
  } catch (...) {
    char skipped[4096];
    while (size != 0 && receive_all(socket, skipped, std::min<std::uint64_t>(size, sizeof skipped)))
      size -= std::min<std::uint64_t>(size, sizeof skipped);
    throw;
  }
}
} // namespace

void fork_server::be_child(int socket, const serve_function &serve) noexcept {
  for (;;) {
    message_header header;
    if (!receive_all(socket, &header, sizeof header))
      break;
    std::string bytes;
    bool failed = false;
    try {
      reserve_or_skip(socket, bytes, header.size);
      if (!receive_all(socket, bytes.data(), bytes.size()))
        break;
      bytes = serve(bytes);
    } catch (const std::exception &error) {
      bytes = error.what();
      failed = true;
    } catch (...) {
      bytes = "an exception that is no std::exception";
      failed = true;
    }
    if (send_message(socket, bytes, failed) != sent::all)
      break;
  }
  std::fflush(nullptr);
  trace::stop();
  ::_exit(0);
}

bool fork_server::ask(const request &asked, int descriptor, answer &given) noexcept {
  alignas(cmsghdr) char space[CMSG_SPACE(sizeof(int))] = {};
  iovec part{const_cast<request *>(&asked), sizeof asked};
  msghdr message{};
  message.msg_iov = &part;
  message.msg_iovlen = 1;
  if (descriptor >= 0) {
    message.msg_control = space;
    message.msg_controllen = sizeof space;
    cmsghdr *brought = CMSG_FIRSTHDR(&message);
    brought->cmsg_level = SOL_SOCKET;
    brought->cmsg_type = SCM_RIGHTS;
    brought->cmsg_len = CMSG_LEN(sizeof descriptor);
    std::memcpy(CMSG_DATA(brought), &descriptor, sizeof descriptor);
  }
  ssize_t done;
  do
    done = ::sendmsg(control_, &message, MSG_NOSIGNAL);
  while (done < 0 && errno == EINTR);
  if (done < 0)
    return false;
  do
    done = ::recv(control_, &given, sizeof given, 0);
  while (done < 0 && errno == EINTR);
  return done == ssize_t(sizeof given);
}

fork_server::child fork_server::make() {
  int ends[2];
  if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
    throw std::system_error(errno, std::generic_category(), "process_pool: socketpair");
  answer given{-ECHILD, 0}; // the server is gone
  ask({request::make, 0}, ends[1], given);
  ::close(ends[1]);
  if (given.process < 0) {
    ::close(ends[0]);
    throw std::system_error(-given.process, std::generic_category(), "process_pool: fork");
  }
  return {given.process, ends[0]};
}

void fork_server::await_end(pid_t process) noexcept {
  answer given;
  ask({request::await_end, process}, -1, given);
}

std::string fork_server::reap(pid_t process) noexcept {
  answer given{-1, 0};
  if (!ask({request::reap, process}, -1, given) || given.process < 0)
    return "ended";
  if (WIFSIGNALED(given.status))
    return "was ended by signal " + std::to_string(WTERMSIG(given.status)) + " (" + ::strsignal(WTERMSIG(given.status)) + ")";
  return "exited with " + std::to_string(WEXITSTATUS(given.status));
}

void fork_server::stop() noexcept {
  if (control_ < 0)
    return;
  ::shutdown(control_, SHUT_RDWR); // other processes that were forked from this one may have it open
  ::close(std::exchange(control_, -1));
  while (::waitpid(server_, nullptr, 0) < 0 && errno == EINTR) {
  }
}

} // namespace tenterhook::detail
