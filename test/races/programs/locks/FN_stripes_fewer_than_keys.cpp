// Four stripes, eight buckets, a stripe for every second pair: one bucket is guarded by different stripes in put and drop.
#include <mutex>
#include <thread>

class Table {
public:
  void put(unsigned key) {
    std::lock_guard<std::mutex> lock(stripes_[key % 4]);
    buckets_[key % 8]++; // RACE(bucket)
  }
  void drop(unsigned key) {
    std::lock_guard<std::mutex> lock(stripes_[key / 2 % 4]);
    buckets_[key % 8]--; // RACE(bucket)
  }

private:
  std::mutex stripes_[4];
  int buckets_[8] = {};
};

int main() {
  Table table;
  std::thread a([&table] { table.put(5); });
  std::thread b([&table] { table.drop(5); });
  a.join();
  b.join();
  return 0;
}
