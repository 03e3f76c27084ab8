// The queue of a process_pool, and who works it off: the driver, one thread at a time. It is the thread of a map(), or
// once something was submitted, a thread of the pool; a map() whose items have ended leaves, and another one goes on.
// Invariants: a child has at most one item at a time, so that its death concerns one item. The parent writes to a child
// only while that waits to read, and reads what it has begun to read to its end: neither can wait for the other in a
// circle. Items are finished in deliver() alone, where no lock is held and nothing is half done: the continuations that run
// there may come back with a map(), which then drives within the driver.
#include <tenterhook/process_pool.h>

#include "fork_server.h"

#include <tenterhook/block_event.h>

#include <cerrno>
#include <cstdio>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace tenterhook::detail {

process_group::process_group(unsigned processes, const std::function<std::string(std::string_view)> &serve) : owner_(::getpid()) {
  if (processes == 0 || processes > most_processes)
    throw std::invalid_argument("process_pool: a pool of " + std::to_string(processes) + " processes; give 1 to " +
                                std::to_string(most_processes));
  server_ = std::make_unique<fork_server>(serve);
  wake_ = ::eventfd(0, EFD_CLOEXEC | EFD_NONBLOCK);
  if (wake_ < 0)
    throw std::system_error(errno, std::generic_category(), "process_pool: eventfd");
  children_.resize(processes);
  try {
    for (child &each : children_)
      start(each);
  } catch (...) {
    close_all();
    ::close(wake_);
    throw;
  }
}

process_group::~process_group() {
  try {
    shutdown();
  } catch (const std::logic_error &error) {
    std::fprintf(stderr, "tenterhook: the destructor of a pool: %s\n", error.what());
    std::terminate();
  }
  ::close(wake_);
}

// In a forked process its thread does not exist, whatever lock that held stays locked, and the children are the parent's:
// nothing of it may be touched.
void process_group::ender::operator()(process_group *ended) const noexcept {
  if (!ended->is_elsewhere()) {
    delete ended;
    return;
  }
  // Where leak detectors find them; never destroyed, since global pools end after function statics do.
  static auto &left_alone = *new std::deque<process_group *>;
  left_alone.push_back(ended);
}

bool process_group::is_elsewhere() const noexcept { return ::getpid() != owner_; }

void process_group::refuse_elsewhere(const char *call) const {
  if (is_elsewhere())
    throw std::logic_error("process_pool: " + std::string(call) +
                           " in a process that was forked from the pool's; make a pool there");
}

void process_group::start(child &which) {
  std::lock_guard lock(processes_);
  if (terminated_)
    return;
  fork_server::child made = server_->make();
  which.process = made.process;
  which.socket = made.socket;
}

// Kills it if it still runs; says how it ended.
std::string process_group::reap(child &which) noexcept {
  ::close(which.socket);
  which.socket = -1;
  std::lock_guard lock(processes_);
  // Its end of the socket is closed, so it is on its way out, and how it ends is settled; or it closed it and lives on.
  std::string how = "the child process " + std::to_string(which.process) + ' ' + server_->reap(which.process);
  which.process = -1;
  return how;
}

// Another one in the place of one that died; says why there is none.
std::exception_ptr process_group::replace(child &which) noexcept {
  try {
    start(which);
    return nullptr;
  } catch (...) {
    return std::current_exception();
  }
}

// False if there is no child for this place: then the item has not begun. Else it is at work, or has ended: a child that dies
// when it has a part of it died of that item, and so, lest an item is tried for ever, does the second one that dies before.
bool process_group::give(child &to, std::unique_ptr<process_item> &item) {
  std::exception_ptr died;
  for (int tries = 0; tries != 2; ++tries) {
    if (to.process == -1)
      last_error_ = replace(to);
    if (to.process == -1)
      return false;
    sent how_much = send_message(to.socket, item->request, false);
    if (how_much == sent::all) {
      item->request = {};
      to.item = std::move(item);
      return true;
    }
    died = death(to, how_much == sent::some ? "while it was given this item" : "before it could be given this item");
    if (how_much == sent::some)
      break;
  }
  ended_.push_back({std::move(item), {{}, std::move(died)}});
  return true;
}

std::exception_ptr process_group::death(child &of, const char *when) {
  return std::make_exception_ptr(process_died("process_pool: " + reap(of) + ' ' + when));
}

