// steal() locks the other object only, and writes its own field as well.
#include <mutex>

class Purse {
public:
  void earn(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    coins_ += n; // RACE(coins)
  }
  void spend(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    coins_ -= n; // RACE(coins)
  }
  int coins() {
    std::lock_guard<std::mutex> lock(mutex_);
    return coins_; // RACE(coins)
  }
  void steal(Purse &from) {
    std::lock_guard<std::mutex> lock(from.mutex_);
    from.coins_ -= 1; // RACE(coins)
    coins_ += 1;      // RACE(coins)
  }

private:
  std::mutex mutex_;
  int coins_ = 0;
};

int use(Purse &one, Purse &two);
int use(Purse &one, Purse &two) {
  one.earn(3);
  two.steal(one);
  one.spend(1);
  return two.coins();
}
