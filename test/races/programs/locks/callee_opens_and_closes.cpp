// The callee gives up its caller's lock for a while and takes it again; the field that it writes meanwhile is unguarded.
#include <chrono>
#include <mutex>
#include <thread>

static std::mutex mutex;
static int queued, written;

static void flush() {
  mutex.unlock();
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  written++; // RACE(written)
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  mutex.lock();
}

static void push() {
  mutex.lock();
  if (++queued > 0)
    flush();
  queued--;
  mutex.unlock();
}

int main() {
  std::thread a(push), b(push);
  a.join();
  b.join();
  return queued + written > 2;
}
