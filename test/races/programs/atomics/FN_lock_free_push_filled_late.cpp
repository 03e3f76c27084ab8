// The node is linked in first and filled afterwards.
#include <atomic>
#include <thread>

struct Node {
  int value = 0;
  Node *next = nullptr;
};

static std::atomic<Node *> top{nullptr};

static void push(Node *node, int value) {
  node->next = top.load();
  while (!top.compare_exchange_weak(node->next, node)) {
  }
  node->value = value; // RACE(value)
}

int main() {
  Node node;
  std::thread pusher([&node] { push(&node, 1); });
  Node *taken = nullptr;
  while ((taken = top.exchange(nullptr)) == nullptr)
    std::this_thread::yield();
  int seen = taken->value; // RACE(value)
  pusher.join();
  return seen > 1;
}
