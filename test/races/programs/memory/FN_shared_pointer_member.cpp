// A shared_ptr that a constructor copies into a member leads to the same object.
#include <memory>
#include <thread>

struct Data {
  explicit Data(const std::shared_ptr<int> &id) : id_(id) {}
  void run() {
    std::shared_ptr<int> id = id_;
    if (id)
      *id = 7; // RACE(id)
  }
  std::shared_ptr<int> id_;
};

int main() {
  auto id = std::make_shared<int>(0);
  Data data(id);
  std::thread other([&] { data.run(); });
  int seen = *id; // RACE(id)
  other.join();
  return seen;
}
