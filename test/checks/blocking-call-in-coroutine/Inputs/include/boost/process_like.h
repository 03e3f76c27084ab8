// Declarations in the manner of Boost.Process 1 and 2 and of the little of Asio that they need: names and shapes as the
// libraries document them, without their headers.
#pragma once
#include <chrono>
#include <istream>
#include <ostream>
#include <string>
#include <system_error>
#include <vector>

namespace boost::asio {
class any_io_executor {};
class io_context {
public:
  class executor_type {};
  executor_type get_executor();
};
} // namespace boost::asio

namespace boost::filesystem {
class path {
public:
  path(const char *);
};
} // namespace boost::filesystem

namespace boost::process {
inline namespace v1 {
struct redirection {};
template <typename Char> class basic_ipstream : public std::basic_istream<Char> {
public:
  basic_ipstream() : std::basic_istream<Char>(nullptr) {}
};
template <typename Char> class basic_opstream : public std::basic_ostream<Char> {
public:
  basic_opstream() : std::basic_ostream<Char>(nullptr) {}
};
using ipstream = basic_ipstream<char>;
using opstream = basic_opstream<char>;
struct std_out_ {
  template <typename T> redirection operator>(T &&) const { return {}; }
  template <typename T> redirection operator<(T &&) const { return {}; }
};
constexpr std_out_ std_out{}, std_in{};
class async_pipe {
public:
  explicit async_pipe(asio::io_context &);
  template <typename Buffer> std::size_t read_some(const Buffer &) { return 0; }
  template <typename Buffer, typename Handler> void async_read_some(const Buffer &, Handler &&) {}
};
class child {
public:
  child();
  explicit child(int pid);
  child(child &&);
  template <typename... Args> explicit child(Args &&...) {}
  ~child();
  void wait();
  template <typename R, typename P> bool wait_for(const std::chrono::duration<R, P> &) { return true; }
  bool running();
  int exit_code() const;
  void detach();
};
class group {
public:
  void wait();
};
template <typename... Args> void spawn(Args &&...) {}
template <typename... Args> int system(Args &&...) { return 0; }
template <typename Handler, typename... Args> void async_system(asio::io_context &, Handler &&, Args &&...) {}
} // namespace v1

namespace v2 {
template <typename Executor = asio::any_io_executor> class basic_process {
public:
  basic_process(Executor, int pid) {}
  explicit basic_process(Executor) {}
  template <typename Args, typename... Inits>
  basic_process(Executor, const filesystem::path &, Args &&, Inits &&...) {}
  template <typename Context, typename Args, typename... Inits>
  basic_process(Context &, const filesystem::path &, Args &&, Inits &&...) {}
  int wait() { return 0; }
  bool running() { return true; }
  template <typename Handler> void async_wait(Handler &&) {}
};
using process = basic_process<>;
template <typename Executor> int execute(basic_process<Executor>) { return 0; }
namespace posix {
struct vfork_launcher {
  template <typename Context, typename Args> process operator()(Context &, const filesystem::path &, Args &&) { return process({}); }
};
} // namespace posix
} // namespace v2
} // namespace boost::process
