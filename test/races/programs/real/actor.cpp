// An actor: the mailbox is locked, everything else belongs to the actor's own thread. No race.
#include <condition_variable>
#include <deque>
#include <mutex>
#include <thread>

class Account {
public:
  Account() : thread_([this] { run(); }) {}
  int close() {
    send(0);
    thread_.join();
    return balance_;
  }
  void send(int amount) {
    std::lock_guard<std::mutex> lock(mutex_);
    mailbox_.push_back(amount);
    arrived_.notify_one();
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
      balance_ += amount;
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
  account.send(-2);
  return account.close() == 3 ? 0 : 1;
}
