// The constructor starts the thread and writes a field after that.
#include <thread>

class Server {
public:
  Server() {
    thread_ = std::thread([this] { serve(); });
    port_ = 80; // RACE(port)
  }
  ~Server() { thread_.join(); }

private:
  void serve() {
    served_ = port_; // RACE(port)
  }
  int port_ = 0, served_ = 0;
  std::thread thread_;
};

int main() {
  Server server;
  return 0;
}
