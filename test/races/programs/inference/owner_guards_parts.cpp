// The parts have no mutex; the owner's guards them, in all its methods but one.
#include <mutex>

struct Part {
  int uses = 0;
};

class Owner {
public:
  void use_left() {
    std::lock_guard<std::mutex> lock(mutex_);
    left_.uses++; // RACE(left)
  }
  void reset() {
    std::lock_guard<std::mutex> lock(mutex_);
    left_.uses = 0; // RACE(left)
    right_.uses = 0;
  }
  int uses() {
    std::lock_guard<std::mutex> lock(mutex_);
    return left_.uses + right_.uses;
  }
  bool used_left() const {
    return left_.uses > 0; // RACE(left)
  }

private:
  std::mutex mutex_;
  Part left_, right_;
};

bool use(Owner &owner);
bool use(Owner &owner) {
  owner.use_left();
  owner.reset();
  return owner.used_left() && owner.uses() > 0;
}
