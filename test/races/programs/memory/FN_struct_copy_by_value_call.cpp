// Passing the struct by value copies it, at the call.
#include <thread>

struct Point {
  int x = 0, y = 0;
};

static Point cursor;

static int sum(Point point) { return point.x + point.y; }

int main() {
  std::thread thread([] {
    cursor.x = 4; // RACE(cursor)
  });
  int seen = sum(cursor); // RACE(cursor)
  thread.join();
  return seen > 4;
}
