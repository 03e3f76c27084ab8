// process_pool<R(A)>: runs one function on many arguments in child processes: what a crash of the function takes down
// is one item, and interpreters, allocators or libraries that are not thread-safe do not matter.
//
//   process_pool<long(int)> pool(4, [](int n) { return slow(n); });   // before the program makes threads
//   std::vector<long> results = pool.map(numbers);                    // in the order of `numbers`
//
// The children are forked by the constructor, with a copy of the function and of all the program's memory; arguments
// and results travel through sockets. They are copied as bytes if they are trivially copyable (pointers in them mean
// nothing to the other side: do not send any); std::string and std::vector of such types work too; for others
// specialize process_codec.
//
// Ownership: the pool owns its children; its destructor is shutdown(). Nothing of it is left when it is gone, no
// zombies.
// Threads: construct it while the process has one thread, else std::logic_error: fork() copies the calling thread
// alone, and a lock that another one holds stays locked in the child for ever. (The thread of the trace does not count,
// it is made for that.) Afterwards any thread may call it; one map() runs at a time, others wait for it.
// Errors: an exception of the function is a process_error with its what(). A child that dies (crash, exit, kill) gives
// process_died for the item that it worked on, and the others go on with one child less; without any child left, all
// items that remain get process_died. System calls that fail throw std::system_error.
// Cancellation: after a stop request, items that have not begun get cancelled, those that run are waited for.
// terminate() kills the children, whose items get process_died.
// Waits: map() blocks its thread; in a coroutine call it by way of run_in_executor.
#ifndef TENTERHOOK_PROCESS_POOL_H
#define TENTERHOOK_PROCESS_POOL_H

#include <tenterhook/errors.h>

#include <cstring>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <ranges>
#include <source_location>
#include <stop_token>
#include <string>
#include <string_view>
#include <type_traits>
#include <utility>
#include <vector>

#include <sys/types.h>

namespace tenterhook {

// The function threw in the child; what() is what that exception said.
class process_error : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};
// The child ended while it worked on the item; what() says how.
class process_died : public std::runtime_error {
public:
  using std::runtime_error::runtime_error;
};

// How a T crosses to another process. Specialize for own types: static std::string write(const T &) and
// static T read(std::string_view), which throws if the bytes cannot be right.
template <typename T>
struct process_codec {
  static_assert(std::is_trivially_copyable_v<T> && std::is_default_constructible_v<T>,
                "specialize tenterhook::process_codec for this type");
  static std::string write(const T &value) { return {reinterpret_cast<const char *>(&value), sizeof value}; }
  static T read(std::string_view bytes) {
    if (bytes.size() != sizeof(T))
      throw std::runtime_error("process_pool: a message of the wrong size");
    T value;
    std::memcpy(&value, bytes.data(), sizeof value);
    return value;
  }
};
template <>
struct process_codec<std::string> {
  static std::string write(const std::string &value) { return value; }
  static std::string read(std::string_view bytes) { return std::string(bytes); }
};
template <typename T>
  requires(std::is_trivially_copyable_v<T> && !std::is_same_v<T, bool>)
struct process_codec<std::vector<T>> {
  static std::string write(const std::vector<T> &values) {
    return {reinterpret_cast<const char *>(values.data()), values.size() * sizeof(T)};
  }
  static std::vector<T> read(std::string_view bytes) {
    if (bytes.size() % sizeof(T) != 0)
      throw std::runtime_error("process_pool: a message of the wrong size");
    std::vector<T> values(bytes.size() / sizeof(T));
    if (!bytes.empty())
      std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
  }
};

namespace detail {

// The children and their sockets, without types.
class process_group {
public:
  // What came of an item: the bytes of a result, or why there is none.
  struct reply {
    std::string bytes;
    std::exception_ptr error;
  };

  // Forks; in the children it does not return.
  process_group(unsigned processes, std::function<std::string(std::string_view)> serve);
  process_group(const process_group &) = delete;
  process_group &operator=(const process_group &) = delete;
  ~process_group() { shutdown(); }

