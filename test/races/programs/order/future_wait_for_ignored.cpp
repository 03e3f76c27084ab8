// wait_for may time out, and nobody looks whether it did.
#include <chrono>
#include <future>
#include <thread>

static int filled;

int main() {
  auto ready = std::async(std::launch::async, [] {
    std::this_thread::sleep_for(std::chrono::milliseconds(60));
    filled = 1; // RACE(filled)
  });
  ready.wait_for(std::chrono::milliseconds(10));
  int seen = filled; // RACE(filled)
  ready.get();
  return seen > 1;
}
