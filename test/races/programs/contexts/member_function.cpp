// The thread runs a member function on the same object that main goes on using.
#include <thread>

class Counter {
public:
  void run() {
    for (int i = 0; i < 10; ++i)
      ++value_; // RACE(value)
  }
  int value() const {
    return value_; // RACE(value)
  }

private:
  int value_ = 0;
};

int main() {
  Counter counter;
  std::thread thread(&Counter::run, &counter);
  int seen = counter.value();
  thread.join();
  return seen > 10;
}
