// The thread-local state behind executor.h and recycle.h, and what of them is rare.
#include <tenterhook/executor.h>
#include <tenterhook/future_state.h>

#include <cstdio>
#include <exception>
#include <stdexcept>
#include <string>

namespace tenterhook {

namespace detail {

constinit thread_local thread_context context;
constinit thread_local recycled_blocks blocks;
constinit thread_local continuations continuing;

namespace {
// Gives the thread's blocks back when it ends. Frees that come later still (other thread_locals' destructors) find no
// room.
struct blocks_at_exit {
  bool alive = true;
  ~blocks_at_exit() {
    alive = false;
    for (std::size_t index = 0; index < recycled_blocks::classes; ++index) {
      blocks.room[index] = 0;
      while (free_block *block = blocks.first[index]) {
        blocks.first[index] = block->next;
        std::free(block);
      }
    }
  }
};
} // namespace

void recycle_slowly(void *block, std::size_t index) noexcept {
  if (!blocks.registered) {
    blocks.registered = true;
    static thread_local blocks_at_exit at_exit;
    if (at_exit.alive)
      for (std::size_t i = 0; i < recycled_blocks::classes; ++i)
        blocks.room[i] = unsigned(recycled_blocks::kept_bytes / ((i + 1) * recycled_blocks::granule));
  }
  if (!blocks.room[index]) {
    std::free(block);
    return;
  }
  --blocks.room[index];
  auto *freed = static_cast<free_block *>(block);
  freed->next = blocks.first[index];
  blocks.first[index] = freed;
}

executor &this_executor(const char *what) {
  if (executor *here = executor::current())
    return *here;
  throw std::logic_error(std::string(what) + " needs an executor to go on on, and this thread runs none");
}

} // namespace detail

void detail::report(const lost_exception &what) noexcept {
  const char *file = what.place.file_name();
  auto line = unsigned(what.place.line());
  try {
    std::rethrow_exception(what.error);
  } catch (const std::exception &error) {
    std::fprintf(stderr, "tenterhook: %s:%u: the task that was spawned here ended with an exception that nobody saw: %s\n", file,
                 line, error.what());
  } catch (...) {
    std::fprintf(stderr, "tenterhook: %s:%u: the task that was spawned here ended with an exception that nobody saw\n", file,
                 line);
  }
}

void executor::lost(const lost_exception &what) noexcept { detail::report(what); }

void executor::forget(work_item &item) noexcept {
  std::fprintf(stderr,
               "tenterhook: a coroutine was destroyed while its continuation at %s:%u was queued on an executor; let it "
               "finish first\n",
               item.place.file_name(), unsigned(item.place.line()));
  std::terminate();
}

} // namespace tenterhook
