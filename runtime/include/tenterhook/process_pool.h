// process_pool<R(A)>: runs one function on many arguments in child processes: what a crash of the function takes down
// is one item, and interpreters, allocators or libraries that are not thread-safe do not matter.
//
//   process_pool<long(int)> pool(4, [](int n) { return slow(n); });   // before the program makes threads
//   std::vector<long> results = pool.map(numbers);                    // in the order of `numbers`
//   future<long> one = pool.submit(7);                                // to wait for, to await, to continue
//
// The constructor forks a process that holds a copy of the function and of all the program's memory as it is then, and
// forks the children, with the descriptors that were open then: what is to be closed with the program's last one of it (a
// socket, a pipe) is opened after the pool. Arguments and results travel through sockets. They are copied as bytes if they
// are trivially copyable (pointers in them mean nothing to the other side: do not send any); std::string and std::vector
// of such types work too; for others specialize process_codec.
//
// Ownership: the pool owns its children; its destructor is shutdown(). Nothing of it is left when it is gone, no
// zombies. The children are the forking process's, so the program's own waitpid() never sees them. In a process that the
// program forks itself, the pool is its parent's still: map() and submit() throw std::logic_error there, the rest and the
// destructor do nothing.
// Threads: construct it while the process has one thread, else std::logic_error: fork() copies the calling thread
// alone, and a lock that another one holds stays locked in the child for ever. (The thread of the trace does not count,
// it is made for that.) Afterwards any thread may call it. The first submit() makes a thread of the pool. That or the thread
// of one map() works for all, sets the futures, and runs their continuations; a map() returns when its own items have
// ended. On a thread that runs a continuation, shutdown() throws std::logic_error, since it would wait for itself, and the
// destructor ends the program; map() may be called there.
// Errors: an exception of the function is a process_error with its what(). A child that dies (crash, exit, kill) gives
// process_died for the item that it worked on or that was being sent to it, and another child takes its place: the rest goes
// on. An item that a child has no memory for is a process_error (std::bad_alloc). If none can be made and
// none is left, the items that wait get process_died with the reason. System calls that fail throw std::system_error.
// Cancellation: after a stop request, items that have not begun get cancelled, those that run are waited for.
// terminate() kills the children, and makes no others; all items get process_died.
// Waits: map() and shutdown() block their thread; in a coroutine await submit().
#ifndef TENTERHOOK_PROCESS_POOL_H
#define TENTERHOOK_PROCESS_POOL_H

#include <tenterhook/errors.h>
#include <tenterhook/future.h>

