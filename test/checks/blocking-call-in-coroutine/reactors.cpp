// Event loops that look up who is to be called for a descriptor (a reactor), in whatever thread.
// RUN: %verify %s
#include <functional>
#include <map>
#include <memory>
#include <mutex>
#include <sys/epoll.h>
#include <thread>
using namespace std::chrono_literals;
struct Handlers {
  int fd;
  std::function<void(int)> on_read;
};
struct Engine {
  std::map<int, Handlers> handlers_;
  int epoll_ = epoll_create1(0);
  void add(const Handlers &h) { handlers_.emplace(h.fd, h); }
  void remove(int fd) { handlers_.erase(fd); }
  Handlers *find(int fd) {
    auto it = handlers_.find(fd);
    return it == handlers_.end() ? nullptr : &it->second;
  }
  void run() {
    for (;;) {
      epoll_event events[8];
      int n = epoll_wait(epoll_, events, 8, 1000);
      for (int i = 0; i < n; ++i)
        if (Handlers *h = find(events[i].data.fd))
          h->on_read(h->fd);
    }
  }
};
void slow(int) { std::this_thread::sleep_for(1s); } // finding: blocking-call-in-coroutine "a callback of an event loop"
int main() {
  Engine engine;
  engine.add({3, [](int) { slow(3); }});
  engine.run();
}

// What is called in another cycle than the one that waits is no handler.
std::map<int, std::function<void()>> clean_up;
void waits_and_then_cleans_up() {
  clean_up[1] = [] { std::this_thread::sleep_for(std::chrono::seconds(1)); };
  epoll_event event;
  for (int i = 0; i < 100; ++i)
    epoll_wait(3, &event, 1, -1);
  for (auto &[number, f] : clean_up)
    f();
}
