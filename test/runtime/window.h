// Widens the windows of races (detail/test_window.h): whoever comes to a named place waits there until the test says
// that it took away what it could, or for 20 ms: where the runtime is right, the test waits for that thread.
#ifndef TENTERHOOK_TEST_RUNTIME_WINDOW_H
#define TENTERHOOK_TEST_RUNTIME_WINDOW_H

#include <tenterhook/detail/test_window.h>

#include <atomic>
#include <chrono>
#include <string_view>
#include <thread>

namespace tenterhook::test {

// While it lives, threads other than its own wait at the places whose names begin with `at`.
class widened {
public:
  explicit widened(std::string_view at) {
    place = at;
    owner = std::this_thread::get_id();
    gone = false;
    came = 0;
    tenterhook::detail::test_window = [](const char *here) noexcept {
      if (std::this_thread::get_id() == owner || !std::string_view(here).starts_with(place))
        return;
      ++came;
      for (auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(20);
           !gone && std::chrono::steady_clock::now() < end;)
        std::this_thread::yield();
    };
  }
  widened(const widened &) = delete;
  ~widened() { tenterhook::detail::test_window = nullptr; }

  // What the waiting thread must not touch any more does not exist any more.
  static void taken_away() { gone = true; }
  static void again() { gone = false; }
  // How many came by: a test without any shows nothing.
  static int visits() { return came; }

private:
  static inline std::string_view place;
  static inline std::thread::id owner;
  static inline std::atomic<bool> gone{false};
  static inline std::atomic<int> came{0};
};

} // namespace tenterhook::test

#endif
