// A pointer member that leads to a latch of the creator is a variable of its own: setting it to null writes no latch.
#include <condition_variable>
#include <mutex>
#include <pthread.h>

class Latch {
public:
  void wait() {
    std::unique_lock lock(mutex_);
    while (!open_)
      changed_.wait(lock);
  }
  void open() {
    std::lock_guard lock(mutex_);
    open_ = true;
    changed_.notify_all();
  }

private:
  std::mutex mutex_;
  std::condition_variable changed_;
  bool open_ = false;
};

struct Data {
  explicit Data(Latch *latch) : latch_(latch) {}
  void run() {
    latch_->open();
    latch_ = nullptr;
  }
  Latch *latch_;
};

void *enter(void *given) {
  Data *data = static_cast<Data *>(given);
  data->run();
  delete data;
  return nullptr;
}

class Thread {
public:
  void start() {
    Data *data = new Data(&latch_);
    pthread_create(&id_, nullptr, &enter, data);
    latch_.wait();
  }
  void join() { pthread_join(id_, nullptr); }

private:
  pthread_t id_{};
  Latch latch_;
};

int main() {
  Thread thread;
  thread.start();
  thread.join();
}
