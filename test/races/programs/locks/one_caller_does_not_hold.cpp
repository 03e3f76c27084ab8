// The helper does not lock; one of its callers does, the other one does not.
#include <mutex>
#include <thread>

class Account {
public:
  void deposit(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    change(n);
  }
  void correct(int n) { change(n); }

private:
  void change(int n) {
    balance_ += n; // RACE(balance)
  }
  std::mutex mutex_;
  int balance_ = 0;
};

int main() {
  Account account;
  std::thread a([&account] { account.deposit(5); });
  std::thread b([&account] { account.correct(3); });
  a.join();
  b.join();
  return 0;
}
