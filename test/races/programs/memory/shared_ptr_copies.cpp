// Copies of a shared_ptr are made and dropped in both threads: the reference count is atomic, the pointee only read. No race.
#include <memory>
#include <thread>

int main() {
  auto config = std::make_shared<const int>(4);
  int seen = 0;
  std::thread thread([config, &seen] {
    auto mine = config;
    seen = *mine;
    mine.reset();
  });
  auto other = config;
  config.reset();
  int here = *other;
  thread.join();
  return seen == here ? 0 : 1;
}
