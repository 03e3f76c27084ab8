// The handlers are put into the map before the server's thread starts; it only looks them up: no race.
#include <functional>
#include <map>
#include <string>
#include <thread>

class Server {
public:
  void on(const std::string &command, std::function<int(int)> handler) { handlers_[command] = std::move(handler); }
  void start() {
    thread_ = std::thread([this] {
      for (const char *command : {"double", "none"}) {
        auto found = handlers_.find(command);
        if (found != handlers_.end())
          last_ = found->second(4);
      }
    });
  }
  int stop() {
    thread_.join();
    return last_;
  }

private:
  std::map<std::string, std::function<int(int)>> handlers_;
  std::thread thread_;
  int last_ = 0;
};

int main() {
  Server server;
  server.on("double", [](int n) { return 2 * n; });
  server.start();
  return server.stop() == 8 ? 0 : 1;
}
