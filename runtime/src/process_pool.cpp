// The queue of a process_pool, and who works it off: the thread of a map(), or once something was submitted, a thread of
// the pool. Invariants: a child has at most one item at a time, so that its death concerns one item. The parent writes to
// a child only while that waits to read, and reads what it has begun to read to its end: neither can wait for the other
// in a circle. Who drives holds driving_, and alone touches the children; items are finished without any lock but that.
#include <tenterhook/process_pool.h>

#include "fork_server.h"

#include <tenterhook/block_event.h>

#include <cerrno>
#include <poll.h>
#include <signal.h>
#include <sys/eventfd.h>
#include <sys/socket.h>
#include <system_error>
#include <unistd.h>

namespace tenterhook::detail {

process_group::process_group(unsigned processes, std::function<std::string(std::string_view)> serve) {
  if (processes == 0)
    throw std::invalid_argument("process_pool: a pool of 0 processes; give at least 1");
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
  shutdown();
  ::close(wake_);
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

// False if there is no child for this place: then the item has not begun.
bool process_group::give(child &to, std::unique_ptr<process_item> &item) {
  for (int tries = 0; tries != 2; ++tries) {
    if (to.process == -1)
      last_error_ = replace(to);
    if (to.process == -1)
      return false;
    if (send_message(to.socket, item->request, false)) {
      item->request = {};
      to.item = std::move(item);
      return true;
    }
    reap(to); // it had died while it had nothing to do
  }
  return false;
}

void process_group::take(child &from) noexcept {
  std::unique_ptr<process_item> item = std::move(from.item);
  process_reply answer;
  bool failed = false, received = false;
  try {
    received = receive_message(from.socket, answer.bytes, failed);
  } catch (const std::exception &) { // no memory for what it says that it sends
  }
  if (!received) {
    answer.error =
        std::make_exception_ptr(process_died("process_pool: " + reap(from) + " while it worked on this item"));
    last_error_ = replace(from);
  } else if (failed) {
    answer.error = std::make_exception_ptr(process_error(answer.bytes));
  }
  finish(std::move(item), std::move(answer));
}

void process_group::finish(std::unique_ptr<process_item> item, process_reply answer) noexcept {
  item->wake_on_stop.reset();
  item->done(std::move(answer));
  std::lock_guard lock(state_);
  --open_items_;
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
    finish(std::move(first), {{}, std::make_exception_ptr(cancelled())});
  }
}

// Takes those out of the queue that nobody wants any more.
void process_group::drop_stopped() {
  if (!stop_seen_.exchange(false))
    return;
  std::deque<std::unique_ptr<process_item>> dropped, kept;
  {
    std::lock_guard lock(state_);
    for (std::unique_ptr<process_item> &each : queue_)
      (each->stop.stop_requested() ? dropped : kept).push_back(std::move(each));
    queue_.swap(kept);
  }
  for (std::unique_ptr<process_item> &each : dropped)
    finish(std::move(each), {{}, std::make_exception_ptr(cancelled())});
}

// Hands items out and results back until `over`, which is asked after each change. With driving_ held.
void process_group::drive(const std::function<bool()> &over, block_event *event) {
  std::vector<pollfd> polled;
  for (;;) {
    drop_stopped();
    bool at_work = false, refused = false;
    for (child &each : children_) {
      if (!each.item)
        if (std::unique_ptr<process_item> item = next_item(); item && !give(each, item)) {
          refused = true;
          std::lock_guard lock(state_);
          queue_.push_front(std::move(item)); // for another child
        }
      at_work |= each.item != nullptr;
    }
    if (refused && !at_work)
      while (std::unique_ptr<process_item> item = next_item())
        finish(std::move(item), {{}, std::make_exception_ptr(process_died(no_child()))});
    if (over())
      return;
    polled.assign(1, {wake_, POLLIN, 0});
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
  block_event event("tenterhook::process_pool::map", at);
  std::vector<process_reply> replies(requests.size());
  std::atomic<std::size_t> left = requests.size();
  tenterhook::promise<void> all_done;
  future<void> end = all_done.get_future();
  auto is_over = [&] { return end.wait_for(std::chrono::seconds(0)); };
  std::vector<std::unique_ptr<process_item>> items;
  for (std::size_t i = 0; i != requests.size(); ++i) {
    items.push_back(std::make_unique<process_item>());
    items[i]->request = std::move(requests[i]);
    items[i]->stop = stop;
    items[i]->done = [&, i](process_reply answer) noexcept {
      replies[i] = std::move(answer);
      if (left.fetch_sub(1) == 1)
        all_done.set_value();
    };
  }
  bool by_thread = false;
  {
    std::lock_guard lock(state_);
    if (closed_)
      throw closed("process_pool: map() after shutdown()");
    if (items.empty())
      return replies;
    by_thread = driver_.joinable();
    queue_.insert(queue_.end(), std::move_iterator(items.begin()), std::move_iterator(items.end()));
    open_items_ += items.size();
    ++maps_;
  }
  {
    std::stop_callback on_stop(stop, [this] { note_stop(); });
    has_work_.notify_one();
    wake();
    if (!by_thread) {
      std::lock_guard driving(driving_); // not free while another map() works at these items, too
      if (!is_over())
        drive(is_over, &event);
    }
    if (!is_over())
      event.waiting();
    end.get();
  }
  std::lock_guard lock(state_);
  if (--maps_ == 0)
    no_map_.notify_all();
  return replies;
}

void process_group::submit(std::unique_ptr<process_item> item) {
  std::stop_token stop = item->stop;
  if (stop.stop_possible())
    item->wake_on_stop.emplace(stop, process_item::waker{this});
  {
    std::lock_guard lock(state_);
    if (closed_)
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

// The pool's thread. It leaves driving_ whenever nothing is left, so that a map() that was before it gets its turn.
void process_group::drive_all() {
  trace::name_thread("process_pool");
  auto nothing_left = [this] {
    std::lock_guard lock(state_);
    return open_items_ == 0;
  };
  for (;;) {
    {
      std::unique_lock lock(state_);
      has_work_.wait(lock, [this] { return open_items_ != 0 || closed_; });
      if (open_items_ == 0)
        return;
    }
    std::lock_guard driving(driving_);
    if (!nothing_left())
      drive(nothing_left, nullptr);
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

void process_group::shutdown() noexcept {
  std::thread driver;
  {
    std::unique_lock lock(state_);
    closed_ = true;
    no_map_.wait(lock, [this] { return maps_ == 0; });
    driver.swap(driver_);
  }
  has_work_.notify_one();
  if (driver.joinable())
    driver.join();
  std::lock_guard driving(driving_);
  close_all();
}

void process_group::terminate() noexcept {
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
  std::lock_guard lock(processes_);
  unsigned count = 0;
  for (const child &each : children_)
    count += each.process != -1;
  return count;
}

} // namespace tenterhook::detail
