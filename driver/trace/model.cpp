// Look-ups and words of the model.
#include "trace/model.h"
#include "llvm/ADT/STLExtras.h"

namespace tenterhook::runs {

const RunThread *Run::thread(std::uint32_t index) const {
  auto found = llvm::lower_bound(threads, index, [](const RunThread &thread, std::uint32_t i) { return thread.index < i; });
  return found != threads.end() && found->index == index ? &*found : nullptr;
}

const Task *Run::task(std::uint64_t id) const {
  auto found = llvm::lower_bound(tasks, id, [](const Task &task, std::uint64_t i) { return task.id < i; });
  return found != tasks.end() && found->id == id ? &*found : nullptr;
}

llvm::StringRef label(Kind kind) {
  switch (kind) {
  case Kind::none: return "";
  case Kind::task_new: return "task-new";
  case Kind::task_start: return "task-start";
  case Kind::task_suspend: return "task-suspend";
  case Kind::task_resume: return "task-resume";
  case Kind::task_done: return "task-done";
  case Kind::task_destroy: return "task-destroy";
  case Kind::task_awaited: return "task-awaited";
  case Kind::loop_place: return "loop-place";
  case Kind::loop_enter: return "loop-enter";
  case Kind::loop_leave: return "loop-leave";
  case Kind::loop_wait: return "loop-wait";
  case Kind::loop_wake: return "loop-wake";
  case Kind::stall: return "stall";
  case Kind::submit: return "submit";
  case Kind::work_start: return "work-start";
  case Kind::work_end: return "work-end";
  case Kind::worker_enter: return "worker-enter";
  case Kind::worker_leave: return "worker-leave";
  case Kind::lock: return "lock";
  case Kind::unlock: return "unlock";
  case Kind::lock_wait: return "lock-wait";
  case Kind::held_at_wait: return "held-at-wait";
  case Kind::foreign_unlock: return "foreign-unlock";
  case Kind::held_at_suspend: return "held-at-suspend";
  case Kind::block: return "block";
  case Kind::wait_on: return "wait-on";
  case Kind::access: return "access";
  case Kind::race: return "race";
  }
  return "";
}

llvm::StringRef label(Role role) {
  switch (role) {
  case Role::unknown: break;
  case Role::main: return "main";
  case Role::loop: return "loop";
  case Role::worker: return "worker";
  }
  return "thread";
}

llvm::StringRef label(Wait wait) {
  switch (wait) {
  case Wait::other: break;
  case Wait::task: return "a task";
  case Wait::timer: return "a timer";
  case Wait::descriptor: return "a descriptor";
  case Wait::lock: return "a lock";
  case Wait::executor: return "an executor";
  case Wait::queue: return "a queue";
  case Wait::future: return "a future";
  }
  return "something";
}

} // namespace tenterhook::runs
