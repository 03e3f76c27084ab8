// What is given to a callable by pointer is only read, if that is all that its body does.
#include <functional>
#include <thread>

struct Box {
  int size = 3;
};

int main() {
  Box box;
  const std::function<void(Box *)> look = [](Box *seen) { (void)seen->size; };
  std::thread other([&] { look(&box); });
  look(&box);
  other.join();
}
