// Queues of objects with a virtual function instead of callables: who takes them out and runs them is a loop or a pool.
// RUN: %verify %s
#include <condition_variable>
#include <deque>
#include <map>
#include <memory>
#include <mutex>
#include <poll.h>
#include <queue>
#include <thread>
#include <sys/epoll.h>
#include <unistd.h>
#include <vector>

struct Job {
  virtual ~Job() = default;
  virtual void run() = 0;
  virtual void describe() {}
};
static volatile bool stop;

// Taken out by main, one after the other: the next one waits.
namespace owned {
struct Slow : Job {
  void run() override {
    ::usleep(9); // finding: blocking-call-in-coroutine likely "a callback of an event loop"
  }
  void describe() override { ::usleep(1); } // nobody asks for it there
};
struct Quick : Job {
  void run() override {}
};
std::mutex mutex;
std::condition_variable more;
std::deque<std::unique_ptr<Job>> jobs;
void give(std::unique_ptr<Job> job) {
  std::lock_guard hold(mutex);
  jobs.push_back(std::move(job));
  more.notify_one();
}
void run() {
  give(std::make_unique<Slow>());
  give(std::make_unique<Quick>());
  while (!stop) {
    std::unique_lock lock(mutex);
    more.wait(lock, [] { return !jobs.empty(); });
    std::unique_ptr<Job> job = std::move(jobs.front());
    jobs.pop_front();
    lock.unlock();
    job->run();
  }
}
} // namespace owned

// A queue of the program's own, that gives by reference; plain pointers, `this` among them.
namespace by_reference {
template <class T> class Queue {
public:
  void push(T what) {
    std::lock_guard hold(mutex_);
    items_.push(what);
    some_.notify_one();
  }
  void pop(T &what) {
    std::unique_lock hold(mutex_);
    while (items_.empty())
      some_.wait(hold);
    what = items_.front();
    items_.pop();
  }

private:
  std::mutex mutex_;
  std::condition_variable some_;
  std::queue<T> items_;
};
Queue<Job *> jobs;
struct Puts : Job {
  void submit() { jobs.push(this); }
};
struct Slow : Puts {
  void run() override { ::usleep(9); } // finding: blocking-call-in-coroutine likely
};
void run() {
  Slow slow;
  slow.submit();
  while (!stop) {
    Job *job = nullptr;
    jobs.pop(job);
    job->run();
  }
}
} // namespace by_reference

// With a time each.
namespace entries {
struct Entry {
  long due;
  std::shared_ptr<Job> job;
  bool operator<(const Entry &o) const { return due < o.due; }
};
struct Slow : Job {
  void run() override { ::usleep(9); } // finding: blocking-call-in-coroutine likely
};
class Timers {
public:
  void add(long due, std::shared_ptr<Job> job) { queue_.push({due, std::move(job)}); }
  void run() {
    while (!queue_.empty()) {
      Entry next = queue_.top();
      queue_.pop();
      ::usleep(next.due);
      next.job->run();
    }
  }

private:
  std::priority_queue<Entry> queue_;
};
void run() {
  Timers timers;
  timers.add(3, std::make_shared<Slow>());
  timers.run();
}
} // namespace entries

// Who waits for events and then calls what is registered; nothing is taken out.
namespace handlers {
struct Handler {
  virtual ~Handler() = default;
  virtual void readable(int fd) = 0;
};
struct Slow : Handler {
  void readable(int) override { ::usleep(9); } // finding: blocking-call-in-coroutine likely
};
std::map<int, std::unique_ptr<Handler>> handlers;
void serve() {
  while (!stop) {
    pollfd fd{0, POLLIN, 0};
    ::poll(&fd, 1, -1);
    handlers[fd.fd]->readable(fd.fd);
  }
}
void run() {
  handlers[0] = std::make_unique<Slow>();
  std::thread(serve).detach();
}
} // namespace handlers

