// One more handler is put into the map when the server's thread is already looking.
#include <functional>
#include <map>
#include <string>
#include <thread>

class Server {
public:
  void on(const std::string &command, std::function<int(int)> handler) {
    handlers_[command] = std::move(handler); // RACE(handlers)
  }
  void start() {
    thread_ = std::thread([this] {
      for (const char *command : {"double", "none"})
        if (handlers_.count(command) > 0) // RACE(handlers)
          ++known_;
    });
  }
  int stop() {
    thread_.join();
    return known_;
  }

private:
  std::map<std::string, std::function<int(int)>> handlers_;
  std::thread thread_;
  int known_ = 0;
};

int main() {
  Server server;
  server.on("double", [](int n) { return 2 * n; });
  server.start();
  server.on("triple", [](int n) { return 3 * n; });
  return server.stop() > 2;
}
