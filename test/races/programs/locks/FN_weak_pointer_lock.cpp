// lock() of a weak_ptr is no lock: it makes a shared_ptr, and the object is shared all the same.
#include <chrono>
#include <memory>
#include <thread>

struct Node {
  int visits = 0;
};

static void visit(std::weak_ptr<Node> weak) {
  if (auto node = weak.lock()) {
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    node->visits++; // RACE(visits)
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
  }
}

int main() {
  auto node = std::make_shared<Node>();
  std::weak_ptr<Node> weak = node;
  std::thread a(visit, weak), b(visit, weak);
  a.join();
  b.join();
  return node->visits > 2;
}
