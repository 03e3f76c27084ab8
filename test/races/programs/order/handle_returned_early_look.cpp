// A function starts the thread and returns its handle; the caller looks first and joins then.
#include <thread>

static int loaded;

static std::thread start_loading(int count) {
  return std::thread([count] {
    loaded = count; // RACE(loaded)
  });
}

int main() {
  std::thread loading = start_loading(12);
  bool early = loaded == 12; // RACE(loaded)
  loading.join();
  return early && loaded != 12;
}
