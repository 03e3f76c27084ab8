// The destructor joins first and resets afterwards: no race.
#include <thread>

class Session {
public:
  void run() {
    thread_ = std::thread([this] { open_++; });
  }
  ~Session() {
    if (thread_.joinable())
      thread_.join();
    open_ = 0;
  }

private:
  int open_ = 1;
  std::thread thread_;
};

int main() {
  Session session;
  session.run();
  return 0;
}
