// The object is given by value: the thread runs the member function on its own copy. No race.
#include <thread>

class Counter {
public:
  void run() {
    for (int i = 0; i < 10; ++i)
      ++value_;
  }
  int value() const { return value_; }

private:
  int value_ = 0;
};

int main() {
  Counter counter;
  std::thread thread(&Counter::run, counter);
  int seen = counter.value();
  thread.join();
  return seen;
}