void process_group::take(child &from) {
  ended_item &ended = ended_.emplace_back();
  ended.item = std::move(from.item);
  bool failed = false, received = false;
  try {
    received = receive_message(from.socket, ended.answer.bytes, failed);
  } catch (const std::exception &) { // no memory for what it says that it sends
  }
  if (!received) {
    ended.answer.error = death(from, "while it worked on this item");
    last_error_ = replace(from);
  } else if (failed) {
    ended.answer.error = std::make_exception_ptr(process_error(ended.answer.bytes));
  }
}

// Not one that was told to stop: it has not begun.
std::unique_ptr<process_item> process_group::next_item() {
  for (;;) {
    std::unique_ptr<process_item> first;
    {
      std::lock_guard lock(state_);
      if (queue_.empty())
        return nullptr;
      first = std::move(queue_.front());
      queue_.pop_front();
    }
    if (!first->stop.stop_requested())
      return first;
    ended_.push_back({std::move(first), {{}, std::make_exception_ptr(cancelled())}});
  }
}

// Takes those out of the queue that nobody wants any more.
void process_group::drop_stopped() {
  if (!stop_seen_.exchange(false))
    return;
  std::deque<std::unique_ptr<process_item>> kept;
  std::lock_guard lock(state_);
  for (std::unique_ptr<process_item> &each : queue_)
    if (each->stop.stop_requested())
      ended_.push_back({std::move(each), {{}, std::make_exception_ptr(cancelled())}});
    else
      kept.push_back(std::move(each));
  queue_.swap(kept);
}

void process_group::hand_out() {
  drop_stopped();
  bool at_work = false, refused = false;
  for (child &each : children_) {
    while (!each.item) {
      std::unique_ptr<process_item> item = next_item();
      if (!item)
        break;
      if (!give(each, item)) {
        refused = true;
        std::lock_guard lock(state_);
        queue_.push_front(std::move(item)); // for another child
        break;
      }
    }
    at_work |= each.item != nullptr;
  }
  if (refused && !at_work)
    while (std::unique_ptr<process_item> item = next_item())
      ended_.push_back({std::move(item), {{}, std::make_exception_ptr(process_died(no_child()))}});
}

void process_group::deliver() {
  while (!ended_.empty()) {
    ended_item ended = std::move(ended_.front());
    ended_.pop_front();
    ended.item->wake_on_stop.reset();
    ended.item->done(std::move(ended.answer)); // may call map(), which delivers the next ones
    std::lock_guard lock(state_);
    --open_items_;
    if (std::size_t *left = ended.item->left; left && --*left == 0)
      turn_.notify_all();
  }
}

// Until a child has something to say, or somebody calls wake().
void process_group::await_results(block_event *event) {
  std::vector<pollfd> polled(1, {wake_, POLLIN, 0});
  for (const child &each : children_)
    polled.push_back({each.item ? each.socket : -1, POLLIN, 0});
  if (event)
    event->waiting();
  while (::poll(polled.data(), nfds_t(polled.size()), -1) < 0) // EINTR; or ENOMEM, which passes
    if (errno != EINTR)
      std::this_thread::yield();
  if (polled[0].revents != 0) {
    std::uint64_t count;
    [[maybe_unused]] ssize_t size = ::read(wake_, &count, sizeof count);
  }
  for (std::size_t i = 0; i != children_.size(); ++i)
    if (polled[i + 1].revents != 0)
      take(children_[i]);
}

// With state_ locked, while nobody or this thread drives: works until the count, which state_ guards, is zero.
void process_group::drive(std::unique_lock<std::mutex> &lock, const std::size_t &until_none, block_event *event) noexcept {
  const std::thread::id outer = std::exchange(driving_, std::this_thread::get_id());
  for (;;) {
    lock.unlock();
    hand_out();
    deliver();
    lock.lock();
    if (until_none == 0)
      break;
    lock.unlock();
    await_results(event);
    lock.lock();
  }
  driving_ = outer;
  turn_.notify_all(); // another map(), or shutdown()
  has_work_.notify_one();
}

std::string process_group::no_child() const {
  std::string text = "process_pool: no child process is left to work on this item";
  if (terminated_)
    return text + ": the pool was terminated";
  try {
    if (last_error_)
      std::rethrow_exception(last_error_);
  } catch (const std::exception &error) {
    text += ": ";
    text += error.what();
  }
  return text;
}

void process_group::wake() noexcept {
  std::uint64_t one = 1;
  [[maybe_unused]] ssize_t written = ::write(wake_, &one, sizeof one);
}

