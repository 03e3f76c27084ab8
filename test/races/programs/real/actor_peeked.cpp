// The same actor, but the balance is asked from outside while it runs.
#include <chrono>
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

class Account {
public:
  Account() : thread_([this] { run(); }) {}
  ~Account() {
    send(0);
    thread_.join();
  }
  void send(int amount) {
    std::lock_guard<std::mutex> lock(mutex_);
    mailbox_.push_back(amount);
    arrived_.notify_one();
  }
  int balance() const {
    return balance_; // RACE(balance)
  }

private:
  void run() {
    for (;;) {
      std::unique_lock<std::mutex> lock(mutex_);
      arrived_.wait(lock, [this] { return !mailbox_.empty(); });
      int amount = mailbox_.front();
      mailbox_.pop_front();
      lock.unlock();
      if (amount == 0)
        return;
      balance_ += amount; // RACE(balance)
    }
  }
  std::mutex mutex_;
  std::condition_variable arrived_;
  std::deque<int> mailbox_;
  int balance_ = 0;
  std::thread thread_;
};

int main() {
  Account account;
  account.send(5);
  std::this_thread::sleep_for(std::chrono::milliseconds(20));
  return account.balance() > 5;
}
