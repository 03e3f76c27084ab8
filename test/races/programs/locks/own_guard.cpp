// A guard class of one's own: the constructor locks, the destructor unlocks. No race.
#include <pthread.h>
#include <thread>

class Hold {
public:
  explicit Hold(pthread_mutex_t &mutex) : mutex_(mutex) { pthread_mutex_lock(&mutex_); }
  ~Hold() { pthread_mutex_unlock(&mutex_); }
  Hold(const Hold &) = delete;

private:
  pthread_mutex_t &mutex_;
};

static pthread_mutex_t mutex = PTHREAD_MUTEX_INITIALIZER;
static int count;

static void add() {
  Hold hold(mutex);
  ++count;
}

int main() {
  std::thread a(add), b(add);
  a.join();
  b.join();
  return count == 2 ? 0 : 1;
}
