// The semaphore begins at 0 and is released after the write: acquire() comes after it, no race.
#include <semaphore>
#include <thread>

static int message;

int main() {
  std::binary_semaphore sent(0);
  std::thread sender([&sent] {
    message = 5;
    sent.release();
  });
  sent.acquire();
  int got = message;
  sender.join();
  return got == 5 ? 0 : 1;
}
