// The read happens only if wait_for says that the task is ready: no race.
#include <chrono>
#include <future>

static int filled;

int main() {
  auto ready = std::async(std::launch::async, [] { filled = 1; });
  int seen = 0;
  while (seen == 0)
    if (ready.wait_for(std::chrono::milliseconds(5)) == std::future_status::ready)
      seen = filled;
  return seen == 1 ? 0 : 1;
}
