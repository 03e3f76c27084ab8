// The same with the lock in every method: no race.
#include <memory>
#include <mutex>

class Client {
public:
  Client();
  ~Client();
  void connect();
  bool busy();

private:
  struct Impl;
  std::unique_ptr<Impl> impl_;
};

struct Client::Impl {
  std::mutex mutex;
  int open = 0;
};

Client::Client() : impl_(std::make_unique<Impl>()) { impl_->open = 1; }
Client::~Client() = default;

void Client::connect() {
  std::lock_guard<std::mutex> lock(impl_->mutex);
  impl_->open++;
}

bool Client::busy() {
  std::lock_guard<std::mutex> lock(impl_->mutex);
  return impl_->open > 3;
}
