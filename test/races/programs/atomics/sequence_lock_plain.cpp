// A sequence lock whose data is plain: the reader throws the torn value away, but it has read it while it was written.
#include <atomic>
#include <thread>

static std::atomic<unsigned> sequence{0};
static int data;
static std::atomic<bool> begun{false};

static void write(int value) {
  sequence.fetch_add(1);
  data = value; // RACE(data)
  sequence.fetch_add(1);
}

static int read() {
  for (;;) {
    unsigned before = sequence.load();
    int value = data; // RACE(data)
    if (before % 2 == 0 && sequence.load() == before)
      return value;
  }
}

int main() {
  int seen = 0;
  std::thread reader([&seen] {
    while (seen < 20) {
      seen = read();
      begun.store(true, std::memory_order_relaxed);
    }
  });
  while (!begun.load(std::memory_order_relaxed))
    std::this_thread::yield();
  for (int i = 0; i <= 20; ++i)
    write(i);
  reader.join();
  return seen > 20;
}
