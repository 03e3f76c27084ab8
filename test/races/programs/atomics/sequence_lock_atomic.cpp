// A sequence lock whose data is a relaxed atomic: no race.
#include <atomic>
#include <thread>

static std::atomic<unsigned> sequence{0};
static std::atomic<int> data{0};

static void write(int value) {
  sequence.fetch_add(1);
  data.store(value, std::memory_order_relaxed);
  sequence.fetch_add(1);
}

static int read() {
  for (;;) {
    unsigned before = sequence.load();
    int value = data.load(std::memory_order_relaxed);
    if (before % 2 == 0 && sequence.load() == before)
      return value;
  }
}

int main() {
  int seen = 0;
  std::thread reader([&seen] { seen = read(); });
  write(4);
  reader.join();
  return seen > 4;
}
