// The same with the lock in close(): no race.
#include <list>
#include <mutex>
#include <thread>
#include <vector>

class Server {
public:
  void accept(int id) {
    std::lock_guard<std::mutex> lock(mutex_);
    open_.push_back(id);
    threads_.emplace_back([this, id] { close(id); });
  }
  void finish() {
    for (auto &thread : threads_)
      thread.join();
  }

private:
  void close(int id) {
    std::lock_guard<std::mutex> lock(mutex_);
    open_.remove(id);
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
