// Each connection's thread takes itself off the server's list when it ends, without the server's lock.
#include <list>
#include <mutex>
#include <thread>
#include <vector>

class Server {
public:
  void accept(int id) {
    std::lock_guard<std::mutex> lock(mutex_);
    open_.push_back(id); // RACE(open)
    threads_.emplace_back([this, id] { close(id); });
  }
  void finish() {
    for (auto &thread : threads_)
      thread.join();
  }

private:
  void close(int id) {
    open_.remove(id); // RACE(open)
  }
  std::mutex mutex_;
  std::list<int> open_;
  std::vector<std::thread> threads_;
};

int main() {
  Server server;
  for (int id = 0; id < 3; ++id)
    server.accept(id);
  server.finish();
  return 0;
}