  std::vector<reply> run(std::vector<std::string> requests, const std::stop_token &stop,
                         const std::source_location &at);
  void shutdown() noexcept;
  void terminate() noexcept;
  unsigned alive() const;

private:
  struct child {
    pid_t process = -1; // -1 once it was reaped
    int socket = -1;
    std::optional<std::size_t> item; // that it works on
  };

  [[noreturn]] void be_child(int socket, const std::function<std::string(std::string_view)> &serve) noexcept;
  std::string reap(child &which) noexcept; // kills it if it still runs; says how it ended
  void close_all() noexcept;
  bool give(child &to, std::size_t index, const std::string &request);
  void take(child &from, std::vector<reply> &replies);

  mutable std::mutex running_;  // one run() at a time; taken before processes_
  mutable std::mutex processes_; // guards the process ids, so that terminate() kills no stranger
  std::vector<child> children_;
  bool closed_ = false; // guarded by running_
};

} // namespace detail

// A result, or why there is none.
template <typename R>
class process_result {
public:
  explicit process_result(detail::process_group::reply given) : reply_(std::move(given)) {}
  bool has_value() const noexcept { return !reply_.error; }
  std::exception_ptr error() const noexcept { return reply_.error; }
  // Throws process_error, process_died or cancelled.
  R value() const {
    if (reply_.error)
      std::rethrow_exception(reply_.error);
    if constexpr (!std::is_void_v<R>)
      return process_codec<R>::read(reply_.bytes);
  }

private:
  detail::process_group::reply reply_;
};

template <typename Signature>
class process_pool;

template <typename R, typename A>
class process_pool<R(A)> {
  using argument = std::decay_t<A>;
  using result = std::decay_t<R>;

public:
  template <typename F>
    requires std::is_invocable_r_v<R, F &, argument>
  process_pool(unsigned processes, F f)
      : group_(std::make_unique<detail::process_group>(processes, [f = std::move(f)](std::string_view bytes) mutable {
          if constexpr (std::is_void_v<R>) {
            std::invoke(f, process_codec<argument>::read(bytes));
            return std::string();
          } else {
            return process_codec<result>::write(std::invoke(f, process_codec<argument>::read(bytes)));
          }
        })) {}

  // The results in the order of the arguments; when all have ended, the error of the first that has one is thrown.
  template <std::ranges::input_range Range>
  auto map(Range &&arguments, std::stop_token stop = {}, std::source_location at = std::source_location::current()) {
    std::vector<process_result<result>> all = try_map(std::forward<Range>(arguments), std::move(stop), at);
    if constexpr (std::is_void_v<R>) {
      for (const auto &each : all)
        each.value();
    } else {
      std::vector<result> values;
      values.reserve(all.size());
      for (const auto &each : all)
        values.push_back(each.value());
      return values;
    }
  }
  // As map, with an error or a result for each argument.
  template <std::ranges::input_range Range>
  std::vector<process_result<result>> try_map(Range &&arguments, std::stop_token stop = {},
                                              std::source_location at = std::source_location::current()) {
    std::vector<std::string> requests;
    for (auto &&each : arguments)
      requests.push_back(process_codec<argument>::write(each));
    std::vector<process_result<result>> results;
    results.reserve(requests.size());
    for (detail::process_group::reply &each : group_->run(std::move(requests), stop, at))
      results.emplace_back(std::move(each));
    return results;
  }

  // Waits for a map() that runs, then for the children to end. map() throws closed afterwards.
  void shutdown() noexcept { group_->shutdown(); }
  // Kills the children now; any thread, while a map() runs.
  void terminate() noexcept { group_->terminate(); }
  // Children that are there, as far as it is known.
  unsigned size() const { return group_->alive(); }

private:
  std::unique_ptr<detail::process_group> group_;
};

} // namespace tenterhook

#endif
