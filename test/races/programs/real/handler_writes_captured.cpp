// The handler of a map of callbacks runs in the server's thread and writes what main reads.
#include <functional>
#include <map>
#include <string>
#include <thread>

class Server {
public:
  void on(const std::string &command, std::function<void()> handler) { handlers_[command] = std::move(handler); }
  void start() {
    thread_ = std::thread([this] {
      for (auto &[name, handler] : handlers_)
        handler();
    });
  }
  void stop() { thread_.join(); }

private:
  std::map<std::string, std::function<void()>> handlers_;
  std::thread thread_;
};

int main() {
  int requests = 0;
  Server server;
  server.on("count", [&requests] {
    ++requests; // RACE(requests)
  });
  server.start();
  bool any = requests > 0; // RACE(requests)
  server.stop();
  return any && requests == 0;
}
