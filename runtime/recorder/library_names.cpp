// Names of the standard library's own code. See library_names.h. Of mangled
// names only the beginning is looked at: the namespaces and the class or
// function after them.
#include "recorder/library_names.h"

#include <algorithm>
#include <iterator>

namespace tenterhook::recorder {
namespace {

// Classes and functions of namespace std, of both libraries.
constexpr std::string_view names_in_std[] = {
    // locks and guards
    "mutex", "timed_mutex", "recursive_mutex", "recursive_timed_mutex", "shared_mutex", "shared_timed_mutex", "__mutex_base",
    "__recursive_mutex_base", "__timed_mutex_impl", "__shared_mutex_pthread", "__shared_mutex_cv", "__shared_mutex_base",
    "lock_guard", "unique_lock", "shared_lock", "scoped_lock", "lock", "try_lock",
    // waits
    "condition_variable", "condition_variable_any", "__condvar", "this_thread", "jthread", "future", "shared_future",
    "__basic_future", "__atomic_futex_unsigned", "__atomic_futex_unsigned_base", "counting_semaphore", "__atomic_semaphore",
    "__atomic_semaphore_base", "__platform_semaphore", "latch", "barrier", "__tree_barrier", "__tree_barrier_base", "atomic",
    "atomic_flag", "atomic_ref", "__atomic_base", "__atomic_flag_base", "__atomic_ref", "__atomic_impl", "__atomic_wait_address",
    "__atomic_wait_address_v", "__atomic_wait_address_bare",
    // files by name
    "filesystem"};

constexpr std::string_view names_in_detail[] = {"__lock_impl",     "__try_lock_impl",       "__waiter",
                                                "__waiter_base",   "__waiter_pool",         "__waiter_pool_base",
                                                "__platform_wait", "__platform_wait_until", "__atomic_spin"};

// asio's own locks and events, in asio::detail.
constexpr std::string_view names_in_asio[] = {"posix_mutex", "posix_event", "conditionally_enabled_mutex",
                                              "conditionally_enabled_event", "scoped_lock"};

bool skip(std::string_view &name, std::string_view prefix) {
  if (!name.starts_with(prefix))
    return false;
  name.remove_prefix(prefix.size());
  return true;
}

// Takes "<length><name>" off.
std::string_view take_identifier(std::string_view &name) {
  std::size_t length = 0;
  while (!name.empty() && name[0] >= '0' && name[0] <= '9' && length < 1000) {
    length = length * 10 + std::size_t(name[0] - '0');
    name.remove_prefix(1);
  }
  std::string_view identifier = name.substr(0, length);
  name.remove_prefix(identifier.size());
  return identifier;
}

template <typename List> bool has(const List &list, std::string_view name) {
  return std::find(std::begin(list), std::end(list), name) != std::end(list);
}

} // namespace

bool is_library_function(std::string_view name) noexcept {
  // static functions of libstdc++'s headers
  if (skip(name, "_ZL"))
    return take_identifier(name).starts_with("__gthread_");
  if (skip(name, "_ZStL"))
    return take_identifier(name).starts_with("__glibcxx_rwlock_");
  if (skip(name, "_ZSt"))
    return has(names_in_std, take_identifier(name));
  // a member, or a lambda in one
  if (!skip(name, "_ZN") && !skip(name, "_ZZN"))
    return false;
  skip(name, "K");
  if (skip(name, "9__gnu_cxx")) {
    std::string_view first = take_identifier(name);
    return first == "__mutex" || first == "__scoped_lock";
  }
  std::string_view rest = name;
  skip(rest, "5boost");
  if (skip(rest, "4asio6detail"))
    return has(names_in_asio, take_identifier(rest));
  if (!skip(name, "St"))
    return false;
  std::string_view first = take_identifier(name);
  if (first == "_V2" || first == "__1")
    first = take_identifier(name); // inline namespaces
  if (first == "__detail")
    return has(names_in_detail, take_identifier(name));
  if (first == "__future_base")
    return take_identifier(name) == "_State_baseV2";
  return first.starts_with("__libcpp_") || has(names_in_std, first);
}

bool is_loop_function(std::string_view name) noexcept {
  if (!skip(name, "_ZN"))
    return false;
  skip(name, "5boost");
  if (!skip(name, "4asio"))
    return false;
  static constexpr std::string_view members[] = {"run", "run_one", "wait_one", "do_run_one", "do_wait_one"};
  if (skip(name, "6detail") && take_identifier(name) != "scheduler")
    return false;
  else if (name.starts_with("10io_context"))
    take_identifier(name);
  return has(members, take_identifier(name));
}

bool is_worker_function(std::string_view name) noexcept {
  static constexpr std::string_view workers[] = {"11thread_pool15thread_function", "14system_context15thread_function",
                                                 "21resolver_service_base21work_scheduler_runner"};
  if (name.find("4asio") == name.npos)
    return false;
  return std::any_of(std::begin(workers), std::end(workers), [&](std::string_view each) { return name.find(each) != name.npos; });
}

} // namespace tenterhook::recorder
