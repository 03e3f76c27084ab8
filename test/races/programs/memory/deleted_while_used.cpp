// The object is deleted while the thread still counts in it.
#include <thread>

struct Meter {
  int value = 0;
};

int main() {
  auto *meter = new Meter;
  std::thread thread([meter] {
    meter->value++; // RACE(meter)
  });
  delete meter; // RACE(meter)
  thread.join();
  return 0;
}
