// A function starts the thread and returns its handle; the caller joins it before it looks: no race.
#include <thread>

static int loaded;

static std::thread start_loading(int count) {
  return std::thread([count] { loaded = count; });
}

int main() {
  std::thread loading = start_loading(12);
  loading.join();
  return loaded == 12 ? 0 : 1;
}
