// The derived class touches the protected field of its base without the base's mutex.
#include <mutex>

class Account {
public:
  virtual ~Account() = default;
  void deposit(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    balance_ += n; // RACE(balance)
  }
  void withdraw(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    balance_ -= n; // RACE(balance)
  }
  int balance() {
    std::lock_guard<std::mutex> lock(mutex_);
    return balance_; // RACE(balance)
  }

protected:
  std::mutex mutex_;
  int balance_ = 0;
};

class Savings : public Account {
public:
  void add_interest() {
    balance_ += balance_ / 50; // RACE(balance)
  }
};

void use(Savings &savings);
void use(Savings &savings) { savings.add_interest(); }
