// Two handlers ask for a file. In the first the call itself stands, so the count is the handler's; the second calls a
// function that main() calls as well, and the count does not say who did. Fast calls, all of them.
#include "asio.h"
#include <filesystem>

static bool has_settings(const char *path) {
  // verdict: blocking-call-in-coroutine inconclusive "'stat' was called 4 times here, never longer than"
  return std::filesystem::exists(path);
}

int main() {
  asio::io_context io;
  asio::steady_timer timer(io, 1ms), later(io, 2ms);
  bool any = false;
  timer.async_wait([&](const std::error_code &) {
    any |= std::filesystem::is_directory("/"); // verdict: blocking-call-in-coroutine contradicted "reached once: never"
  });
  later.async_wait([&](const std::error_code &) { any |= has_settings("/none"); });
  for (int i = 0; i < 3; ++i) any |= has_settings("/none");
  io.run();
  return any ? 0 : 1;
}