// An entry that the system gives back has the handler.
namespace epoll {
struct Handler {
  virtual ~Handler() = default;
  virtual void readable() = 0;
  virtual void late() {}
};
struct Entry {
  int fd;
  Handler *handler;
};
class Poller {
public:
  void add(int fd, Handler *handler) {
    auto *entry = new Entry{fd, handler};
    epoll_event event{};
    event.data.ptr = entry;
    ::epoll_ctl(poll_, EPOLL_CTL_ADD, fd, &event);
  }
  void run() {
    while (!stop) {
      epoll_event events[9];
      const int n = ::epoll_wait(poll_, events, 9, -1);
      for (int i = 0; i < n; ++i) {
        auto *entry = static_cast<Entry *>(events[i].data.ptr);
        entry->handler->readable();
      }
      before_->late();
    }
  }

private:
  int poll_ = 0;
  std::unique_ptr<Handler> before_;
};
struct Slow : Handler {
  explicit Slow(Poller &poller) { poller.add(0, this); }
  void readable() override { ::usleep(9); } // finding: blocking-call-in-coroutine likely
  void late() override { ::usleep(1); }
};
struct Elsewhere : Handler {
  void readable() override { ::usleep(2); } // nobody gives it to the poller
};
void run() {
  static Poller poller;
  static Slow slow(poller);
  static Elsewhere elsewhere;
  std::thread([] { poller.run(); }).detach();
}
} // namespace epoll

// Several threads: a pool. What is given to a pool only is not what the loop runs, though both are Jobs.
namespace pool {
struct Slow : Job {
  void run() override { ::usleep(9); }
};
class Pool {
public:
  Pool() {
    for (int i = 0; i < 4; ++i)
      threads_.emplace_back([this] { work(); });
  }
  void give(std::unique_ptr<Job> job) {
    std::lock_guard hold(mutex_);
    jobs_.push_back(std::move(job));
  }

private:
  void work() {
    for (;;) {
      std::unique_ptr<Job> job;
      {
        std::unique_lock lock(mutex_);
        some_.wait(lock, [this] { return !jobs_.empty(); });
        job = std::move(jobs_.front());
        jobs_.pop_front();
      }
      job->run();
    }
  }
  std::mutex mutex_;
  std::condition_variable some_;
  std::deque<std::unique_ptr<Job>> jobs_;
  std::vector<std::thread> threads_;
};
void run() {
  static Pool all;
  all.give(std::make_unique<Slow>());
}
} // namespace pool

// A thread of its own that runs plain jobs.
namespace worker {
struct Slow : Job {
  void run() override { ::usleep(9); }
};
std::deque<Job *> jobs;
void work() {
  while (!stop) {
    Job *job = jobs.front();
    jobs.pop_front();
    job->run();
  }
}
void run() {
  jobs.push_back(new Slow);
  std::thread(work).detach();
}
} // namespace worker

// Kept, and never run; counted and described.
namespace kept {
struct Slow : Job {
  void run() override { ::usleep(9); }
};
std::vector<std::unique_ptr<Job>> jobs;
std::mutex mutex;
std::condition_variable more;
void run() {
  jobs.push_back(std::make_unique<Slow>());
  while (!stop) {
    std::unique_lock lock(mutex);
    more.wait(lock);
    for (auto &job : jobs)
      job->describe();
    jobs.clear();
  }
}
} // namespace kept

// Data: what is done with it is written in the loop.
namespace data {
struct Message {
  virtual ~Message() = default;
  virtual int kind() const { return 0; }
};
struct Request : Message {
  int kind() const override { return 1; }
  void store() { ::usleep(9); }
};
std::deque<std::unique_ptr<Message>> messages;
std::mutex mutex;
std::condition_variable more;
void run() {
  messages.push_back(std::make_unique<Request>());
  while (!stop) {
    std::unique_lock lock(mutex);
    more.wait(lock);
    auto message = std::move(messages.front());
    messages.pop_front();
    lock.unlock();
    if (message->kind() == 1)
      static_cast<Request &>(*message).store();
  }
}
} // namespace data

// One object, which is exchanged for the next: no queue of them.
namespace strategy {
struct Slow : Job {
  void run() override { ::usleep(9); }
};
std::unique_ptr<Job> current;
std::unique_ptr<Job> swapped(std::unique_ptr<Job> next) {
  auto before = std::move(current);
  current = std::move(next);
  return before;
}
void run() {
  swapped(std::make_unique<Slow>());
  while (!stop) {
    ::usleep(1);
    current->run();
  }
}
} // namespace strategy

// A list that the objects form themselves.
namespace intrusive {
struct Node {
  virtual ~Node() = default;
  virtual void run() = 0;
  Node *next = nullptr;
};
struct Slow : Node {
  void FN_run() { ::usleep(9); }
  void run() override { FN_run(); }
};
Node *head;
void run() {
  head = new Slow;
  while (!stop) {
    ::usleep(1);
    Node *first = head;
    head = first->next;
    first->run();
  }
}
} // namespace intrusive

int main() {
  handlers::run();
  epoll::run();
  pool::run();
  worker::run();
  owned::run();
  by_reference::run();
  entries::run();
  kept::run();
  data::run();
  strategy::run();
  intrusive::run();
}