#include <atomic>
#include <condition_variable>
#include <cstring>
#include <deque>
#include <functional>
#include <memory>
#include <mutex>
#include <optional>
#include <ranges>
#include <source_location>
#include <stop_token>
#include <string>
#include <string_view>
#include <thread>
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
template <typename T> struct process_codec {
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
template <> struct process_codec<std::string> {
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

class block_event;
class fork_server;
class process_group;

// What came of an item: the bytes of a result, or why there is none.
struct process_reply {
  std::string bytes;
  std::exception_ptr error;
};

struct process_item {
  struct waker {
    process_group *group;
    void operator()() const noexcept;
  };
  std::string request;
  std::stop_token stop;
  std::function<void(process_reply)> done; // called once; must not throw
  std::optional<std::stop_callback<waker>> wake_on_stop;
  std::size_t *left = nullptr; // of its map(): items that have not ended
};

// The children, their sockets and the queue, without types.
class process_group {
public:
  static constexpr unsigned most_processes = 4096;

  process_group(unsigned processes, const std::function<std::string(std::string_view)> &serve);
  process_group(const process_group &) = delete;
  process_group &operator=(const process_group &) = delete;
  ~process_group();
  struct ender {
    void operator()(process_group *) const noexcept;
  };

  std::vector<process_reply> run(std::vector<std::string> requests, const std::stop_token &stop, const std::source_location &at);
  void submit(std::unique_ptr<process_item>);
  void note_stop() noexcept; // some item's token was told
  void shutdown();
  void terminate() noexcept;
  unsigned alive() const;

private:
  struct child {
    pid_t process = -1; // -1: it was reaped
    int socket = -1;
    std::unique_ptr<process_item> item; // that it works on
  };

  struct ended_item {
    std::unique_ptr<process_item> item;
    process_reply answer;
  };

  bool is_elsewhere() const noexcept; // in a process that was forked from the pool's
  void refuse_elsewhere(const char *call) const;
  void start(child &which);
  std::exception_ptr replace(child &which) noexcept;
  std::string reap(child &which) noexcept;
  void close_all() noexcept;
  bool give(child &to, std::unique_ptr<process_item> &item);
  std::exception_ptr death(child &of, const char *when);
  void take(child &from);
  std::unique_ptr<process_item> next_item();
  void drop_stopped();
  void hand_out();
  void deliver();
  void await_results(block_event *event);
  void drive(std::unique_lock<std::mutex> &, const std::size_t &until_none, block_event *event) noexcept;
  void drive_all();
  std::string no_child() const;
  void wake() noexcept;

  const pid_t owner_;
  // The driver's alone.
  std::vector<child> children_;
  std::deque<ended_item> ended_;  // that nobody was told of yet
  std::exception_ptr last_error_; // why the last child that was wanted is not there

  int wake_ = -1; // an eventfd that ends a driver's wait
  std::atomic<bool> stop_seen_{false}, terminated_{false};

  mutable std::mutex processes_; // guards the process ids, so that terminate() kills no stranger, and the server
  std::unique_ptr<fork_server> server_;

  std::mutex state_;                        // guards what follows; a leaf
  std::condition_variable has_work_, turn_; // for driver_; for all others
  std::thread::id driving_;                 // who hands out items and reads results: the driver. None: nobody
  std::deque<std::unique_ptr<process_item>> queue_;
  std::size_t open_items_ = 0, maps_ = 0; // that have not ended; calls of run()
  enum { open, closing, closed_down } phase_ = open;
  std::thread driver_; // from the first submit() on
};

inline void process_item::waker::operator()() const noexcept { group->note_stop(); }

} // namespace detail

// A result, or why there is none.
template <typename R> class process_result {
public:
  explicit process_result(detail::process_reply given) : reply_(std::move(given)) {}
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
  detail::process_reply reply_;
};

template <typename Signature> class process_pool;

template <typename R, typename A> class process_pool<R(A)> {
  using argument = std::decay_t<A>;
  using result = std::decay_t<R>;

public:
  template <typename F>
    requires std::is_invocable_r_v<R, F &, argument>
  process_pool(unsigned processes, F f) // 1 to 4096 (std::invalid_argument)
      : group_(new detail::process_group(processes, [f = std::move(f)](std::string_view bytes) mutable {
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
  std::vector<process_result<result>> try_map(Range &&arguments, const std::stop_token &stop = {},
                                              std::source_location at = std::source_location::current()) {
    std::vector<std::string> requests;
    for (auto &&each : arguments)
      requests.push_back(process_codec<argument>::write(each));
    std::vector<process_result<result>> results;
    results.reserve(requests.size());
    for (detail::process_reply &each : group_->run(std::move(requests), stop, at))
      results.emplace_back(std::move(each));
    return results;
  }

  // The result of one argument. Its continuations run on the pool's thread, or on the executor that they name.
  future<result> submit(argument given, std::stop_token stop = {}) {
    auto made = std::make_shared<promise<result>>();
    future<result> answer = made->get_future();
    auto item = std::make_unique<detail::process_item>();
    item->request = process_codec<argument>::write(given);
    item->stop = std::move(stop);
    item->done = [made](detail::process_reply reply) {
      made->set_from([&] { return process_result<result>(std::move(reply)).value(); });
    };
    group_->submit(std::move(item));
    return answer;
  }

  // No further map() or submit(): they throw closed. Waits until what was given is done, and for the children to end.
  void shutdown() { group_->shutdown(); }
  // Kills the children now, whatever they do; any thread.
  void terminate() noexcept { group_->terminate(); }
  // Children that are there, as far as it is known.
  unsigned size() const { return group_->alive(); }

private:
  std::unique_ptr<detail::process_group, detail::process_group::ender> group_;
};

} // namespace tenterhook

#endif
