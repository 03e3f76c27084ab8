// The constructor fills every field before it starts the thread in its last statement: no race.
#include <thread>

class Server {
public:
  Server() {
    port_ = 80;
    name_ = "web";
    thread_ = std::thread([this] { serve(); });
  }
  ~Server() { thread_.join(); }

private:
  void serve() { served_ = port_ + (name_ != nullptr); }
  int port_, served_ = 0;
  const char *name_;
  std::thread thread_;
};

int main() {
  Server server;
  return 0;
}
