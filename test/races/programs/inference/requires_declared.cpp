// The function that touches the field does not lock, but declares that its callers do: no race.
class __attribute__((capability("mutex"))) Mutex {
public:
  void lock() __attribute__((acquire_capability()));
  void unlock() __attribute__((release_capability()));
};

class Valve {
public:
  void open() {
    mutex_.lock();
    set(10);
    mutex_.unlock();
  }
  void close() {
    mutex_.lock();
    set(0);
    mutex_.unlock();
  }
  void set(int level) __attribute__((requires_capability(mutex_))) { level_ = level; }

private:
  Mutex mutex_;
  int level_ __attribute__((guarded_by(mutex_))) = 0;
};

void use(Valve &valve);
void use(Valve &valve) {
  valve.open();
  valve.close();
}
