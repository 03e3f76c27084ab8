// `allow:` in the configuration names functions that count as not blocking; classes that count are an option.
// RUN: %verify %s --config %S/Inputs/allow.yaml
#include "../Inputs/task.h"
#include <filesystem>
#include <thread>

namespace app {
void load_settings() { std::this_thread::sleep_for(std::chrono::seconds(1)); }
void load_users() { std::this_thread::sleep_for(std::chrono::seconds(1)); } // finding: blocking-call-in-coroutine
struct Log {
  void write() { std::this_thread::sleep_for(std::chrono::seconds(1)); }
};
} // namespace app

task<> calls(app::Log log) {
  app::load_settings();
  app::load_users();
  log.write();
  use(std::filesystem::exists("file"));
  co_await tick();
}
