// The children of process_pool.h: how they are forked, given work and reaped.
//
// Invariants: a child has at most one item at a time, so that its death concerns one item. The parent writes to a child
// only while that waits to read, and reads what it has begun to read to its end: neither can wait for the other in a
// circle. The parent's ends of the sockets are closed in the children, so that a dead parent is an end of file to all
// of them.
#include <tenterhook/process_pool.h>

#include <tenterhook/block_event.h>

#include <cerrno>
#include <chrono>
#include <cstdint>
#include <cstdio>
#include <dirent.h>
#include <fstream>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <sys/wait.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace tenterhook::detail {

namespace {

// Before each message.
struct message_header {
  std::uint64_t size;
  std::uint64_t failed; // 1: the bytes are what an exception said
};

bool send_all(int socket, const void *from, std::size_t size) noexcept {
  const char *bytes = static_cast<const char *>(from);
  while (size != 0) {
    ssize_t sent = ::send(socket, bytes, size, MSG_NOSIGNAL);
    if (sent < 0 && errno == EINTR)
      continue;
    if (sent <= 0)
      return false;
    bytes += sent;
    size -= std::size_t(sent);
  }
  return true;
}
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
bool send_message(int socket, const std::string &bytes, bool failed) noexcept {
  message_header header{bytes.size(), failed};
  return send_all(socket, &header, sizeof header) && send_all(socket, bytes.data(), bytes.size());
}
bool receive_message(int socket, std::string &bytes, bool &failed) {
  message_header header;
  if (!receive_all(socket, &header, sizeof header))
    return false;
  bytes.resize(header.size);
  failed = header.failed != 0;
  return receive_all(socket, bytes.data(), bytes.size());
}

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

// Wakes a poll when stop is requested.
class stop_descriptor {
public:
  stop_descriptor() : descriptor(::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK)) {
    if (descriptor < 0)
      throw std::system_error(errno, std::generic_category(), "process_pool: eventfd");
  }
  stop_descriptor(const stop_descriptor &) = delete;
  ~stop_descriptor() { ::close(descriptor); }
  void signal() const noexcept {
    std::uint64_t one = 1;
    [[maybe_unused]] ssize_t written = ::write(descriptor, &one, sizeof one);
  }
  const int descriptor;
};

} // namespace

process_group::process_group(unsigned processes, std::function<std::string(std::string_view)> serve) {
  if (processes == 0)
    throw std::invalid_argument("process_pool: a pool of 0 processes; give at least 1");
  if (unsigned threads = count_threads(); threads > 1)
    throw std::logic_error("process_pool: made in a process with " + std::to_string(threads) +
                           " threads; make it before the first thread, since fork() leaves the locks of other threads "
                           "locked in the child");
  std::fflush(nullptr); // else what is buffered would be written once by each process
  children_.reserve(processes);
  try {
    for (unsigned i = 0; i != processes; ++i) {
      int ends[2];
      if (::socketpair(AF_UNIX, SOCK_STREAM | SOCK_CLOEXEC, 0, ends) != 0)
        throw std::system_error(errno, std::generic_category(), "process_pool: socketpair");
      pid_t process = ::fork();
      if (process < 0) {
        int error = errno;
        ::close(ends[0]);
        ::close(ends[1]);
        throw std::system_error(error, std::generic_category(), "process_pool: fork");
      }
      if (process == 0) {
        ::close(ends[0]);
        for (const child &other : children_)
          ::close(other.socket);
        be_child(ends[1], serve);
      }
      ::close(ends[1]);
      children_.push_back({process, ends[0], std::nullopt});
    }
  } catch (...) {
    close_all();
    throw;
  }
}

// Does not return to the program: its destructors and atexit handlers are the parent's.
void process_group::be_child(int socket, const std::function<std::string(std::string_view)> &serve) noexcept {
  for (;;) {
    std::string bytes;
    bool failed = false;
    if (!receive_message(socket, bytes, failed))
      break;
    try {
      bytes = serve(bytes);
    } catch (const std::exception &error) {
      bytes = error.what();
      failed = true;
    } catch (...) {
      bytes = "an exception that is no std::exception";
      failed = true;
    }
    if (!send_message(socket, bytes, failed))
      break;
  }
  std::fflush(nullptr);
  trace::stop();
  ::_exit(0);
}

