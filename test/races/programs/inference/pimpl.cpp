// Mutex and field lie behind one pointer to the implementation; one method forgets the lock.
#include <memory>
#include <mutex>

class Client {
public:
  Client();
  ~Client();
  void connect();
  void disconnect();
  int connections();
  bool busy();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct Client::Impl {
  std::mutex mutex;
  int open = 0;
};

Client::Client() : impl_(std::make_unique<Impl>()) {}
Client::~Client() = default;

void Client::connect() {
  std::lock_guard<std::mutex> lock(impl_->mutex);
  impl_->open++; // RACE(open)
}

void Client::disconnect() {
  std::lock_guard<std::mutex> lock(impl_->mutex);
  impl_->open--; // RACE(open)
}

int Client::connections() {
  std::lock_guard<std::mutex> lock(impl_->mutex);
  return impl_->open;
}

bool Client::busy() {
  return impl_->open > 3; // RACE(open)
}
