// The count is a plain int: it races itself.
#include <thread>

class Shared {
public:
  bool release() {
    return --count_ == 0; // RACE(count)
  }

private:
  int count_ = 3;
};

int main() {
  Shared shared;
  std::thread thread([&shared] { shared.release(); });
  shared.release();
  thread.join();
  return 0;
}
