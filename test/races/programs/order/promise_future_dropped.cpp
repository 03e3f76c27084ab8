// Unlike async's, the destructor of a promise's future does not wait.
#include <future>
#include <thread>

static int value;

int main() {
  std::promise<void> done;
  std::thread worker;
  {
    std::future<void> dropped = done.get_future();
    worker = std::thread([&done] {
      value = 3; // RACE(value)
      done.set_value();
    });
  }
  value++; // RACE(value)
  worker.join();
  return 0;
}
