// The field is declared guarded by the mutex, and read without it.
class __attribute__((capability("mutex"))) Mutex {
public:
  void lock() __attribute__((acquire_capability()));
  void unlock() __attribute__((release_capability()));
};

class Valve {
public:
  void open() {
    mutex_.lock();
    level_ = 10; // RACE(level)
    mutex_.unlock();
  }
  int level() {
    return level_; // RACE(level)
  }

private:
  Mutex mutex_;
  int level_ __attribute__((guarded_by(mutex_))) = 0;
};

int use(Valve &valve);
int use(Valve &valve) {
  valve.open();
  return valve.level();
}
