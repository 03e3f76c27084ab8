// A node is filled, then linked in by compare_exchange (release); whoever takes the whole list acquires it. No race.
#include <atomic>
#include <thread>

struct Node {
  int value;
  Node *next;
};

static std::atomic<Node *> top{nullptr};

static void push(Node *node, int value) {
  node->value = value;
  node->next = top.load(std::memory_order_relaxed);
  while (!top.compare_exchange_weak(node->next, node, std::memory_order_release, std::memory_order_relaxed)) {
  }
}

int main() {
  Node nodes[2];
  int sum = 0;
  std::thread a([&nodes] { push(&nodes[0], 1); });
  std::thread b([&nodes] { push(&nodes[1], 2); });
  for (Node *at = top.exchange(nullptr, std::memory_order_acquire); at != nullptr; at = at->next)
    sum += at->value;
  a.join();
  b.join();
  return sum > 3;
}
