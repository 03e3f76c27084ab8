// The mutex is fetched through an accessor, the field through another one: no race.
#include <mutex>
#include <thread>

class Store {
public:
  std::mutex &guard() { return mutex_; }
  int &items() { return items_; }

private:
  std::mutex mutex_;
  int items_ = 0;
};

int main() {
  Store store;
  auto add = [&store] {
    std::lock_guard<std::mutex> lock(store.guard());
    store.items()++;
  };
  std::thread a(add), b(add);
  a.join();
  b.join();
  return store.items() == 2 ? 0 : 1;
}
