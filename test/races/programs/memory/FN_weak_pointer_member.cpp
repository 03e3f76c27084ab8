// What a weak_ptr gives is the object of the shared_ptr that it was made from.
#include <memory>
#include <thread>

struct Data {
  explicit Data(const std::shared_ptr<int> &id) : id_(id) {}
  void run() {
    std::shared_ptr<int> id = id_.lock();
    if (id)
      *id = 7; // RACE(id)
  }
  std::weak_ptr<int> id_;
};

int main() {
  auto id = std::make_shared<int>(0);
  Data data(id);
  std::thread other([&] { data.run(); });
  int seen = *id; // RACE(id)
  other.join();
  return seen;
}
