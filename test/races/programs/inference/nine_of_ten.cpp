// Nine places hold the mutex, the tenth does not.
#include <mutex>

class State {
public:
  void a() {
    std::lock_guard<std::mutex> lock(mutex_);
    mode_ = 1;      // RACE(mode)
    mode_ += step_; // RACE(mode)
  }
  void b() {
    std::lock_guard<std::mutex> lock(mutex_);
    mode_ = 2;      // RACE(mode)
    mode_ *= step_; // RACE(mode)
  }
  void c() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (mode_ > 5) // RACE(mode)
      mode_ = 0;   // RACE(mode)
    --mode_;       // RACE(mode)
  }
  int d() {
    std::lock_guard<std::mutex> lock(mutex_);
    return mode_ * mode_; // RACE(mode)
  }
  void reset() {
    mode_ = 0; // RACE(mode)
  }

private:
  std::mutex mutex_;
  const int step_ = 2;
  int mode_ = 0;
};

int use(State &state);
int use(State &state) {
  state.a();
  state.b();
  state.c();
  state.reset();
  return state.d();
}
