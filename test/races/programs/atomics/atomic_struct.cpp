// A whole struct in one atomic: loads and stores copy it as one. No race.
#include <atomic>
#include <thread>

struct Point {
  short x = 0, y = 0;
};

static std::atomic<Point> cursor;

int main() {
  std::thread thread([] { cursor.store(Point{3, 4}); });
  Point seen = cursor.load();
  thread.join();
  return seen.x * 4 == seen.y * 3 ? 0 : 1;
}
