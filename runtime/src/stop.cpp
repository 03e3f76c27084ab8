// Requests that are forwarded from scope to scope, without recursion.
#include <tenterhook/stop.h>

#include <new>
#include <utility>
#include <vector>

namespace tenterhook::detail {

void request_stop(std::stop_source source) noexcept {
  constexpr unsigned deepest = 32;
  struct forwarding {
    unsigned depth = 0;
    std::vector<std::stop_source> put_off;
  };
  static thread_local forwarding mine;
  if (mine.depth == deepest) {
    try {
      mine.put_off.push_back(std::move(source));
      return;
    } catch (const std::bad_alloc &) { // then deeper, as long as the stack lasts
    }
  }
  ++mine.depth;
  source.request_stop();
  if (mine.depth == deepest)
    while (!mine.put_off.empty()) {
      std::stop_source next = std::move(mine.put_off.back());
      mine.put_off.pop_back();
      next.request_stop();
    }
  --mine.depth;
}

} // namespace tenterhook::detail
