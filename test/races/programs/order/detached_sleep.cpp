// The thread is detached, and sleeping for "long enough" orders nothing.
#include <chrono>
#include <thread>

static int answer;

int main() {
  std::thread([] {
    answer = 42; // RACE(answer)
  }).detach();
  std::this_thread::sleep_for(std::chrono::milliseconds(50));
  return answer == 0; // RACE(answer)
}
