// A lazily set pointer without any lock: two threads may both find it empty.
#include <thread>

class Registry {
public:
  static Registry *get() {
    if (!instance_)             // RACE(instance)
      instance_ = new Registry; // RACE(instance)
    return instance_;           // RACE(instance)
  }

private:
  static Registry *instance_;
};

Registry *Registry::instance_ = nullptr;

int main() {
  std::thread a([] { Registry::get(); });
  std::thread b([] { Registry::get(); });
  a.join();
  b.join();
  return 0;
}
