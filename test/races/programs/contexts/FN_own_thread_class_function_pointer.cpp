// A class of threads keeps a function and its argument in members, and calls the one with the other in the thread.
#include <pthread.h>

typedef void(thread_fn)(void *);

class Thread {
public:
  void start(thread_fn *fn, void *arg) {
    fn_ = fn;
    arg_ = arg;
    pthread_create(&id_, nullptr, &Thread::enter, this);
  }
  void stop() { pthread_join(id_, nullptr); }

private:
  static void *enter(void *object) {
    Thread *self = static_cast<Thread *>(object);
    self->fn_(self->arg_);
    return nullptr;
  }
  pthread_t id_{};
  thread_fn *fn_ = nullptr;
  void *arg_ = nullptr;
};

class Poller {
public:
  void start() { worker_.start(&Poller::work, this); }
  ~Poller() {
    stopping_ = true; // RACE(stopping)
    worker_.stop();
  }

private:
  static void work(void *object) { static_cast<Poller *>(object)->loop(); }
  void loop() {
    while (!stopping_) // RACE(stopping)
      ++turns_;
  }
  bool stopping_ = false;
  long turns_ = 0;
  Thread worker_;
};

int main() {
  Poller poller;
  poller.start();
}
