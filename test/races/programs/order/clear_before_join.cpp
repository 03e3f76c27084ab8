// The destructor clears the list and joins only afterwards.
#include <thread>
#include <vector>

class Log {
public:
  Log() : thread_([this] { fill(); }) {}
  ~Log() {
    lines_.clear(); // RACE(lines)
    thread_.join();
  }

private:
  void fill() {
    lines_.push_back(1); // RACE(lines)
  }
  std::vector<int> lines_;
  std::thread thread_;
};

int main() {
  Log log;
  return 0;
}
