// The last release destroys the object: acq_rel on the count passes the other's last writes on. No race.
#include <atomic>
#include <thread>

class Shared {
public:
  void release() {
    if (count_.fetch_sub(1, std::memory_order_acq_rel) == 1)
      delete this;
  }
  int left = 0, right = 0;

private:
  ~Shared() { left = right = -1; }
  std::atomic<int> count_{2};
};

int main() {
  auto *shared = new Shared;
  std::thread thread([shared] {
    shared->left = 1;
    shared->release();
  });
  shared->right = 2;
  shared->release();
  thread.join();
  return 0;
}
