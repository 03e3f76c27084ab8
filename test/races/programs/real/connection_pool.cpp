// A connection is taken out of the pool under the lock and is used by its taker alone until it is given back: no race.
#include <memory>
#include <mutex>
#include <thread>
#include <vector>

struct Connection {
  int queries = 0;
};

class Pool {
public:
  Pool() {
    for (int i = 0; i < 2; ++i)
      free_.push_back(std::make_unique<Connection>());
  }
  std::unique_ptr<Connection> take() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (free_.empty())
      return nullptr;
    auto taken = std::move(free_.back());
    free_.pop_back();
    return taken;
  }
  void give_back(std::unique_ptr<Connection> connection) {
    std::lock_guard<std::mutex> lock(mutex_);
    free_.push_back(std::move(connection));
  }

private:
  std::mutex mutex_;
  std::vector<std::unique_ptr<Connection>> free_;
};

int main() {
  Pool pool;
  auto query = [&pool] {
    if (auto connection = pool.take()) {
      connection->queries++;
      pool.give_back(std::move(connection));
    }
  };
  std::thread a(query), b(query);
  a.join();
  b.join();
  return 0;
}
