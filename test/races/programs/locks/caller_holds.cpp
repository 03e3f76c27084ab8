// The helper does not lock, but each of its callers does: no race.
#include <mutex>
#include <thread>

class Account {
public:
  void deposit(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    change(n);
  }
  void withdraw(int n) {
    std::lock_guard<std::mutex> lock(mutex_);
    change(-n);
  }

private:
  void change(int n) { balance_ += n; }
  std::mutex mutex_;
  int balance_ = 0;
};

int main() {
  Account account;
  std::thread a([&account] { account.deposit(5); });
  std::thread b([&account] { account.withdraw(3); });
  a.join();
  b.join();
  return 0;
}
