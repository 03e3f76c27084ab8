// The singleton is created safely, but its field is written by every thread that fetches it.
#include <thread>

class Registry {
public:
  static Registry &instance() {
    static Registry registry;
    return registry;
  }
  void add(int n) {
    total_ += n; // RACE(total)
  }
  int total() const { return total_; }

private:
  int total_ = 0;
};

int main() {
  std::thread a([] { Registry::instance().add(1); });
  std::thread b([] { Registry::instance().add(2); });
  a.join();
  b.join();
  return Registry::instance().total() > 3;
}