void process_group::note_stop() noexcept {
  stop_seen_ = true;
  wake();
}

std::vector<process_reply> process_group::run(std::vector<std::string> requests, const std::stop_token &stop,
                                              const std::source_location &at) {
  refuse_elsewhere("map()");
  block_event event("tenterhook::process_pool::map", at);
  std::vector<process_reply> replies(requests.size());
  std::size_t left = requests.size();
  std::vector<std::unique_ptr<process_item>> items;
  for (std::size_t i = 0; i != requests.size(); ++i) {
    items.push_back(std::make_unique<process_item>());
    items[i]->request = std::move(requests[i]);
    items[i]->stop = stop;
    items[i]->left = &left;
    items[i]->done = [&replies, i](process_reply answer) noexcept { replies[i] = std::move(answer); };
  }
  std::optional<std::stop_callback<process_item::waker>> on_stop;
  on_stop.emplace(stop, process_item::waker{this});
  const std::thread::id self = std::this_thread::get_id();
  std::unique_lock lock(state_);
  if (phase_ != open)
    throw closed("process_pool: map() after shutdown()");
  queue_.insert(queue_.end(), std::move_iterator(items.begin()), std::move_iterator(items.end()));
  open_items_ += items.size();
  ++maps_;
  wake(); // who drives has more to hand out
  while (left != 0)
    if (driving_ == std::thread::id() || driving_ == self) {
      drive(lock, left, &event);
    } else {
      event.waiting();
      turn_.wait(lock);
    }
  on_stop.reset(); // afterwards the pool may go
  if (--maps_ == 0)
    turn_.notify_all();
  return replies;
}

void process_group::submit(std::unique_ptr<process_item> item) {
  refuse_elsewhere("submit()");
  std::stop_token stop = item->stop;
  if (stop.stop_possible())
    item->wake_on_stop.emplace(stop, process_item::waker{this});
  {
    std::lock_guard lock(state_);
    if (phase_ != open)
      throw closed("process_pool: submit() after shutdown()");
    if (!driver_.joinable())
      driver_ = std::thread([this] { drive_all(); });
    queue_.push_back(std::move(item));
    ++open_items_;
    if (stop.stop_requested()) // the driver may have looked for it before it was in the queue
      stop_seen_ = true;
  }
  has_work_.notify_one();
  wake();
}

// The pool's thread: drives whenever something is left and nobody else does.
void process_group::drive_all() {
  trace::name_thread("process_pool");
  std::unique_lock lock(state_);
  for (;;) {
    has_work_.wait(lock, [this] { return open_items_ == 0 ? phase_ != open : driving_ == std::thread::id(); });
    if (open_items_ == 0)
      return;
    drive(lock, open_items_, nullptr);
  }
}

void process_group::close_all() noexcept {
  // All ends first: the children end at the same time.
  for (child &each : children_)
    if (each.process != -1)
      ::shutdown(each.socket, SHUT_RDWR);
  for (child &each : children_)
    if (each.process != -1) {
      // It keeps its number until it is reaped, and that is under the lock: terminate() finds either it or nothing.
      server_->await_end(each.process);
      reap(each);
    }
  server_->stop();
}

void process_group::shutdown() {
  if (is_elsewhere())
    return;
  std::thread driver;
  {
    std::unique_lock lock(state_);
    if (driving_ == std::this_thread::get_id())
      throw std::logic_error("process_pool: shutdown() in a continuation that the pool's work runs, which would wait for "
                             "itself; let another thread end the pool");
    if (phase_ != open) { // another one is at it
      turn_.wait(lock, [this] { return phase_ == closed_down; });
      return;
    }
    phase_ = closing;
    turn_.wait(lock, [this] { return maps_ == 0; });
    driver.swap(driver_);
  }
  has_work_.notify_one();
  if (driver.joinable())
    driver.join();
  close_all();
  std::lock_guard lock(state_);
  phase_ = closed_down;
  turn_.notify_all();
}

void process_group::terminate() noexcept {
  if (is_elsewhere())
    return;
  {
    std::lock_guard lock(processes_);
    terminated_ = true;
    for (child &each : children_)
      if (each.process != -1)
        ::kill(each.process, SIGKILL);
  }
  wake();
}

unsigned process_group::alive() const {
  if (is_elsewhere())
    return 0;
  std::lock_guard lock(processes_);
  unsigned count = 0;
  for (const child &each : children_)
    count += each.process != -1;
  return count;
}

} // namespace tenterhook::detail
