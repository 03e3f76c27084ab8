// The object is filled first, but the pointer that publishes it is plain: the pointer races, and with it the object.
#include <thread>

struct Config {
  int width = 0;
};

static Config *current;

int main() {
  int width = 0;
  std::thread reader([&width] {
    Config *seen = current; // RACE(current)
    if (seen)
      width = seen->width; // RACE(width)
  });
  Config *fresh = new Config; // RACE(width)
  fresh->width = 3;           // RACE(width)
  current = fresh;            // RACE(current)
  reader.join();
  delete fresh;
  return width > 3;
}
