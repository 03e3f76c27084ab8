// The semaphore begins at 1: acquire() does not wait for the sender.
#include <semaphore>
#include <thread>

static int message;

int main() {
  std::counting_semaphore<4> sent(1);
  std::thread sender([&sent] {
    message = 5; // RACE(message)
    sent.release();
  });
  sent.acquire();
  int got = message; // RACE(message)
  sender.join();
  return got > 5;
}