std::string process_group::reap(child &which) noexcept {
  ::close(which.socket);
  which.socket = -1;
  std::lock_guard lock(processes_);
  // Its end of the socket is closed, so it is on its way out, and how it ends is settled; or it closed it and lives on.
  ::kill(which.process, SIGKILL);
  int status = 0;
  pid_t got = 0;
  do
    got = ::waitpid(which.process, &status, 0);
  while (got < 0 && errno == EINTR);
  std::string name = "the child process " + std::to_string(which.process);
  which.process = -1;
  if (got < 0)
    return name + " ended"; // somebody else has waited for it
  if (WIFSIGNALED(status))
    return name + " was ended by signal " + std::to_string(WTERMSIG(status)) + " (" + ::strsignal(WTERMSIG(status)) +
           ")";
  return name + " exited with " + std::to_string(WEXITSTATUS(status));
}

// False if the child is gone: then it has not begun the item.
bool process_group::give(child &to, std::size_t index, const std::string &request) {
  if (!send_message(to.socket, request, false)) {
    reap(to);
    return false;
  }
  to.item = index;
  return true;
}

void process_group::take(child &from, std::vector<reply> &replies) {
  reply &answer = replies[*std::exchange(from.item, std::nullopt)];
  bool failed = false, received = false;
  try {
    received = receive_message(from.socket, answer.bytes, failed);
  } catch (const std::exception &) { // no memory for what it says that it sends
  }
  if (!received)
    answer.error =
        std::make_exception_ptr(process_died("process_pool: " + reap(from) + " while it worked on this item"));
  else if (failed)
    answer.error = std::make_exception_ptr(process_error(answer.bytes));
}

std::vector<process_group::reply> process_group::run(std::vector<std::string> requests, const std::stop_token &stop,
                                                     const std::source_location &at) {
  block_event event("tenterhook::process_pool::map", at);
  std::lock_guard one_run(running_);
  if (closed_)
    throw closed("process_pool: map() after shutdown()");
  stop_descriptor stopped;
  std::stop_callback wake(stop, [&stopped] { stopped.signal(); });

  std::vector<reply> replies(requests.size());
  std::size_t next = 0, at_work = 0;
  std::vector<pollfd> polled;
  for (;;) {
    for (child &each : children_)
      if (next != requests.size() && !stop.stop_requested() && each.process != -1 && !each.item &&
          give(each, next, requests[next])) {
        requests[next++] = {};
        ++at_work;
      }
    if (at_work == 0)
      break;
    polled.clear();
    polled.push_back({stop.stop_requested() ? -1 : stopped.descriptor, POLLIN, 0});
    for (const child &each : children_)
      polled.push_back({each.item ? each.socket : -1, POLLIN, 0});
    event.waiting();
    if (::poll(polled.data(), polled.size(), -1) < 0) {
      int error = errno;
      if (error == EINTR)
        continue;
      for (child &each : children_) // what they would still answer is nobody's
        if (std::exchange(each.item, std::nullopt))
          reap(each);
      throw std::system_error(error, std::generic_category(), "process_pool: poll");
    }
    for (std::size_t i = 0; i != children_.size(); ++i)
      if (polled[i + 1].revents != 0) {
        take(children_[i], replies);
        --at_work;
      }
  }
  for (; next != requests.size(); ++next)
    replies[next].error =
        stop.stop_requested()
            ? std::make_exception_ptr(cancelled())
            : std::make_exception_ptr(process_died("process_pool: no child process is left to work on this item"));
  return replies;
}

void process_group::close_all() noexcept {
  // All ends first: the children end at the same time.
  for (child &each : children_)
    if (each.process != -1)
      ::shutdown(each.socket, SHUT_RDWR);
  for (child &each : children_) {
    if (each.process == -1)
      continue;
    // It keeps its number until it is reaped, and that is under the lock: terminate() finds either it or nothing.
    siginfo_t how;
    while (::waitid(P_PID, id_t(each.process), &how, WEXITED | WNOWAIT) != 0 && errno == EINTR) {
    }
    reap(each);
  }
}

void process_group::shutdown() noexcept {
  std::lock_guard one_run(running_);
  closed_ = true;
  close_all();
}

void process_group::terminate() noexcept {
  std::lock_guard lock(processes_);
  for (child &each : children_)
    if (each.process != -1)
      ::kill(each.process, SIGKILL);
}

unsigned process_group::alive() const {
  std::lock_guard lock(processes_);
  unsigned count = 0;
  for (const child &each : children_)
    count += each.process != -1;
  return count;
}

} // namespace tenterhook::detail
