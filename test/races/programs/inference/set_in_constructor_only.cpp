// The name is written by the constructor only and read without the mutex; what changes is guarded: no race.
#include <mutex>
#include <string>
#include <utility>

class Channel {
public:
  explicit Channel(std::string name) : name_(std::move(name)) {}
  const std::string &name() const { return name_; }
  void send() {
    std::lock_guard<std::mutex> lock(mutex_);
    if (!name_.empty())
      ++sent_;
  }
  int sent() {
    std::lock_guard<std::mutex> lock(mutex_);
    return sent_;
  }

private:
  std::mutex mutex_;
  std::string name_;
  int sent_ = 0;
};

std::size_t use(Channel &channel);
std::size_t use(Channel &channel) {
  channel.send();
  return channel.name().size() + channel.sent();
}
