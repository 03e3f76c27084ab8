// The connection is given back to the pool, and then used once more through a pointer that was kept.
#include <chrono>
#include <mutex>
#include <thread>
#include <vector>

struct Connection {
  int queries = 0;
};

class Pool {
public:
  explicit Pool(Connection &only) { free_.push_back(&only); }
  Connection *take() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (free_.empty())
      return nullptr;
    Connection *taken = free_.back();
    free_.pop_back();
    return taken;
  }
  void give_back(Connection *connection) {
    std::lock_guard<std::mutex> lock(mutex_);
    free_.push_back(connection);
  }

private:
  std::mutex mutex_;
  std::vector<Connection *> free_;
};

int main() {
  Connection only;
  Pool pool(only);
  auto query = [&pool] {
    Connection *mine = nullptr;
    while ((mine = pool.take()) == nullptr)
      std::this_thread::yield();
    pool.give_back(mine);
    std::this_thread::sleep_for(std::chrono::milliseconds(20));
    mine->queries++; // RACE(queries)
  };
  std::thread a(query), b(query);
  a.join();
  b.join();
  return only.queries > 2;
}
