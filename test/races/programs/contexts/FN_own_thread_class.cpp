// A class of threads of the project's own keeps what it is to run, and runs it in a thread: the object is still the one.
#include <functional>
#include <memory>
#include <pthread.h>
#include <vector>

class Thread {
public:
  explicit Thread(std::function<void()> work) : work_(std::move(work)) {}
  void start() { pthread_create(&id_, nullptr, &Thread::enter, this); }
  void join() { pthread_join(id_, nullptr); }

private:
  static void *enter(void *object) {
    static_cast<Thread *>(object)->run();
    return nullptr;
  }
  void run() { work_(); }

  pthread_t id_{};
  std::function<void()> work_;
};

class Pool {
public:
  void start(int count) {
    running_ = true; // RACE(running)
    for (int i = 0; i < count; ++i) {
      threads_.emplace_back(new Thread(std::bind(&Pool::work, this)));
      threads_.back()->start();
    }
  }
  void stop() {
    running_ = false; // RACE(running)
    for (auto &thread : threads_)
      thread->join();
  }

private:
  void work() {
    while (running_) // RACE(running)
      ++turns_;      // RACE(turns)
  }

  bool running_ = false;
  long turns_ = 0;
  std::vector<std::unique_ptr<Thread>> threads_;
};

int main() {
  Pool pool;
  pool.start(3);
  pool.stop();
}
