// Each caller has a once_flag of its own, so the initialisation runs twice, in two threads.
#include <mutex>
#include <thread>

static int table;

static void prepare(std::once_flag &flag) {
  std::call_once(flag, [] {
    table++; // RACE(table)
  });
}

int main() {
  std::once_flag mine, other;
  std::thread first([&mine] { prepare(mine); });
  std::thread second([&other] { prepare(other); });
  first.join();
  second.join();
  return table > 2;
}
