// wait() is as good as get(): no race.
#include <future>
#include <string>

int main() {
  std::string text;
  auto ready = std::async(std::launch::async, [&text] { text = "filled by the task"; });
  ready.wait();
  return text.empty();
}
