// The handler, and whom it tells.
//
// Invariants: listeners are never freed, only given to the next set, so the handler walks their list without a lock. A
// listener that wants nothing is not touched by handlers that begin later; who stops one waits for those that run before
// it closes the descriptor. Both sides write their own word and then read the other's (seq_cst).
#include <tenterhook/signal_set.h>

#include <algorithm>
#include <atomic>
#include <bit>
#include <cerrno>
#include <memory>
#include <mutex>
#include <pthread.h>
#include <sys/eventfd.h>
#include <system_error>
#include <thread>
#include <unistd.h>

namespace tenterhook {

namespace detail {

struct signal_listener {
  std::atomic<std::uint64_t> wanted{0}, pending{0}; // bit n: signal n + 1
  std::atomic<int> wake_fd{-1};
  bool in_use = true; // under the registry's guard
  signal_listener *next = nullptr;
};

} // namespace detail

namespace {

using detail::signal_listener;

constexpr int last_signal = 64;
constexpr std::uint64_t bit_of(int number) noexcept { return std::uint64_t(1) << (number - 1); }

std::atomic<signal_listener *> listeners{nullptr};
std::atomic<unsigned> in_handler{0};

extern "C" void tenterhook_note_signal(int number) {
  int error = errno;
  in_handler.fetch_add(1);
  for (signal_listener *each = listeners.load(); each; each = each->next) {
    if (!(each->wanted.load() & bit_of(number)))
      continue;
    each->pending.fetch_or(bit_of(number));
    std::uint64_t one = 1;
    [[maybe_unused]] ssize_t written = ::write(each->wake_fd.load(), &one, sizeof one);
  }
  in_handler.fetch_sub(1);
  errno = error;
}

// Who has asked for which signal, and what was there before.
struct registry {
  std::mutex guard;
  unsigned sets[last_signal + 1] = {};
  struct sigaction before[last_signal + 1];

  static registry &get() {
    static registry *only = [] {
      // A handler that runs in another thread while this process is forked does not go on in the child.
      pthread_atfork(nullptr, nullptr, [] { in_handler.store(0); });
      return new registry; // sets may end after all static objects
    }();
    return *only;
  }

  void install(int number) {
    if (number < 1 || number > last_signal)
      throw std::system_error(EINVAL, std::generic_category(), "signal_set: signal " + std::to_string(number));
    if (number == SIGSEGV || number == SIGBUS || number == SIGFPE || number == SIGILL)
      throw std::invalid_argument("signal_set: signal " + std::to_string(number) +
                                  " is raised again when its handler returns; it cannot be waited for");
    if (sets[number] == 0) {
      struct sigaction ours{};
      ours.sa_handler = tenterhook_note_signal;
      ours.sa_flags = SA_RESTART;
      sigfillset(&ours.sa_mask);
      if (::sigaction(number, &ours, &before[number]) != 0)
        throw std::system_error(errno, std::generic_category(), "signal_set: signal " + std::to_string(number));
    }
    ++sets[number];
  }
  void remove(int number) noexcept {
    if (--sets[number] != 0)
      return;
    struct sigaction now;
    if (::sigaction(number, nullptr, &now) == 0 && now.sa_handler == tenterhook_note_signal)
      ::sigaction(number, &before[number], nullptr);
  }

  signal_listener *listen() {
    for (signal_listener *each = listeners.load(); each; each = each->next)
      if (!std::exchange(each->in_use, true))
        return each;
    auto *made = new signal_listener;
    made->next = listeners.load();
    listeners.store(made); // one writer at a time: under the guard
    return made;
  }
};

} // namespace

signal_set::signal_set(std::initializer_list<int> signals) : signal_set(signals, detail::this_loop("signal_set")) {}

signal_set::signal_set(std::initializer_list<int> signals, event_loop &loop) : numbers(signals) {
  std::sort(numbers.begin(), numbers.end());
  numbers.erase(std::unique(numbers.begin(), numbers.end()), numbers.end());
  int fd = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (fd < 0)
    throw std::system_error(errno, std::generic_category(), "signal_set: eventfd");
  auto made = std::make_unique<detail::descriptor>(detail::descriptor{&loop, fd});
  std::size_t installed = 0;
  registry &all = registry::get();
  try {
    loop.watch(*made);
    at = made.release();
    std::lock_guard lock(all.guard);
    listener = all.listen();
    listener->pending.store(0);
    listener->wake_fd.store(fd);
    std::uint64_t wanted = 0;
    for (int each : numbers)
      if (each >= 1 && each <= last_signal)
        wanted |= bit_of(each);
    listener->wanted.store(wanted); // before the handler is there: nothing that it gets is missed
    for (; installed != numbers.size(); ++installed)
      all.install(numbers[installed]);
  } catch (...) {
    if (at)
      release(installed);
    else
      ::close(fd);
    throw;
  }
}

signal_set::~signal_set() { release(numbers.size()); }

void signal_set::release(std::size_t installed) noexcept {
  registry &all = registry::get();
  if (listener) {
    std::lock_guard lock(all.guard);
    for (std::size_t i = 0; i != installed; ++i)
      all.remove(numbers[i]);
    listener->wanted.store(0);
    while (in_handler.load() != 0) // on another thread, for a few instructions
      std::this_thread::yield();
    listener->wake_fd.store(-1);
    listener->in_use = false;
  }
  int fd = at->fd;
  at->loop->unwatch(*at);
  ::close(fd);
}

bool signal_set::awaiter::take(io_attempt *attempt, int) noexcept {
  auto *self = static_cast<awaiter *>(attempt);
  std::uint64_t found = self->listener.pending.load();
  if (!found) {
    self->at->may[self->way] = false; // each write to the descriptor is an edge
    return false;
  }
  self->number = std::countr_zero(found) + 1;
  self->listener.pending.fetch_and(~bit_of(self->number));
  return true;
}

} // namespace tenterhook
