// The option `classes` says which kinds of blocking count; computing counts only so, or by an annotation.
// RUN: %verify %s --option blocking-call-in-coroutine.classes=disk,cpu --config %S/Inputs/cpu.yaml -- -isystem %S/Inputs/include
#include "../Inputs/task.h"
#include <filesystem>
#include <thread>

namespace app {
void compress();
[[clang::annotate("tenterhook::blocking")]] void decompress();
} // namespace app
task<> of_each_kind() {
  use(std::filesystem::exists("file")); // finding: blocking-call-in-coroutine
  std::this_thread::sleep_for(std::chrono::seconds(1));
  app::compress();   // finding: blocking-call-in-coroutine "Run this part on a thread pool and await that."
  app::decompress(); // finding: blocking-call-in-coroutine
  co_await tick();
}
