// The count and the errors of a task group.
#include <tenterhook/task_group.h>

namespace tenterhook {

namespace {
std::string message_of(const std::exception_ptr &thrown) {
  try {
    std::rethrow_exception(thrown);
  } catch (const std::exception &error) {
    return error.what();
  } catch (const cancelled &stopped) {
    return stopped.what();
  } catch (...) {
    return "an exception that is no std::exception";
  }
}
} // namespace

task_group_error::task_group_error(std::vector<std::exception_ptr> all) : list(std::move(all)) {
  text = std::to_string(list.size()) + (list.size() == 1 ? " exception" : " exceptions") + " in a task group";
  for (const std::exception_ptr &each : list)
    text += (&each == &list.front() ? ": " : "; ") + message_of(each);
}

namespace detail {

std::exception_ptr never_begun() {
  return std::make_exception_ptr(closed("a task of a task group was given to an executor that was closed before the task began"));
}

void group_state::enter() {
  std::lock_guard lock(guard);
  if (running == 0)
    throw closed("a task was started in a task group that has ended");
  ++running;
}

void group_state::leave() noexcept {
  {
    std::lock_guard lock(guard);
    if (--running != 0)
      return;
  }
  empty.set_value(); // nobody enters any more
}

bool group_state::failed(std::exception_ptr thrown) noexcept {
  bool is_error = true;
  try {
    std::rethrow_exception(thrown);
  } catch (const cancelled &) {
    is_error = false;
  } catch (...) {
    std::lock_guard lock(guard);
    errors.push_back(std::move(thrown));
  }
  if (is_error)
    scope.request_stop(); // without the lock: callbacks run within it
  return is_error;
}

void group_state::rethrow() {
  std::lock_guard lock(guard);
  if (!errors.empty())
    throw task_group_error(std::move(errors));
}

} // namespace detail

} // namespace tenterhook
