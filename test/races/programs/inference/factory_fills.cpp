// The factory writes the fields of an object that it has just made and nobody else knows: no race.
#include <memory>
#include <mutex>

class Session {
public:
  static std::shared_ptr<Session> open(int user) {
    auto session = std::make_shared<Session>();
    session->user_ = user;
    session->requests_ = 1;
    return session;
  }
  void request() {
    std::lock_guard<std::mutex> lock(mutex_);
    ++requests_;
  }
  int requests() {
    std::lock_guard<std::mutex> lock(mutex_);
    return requests_ + user_;
  }

private:
  std::mutex mutex_;
  int user_ = 0, requests_ = 0;
};

int use(int user);
int use(int user) {
  auto session = Session::open(user);
  session->request();
  return session->requests();
}
