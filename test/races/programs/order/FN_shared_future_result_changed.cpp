// get() of a shared_future returns a reference to one shared object; one of the readers changes what it points to.
#include <future>
#include <memory>
#include <thread>

int main() {
  std::promise<std::shared_ptr<int>> made;
  std::shared_future<std::shared_ptr<int>> ready = made.get_future().share();
  int seen = 0;
  std::thread first([ready] {
    *ready.get() += 1; // RACE(pointee)
  });
  std::thread second([&seen, ready] {
    seen = *ready.get(); // RACE(pointee)
  });
  made.set_value(std::make_shared<int>(10));
  first.join();
  second.join();
  return seen > 11;
}
