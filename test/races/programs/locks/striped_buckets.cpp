// The stripe of a key guards the bucket of that key; stripe and bucket are chosen by the same expression: no race.
#include <mutex>
#include <thread>
#include <vector>

class Table {
public:
  void put(unsigned key) {
    unsigned at = key % 4;
    std::lock_guard<std::mutex> lock(stripes_[at]);
    buckets_[at].push_back(key);
  }

private:
  std::mutex stripes_[4];
  std::vector<unsigned> buckets_[4];
};

int main() {
  Table table;
  auto fill = [&table] {
    for (unsigned key = 0; key < 20; ++key)
      table.put(key);
  };
  std::thread a(fill), b(fill);
  a.join();
  b.join();
  return 0;
}
